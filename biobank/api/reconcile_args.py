"""Arguments and languages of the reconciliation service."""

from typing import Any, Final

from flask import Response, request
from marshmallow import Schema, fields, validate

from biobank.api.blueprint import conditional
from biobank.api.shapes import TEXT
from biobank.exchange.reconciling.suggesting import CURSOR_MOST
from biobank.i18n import LANGUAGES, is_language
from biobank.search.query import TEXT_MOST

OBJECT: Final[dict[str, Any]] = {"type": "object"}
#: Responses have the published schemas of the Reconciliation API 0.2.
JSON: Final[dict[int, Any]] = {
    200: {
        "description": "As the Reconciliation API 0.2 has it.",
        "content": {"application/json": {"schema": OBJECT}},
    }
}


class LangArgs(Schema):
    """The language; without one `Accept-Language` decides, then Azerbaijani."""

    lang = fields.String(validate=validate.OneOf(LANGUAGES))


class SuggestArgs(LangArgs):
    """The beginning of a name, the offset of the first suggestion, and the types."""

    prefix = fields.String(load_default="", validate=validate.Length(max=TEXT_MOST), metadata=TEXT)
    cursor = fields.Integer(load_default=0, validate=validate.Range(0, CURSOR_MOST))
    type = fields.List(
        fields.String(validate=validate.Length(max=TEXT_MOST), metadata=TEXT), load_default=()
    )


class ProposeArgs(LangArgs):
    """The type whose properties are proposed, and their maximum number; 0 means all."""

    type = fields.String(load_default="", validate=validate.Length(max=TEXT_MOST), metadata=TEXT)
    limit = fields.Integer(load_default=0, validate=validate.Range(0, 1000))


class IdArgs(LangArgs):
    """The id of an entity, type or property."""

    id = fields.String(required=True, validate=validate.Length(1, TEXT_MOST), metadata=TEXT)


def language(lang: str) -> str:
    """Return the requested language, else the best of `Accept-Language`, else Azerbaijani."""
    if lang:
        return lang
    for accepted, quality in request.accept_languages:
        found = accepted.partition("-")[0].lower()
        if quality and is_language(found):
            return found
    return LANGUAGES[0]


def told(body: object, lang: str) -> Response:
    """Return a cacheable JSON response in one language."""
    return in_language(conditional(body), lang)


def in_language(response: Response, lang: str) -> Response:
    """Set `Content-Language`, and `Vary` where the language was negotiated."""
    response.headers["Content-Language"] = language(lang)
    if not lang:
        response.vary.add("Accept-Language")
    return response
