"""JSON endpoints for the scripts of the writing form, which also works without them."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from biobank.access import permits
from biobank.accounts.policy import Action
from biobank.records.typed_dates import TYPED_MOST
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.tools.asked import asked
from biobank.web.desk.tools.choices import choices_asked_for
from biobank.web.desk.tools.dates import date_read
from biobank.web.desk.tools.duplicates import suspects_asked_for
from biobank.web.desk.tools.preview import preview_of_sent


@blueprint.get(f"/{LANG}/desk/values.json")
@permits(Action.SEE_DESK)
def desk_values(lang: str) -> ResponseReturnValue:
    return jsonify(choices=choices_asked_for(lang))


@blueprint.get(f"/{LANG}/desk/date.json")
@permits(Action.SEE_DESK)
def desk_date(lang: str) -> ResponseReturnValue:
    # One character beyond the limit, so that a longer text is reported and not cut.
    return jsonify(date_read(asked("text", TYPED_MOST + 1), lang))


@blueprint.post(f"/{LANG}/desk/preview.json")
@permits(Action.SEE_DESK)
def desk_preview_send(lang: str) -> ResponseReturnValue:
    return jsonify(preview_of_sent(lang))


@blueprint.get(f"/{LANG}/desk/duplicates.json")
@permits(Action.SEE_DESK)
def desk_alike(lang: str) -> ResponseReturnValue:
    return jsonify(suspects=suspects_asked_for(lang))
