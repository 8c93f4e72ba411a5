"""What the addresses of the reconciliation service take, and in whose language they answer."""

from typing import Any, Final

from flask import Response, request
from marshmallow import Schema, fields, validate

from biobank.api.blueprint import conditional
from biobank.api.shapes import TEXT
from biobank.exchange.reconciling.suggesting import CURSOR_MOST
from biobank.i18n import LANGUAGES, is_language
from biobank.search.query import TEXT_MOST

OBJECT: Final[dict[str, Any]] = {"type": "object"}
#: The shapes of answers are the published ones of the Reconciliation API 0.2.
JSON: Final[dict[int, Any]] = {
    200: {
        "description": "As the Reconciliation API 0.2 has it.",
        "content": {"application/json": {"schema": OBJECT}},
    }
}


class LangArgs(Schema):
    """Whose language; without one `Accept-Language` decides, then Azerbaijani."""

    lang = fields.String(validate=validate.OneOf(LANGUAGES))


class SuggestArgs(LangArgs):
    """The beginning of a name, from which one on, and of which types."""

    prefix = fields.String(load_default="", validate=validate.Length(max=TEXT_MOST), metadata=TEXT)
    cursor = fields.Integer(load_default=0, validate=validate.Range(0, CURSOR_MOST))
    type = fields.List(
        fields.String(validate=validate.Length(max=TEXT_MOST), metadata=TEXT), load_default=()
    )


class ProposeArgs(LangArgs):
    """Properties of which type, and how many at most; 0 for all."""

    type = fields.String(load_default="", validate=validate.Length(max=TEXT_MOST), metadata=TEXT)
    limit = fields.Integer(load_default=0, validate=validate.Range(0, 1000))


class IdArgs(LangArgs):
    """Which entity, type or property."""

    id = fields.String(required=True, validate=validate.Length(1, TEXT_MOST), metadata=TEXT)


def language(lang: str) -> str:
    """The language asked for, else the best of `Accept-Language`, else Azerbaijani."""
    if lang:
        return lang
    for accepted, quality in request.accept_languages:
        found = accepted.partition("-")[0].lower()
        if quality and is_language(found):
            return found
    return LANGUAGES[0]


def told(body: object, lang: str) -> Response:
    """An answer that readers of one language may keep for a while."""
    return in_language(conditional(body), lang)


def in_language(response: Response, lang: str) -> Response:
    """Says in whose language an answer is, and whether that hung on the browser's wishes."""
    response.headers["Content-Language"] = language(lang)
    if not lang:
        response.vary.add("Accept-Language")
    return response
