"""GET /values: autocompletion of facet values."""

from flask import Response
from marshmallow import Schema, fields, validate

from biobank.api.blueprint import conditional_json, document_errors, query_arguments, search
from biobank.api.parameter_schemas import TEXT_METADATA
from biobank.api.schemas import ValuesSchema
from biobank.common.i18n import LANGUAGES
from biobank.http.extensions import services
from biobank.search.facet_value_index import (
    COMPLETABLE_FIELDS,
    DEFAULT_COMPLETIONS,
    MAX_COMPLETIONS,
    FacetValueOption,
)
from biobank.search.request_args import MAX_FACET_VALUE_CHARS


class ValuesArgs(Schema):
    """The facet, the typed text, the language and the maximum number of values."""

    facet = fields.String(required=True, validate=validate.OneOf(COMPLETABLE_FIELDS))
    q = fields.String(
        load_default="", validate=validate.Length(max=MAX_FACET_VALUE_CHARS), metadata=TEXT_METADATA
    )
    lang = fields.String(load_default=LANGUAGES[0], validate=validate.OneOf(LANGUAGES))
    limit = fields.Integer(load_default=DEFAULT_COMPLETIONS, validate=validate.Range(1, MAX_COMPLETIONS))


@search.get("/values")
@query_arguments(search, ValuesArgs)
@search.response(200, ValuesSchema)
@document_errors(search)
def list_values(facet: str, q: str, lang: str, limit: int) -> Response:
    """Return values of a facet that match what was typed, in any of the three languages."""
    matches = services.facet_values.complete(facet, q.strip(), lang, limit)
    return conditional_json({"values": [_value_body(value) for value in matches]})


def _value_body(value: FacetValueOption) -> dict[str, object]:
    body: dict[str, object] = {"id": value.id, "label": value.label, "text": value.text, "note": value.note}
    return body if value.count is None else {**body, "count": value.count}
