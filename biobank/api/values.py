"""GET /values: autocompletion of facet values."""

from flask import Response
from marshmallow import Schema, fields, validate

from biobank.api.blueprint import arguments, conditional, documented, search
from biobank.api.schemas import ValuesSchema
from biobank.api.shapes import TEXT
from biobank.extensions import services
from biobank.i18n import LANGUAGES
from biobank.search.args import VALUE_MOST
from biobank.search.known_values import COMPLETED, VALUES_DEFAULT, VALUES_MOST, KnownValue


class ValuesArgs(Schema):
    """The facet, the typed text, the language and the maximum number of values."""

    facet = fields.String(required=True, validate=validate.OneOf(COMPLETED))
    q = fields.String(load_default="", validate=validate.Length(max=VALUE_MOST), metadata=TEXT)
    lang = fields.String(load_default=LANGUAGES[0], validate=validate.OneOf(LANGUAGES))
    limit = fields.Integer(load_default=VALUES_DEFAULT, validate=validate.Range(1, VALUES_MOST))


@search.get("/values")
@arguments(search, ValuesArgs)
@search.response(200, ValuesSchema)
@documented(search)
def list_values(facet: str, q: str, lang: str, limit: int) -> Response:
    """Return values of a facet that match what was typed, in any of the three languages."""
    found = services.values.complete(facet, q.strip(), lang, limit)
    return conditional({"values": [_value(value) for value in found]})


def _value(value: KnownValue) -> dict[str, object]:
    body: dict[str, object] = {
        "id": value.id,
        "label": value.label,
        "text": value.text,
        "note": value.note,
    }
    return body if value.count is None else {**body, "count": value.count}
