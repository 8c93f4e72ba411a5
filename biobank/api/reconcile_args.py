"""Arguments and languages of the reconciliation service."""

from typing import Any, Final

from flask import Response, request
from marshmallow import Schema, fields, validate

from biobank.api.blueprint import conditional_json
from biobank.api.parameter_schemas import TEXT_METADATA
from biobank.common.i18n import LANGUAGES, is_language
from biobank.exchange.reconciliation.suggestions import MAX_CURSOR
from biobank.search.query import MAX_QUERY_CHARS

OBJECT_SCHEMA: Final[dict[str, Any]] = {"type": "object"}
#: Responses have the published schemas of the Reconciliation API 0.2.
JSON_RESPONSES: Final[dict[int, Any]] = {
    200: {
        "description": "See the Reconciliation API 0.2 specification.",
        "content": {"application/json": {"schema": OBJECT_SCHEMA}},
    }
}


class LangArgs(Schema):
    """The language; without one `Accept-Language` decides, then Azerbaijani."""

    lang = fields.String(validate=validate.OneOf(LANGUAGES))


class SuggestArgs(LangArgs):
    """The beginning of a name, the offset of the first suggestion, and the types."""

    prefix = fields.String(
        load_default="", validate=validate.Length(max=MAX_QUERY_CHARS), metadata=TEXT_METADATA
    )
    cursor = fields.Integer(load_default=0, validate=validate.Range(0, MAX_CURSOR))
    type = fields.List(
        fields.String(validate=validate.Length(max=MAX_QUERY_CHARS), metadata=TEXT_METADATA), load_default=()
    )


class ProposeArgs(LangArgs):
    """The type whose properties are proposed, and their maximum number; 0 means all."""

    type = fields.String(
        load_default="", validate=validate.Length(max=MAX_QUERY_CHARS), metadata=TEXT_METADATA
    )
    limit = fields.Integer(load_default=0, validate=validate.Range(0, 1000))


class IdArgs(LangArgs):
    """The id of an entity, type or property."""

    id = fields.String(required=True, validate=validate.Length(1, MAX_QUERY_CHARS), metadata=TEXT_METADATA)


def resolve_language(lang: str) -> str:
    """Return the requested language, else the best of `Accept-Language`, else Azerbaijani."""
    if lang:
        return lang
    for accepted, quality in request.accept_languages:
        code = accepted.partition("-")[0].lower()
        if quality and is_language(code):
            return code
    return LANGUAGES[0]


def json_response(body: object, lang: str) -> Response:
    """Return a cacheable JSON response in one language."""
    return set_content_language(conditional_json(body), lang)


def set_content_language(response: Response, lang: str) -> Response:
    """Set `Content-Language`, and `Vary` where the language was negotiated."""
    response.headers["Content-Language"] = resolve_language(lang)
    if not lang:
        response.vary.add("Accept-Language")
    return response
