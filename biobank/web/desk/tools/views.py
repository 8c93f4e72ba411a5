"""JSON endpoints for the scripts of the writing form, which also works without them."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action
from biobank.http.auth import requires
from biobank.records.date_parser.parser import MAX_TYPED_DATE_CHARS
from biobank.web.core.forms import query_arg
from biobank.web.desk import blueprint
from biobank.web.desk.tools.pages import (
    date_payload,
    preview_payload,
    requested_candidates,
    requested_choices,
)


@blueprint.get("/values.json")
@requires(Action.SEE_DESK)
def values(lang: str) -> ResponseReturnValue:
    return jsonify(choices=requested_choices(lang))


@blueprint.get("/date.json")
@requires(Action.SEE_DESK)
def date(lang: str) -> ResponseReturnValue:
    # One character beyond the limit, so that a longer text is reported and not cut.
    return jsonify(date_payload(query_arg("text", MAX_TYPED_DATE_CHARS + 1), lang))


@blueprint.post("/preview.json")
@requires(Action.SEE_DESK)
def preview_post(lang: str) -> ResponseReturnValue:
    return jsonify(preview_payload(lang))


@blueprint.get("/duplicates.json")
@requires(Action.SEE_DESK)
def duplicate_candidates(lang: str) -> ResponseReturnValue:
    return jsonify(suspects=requested_candidates(lang))
