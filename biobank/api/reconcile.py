"""The Reconciliation API 0.2 at /reconcile; the logic is in exchange/reconciliation."""

import json
from typing import Any, Final, get_args

from flask import Response, render_template, request
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from biobank.api.blueprint import (
    conditional_json,
    document_errors,
    json_parameter,
    query_arguments,
    reconcile,
)
from biobank.api.parameter_schemas import TEXT_METADATA
from biobank.common.i18n import LANGUAGES, is_language
from biobank.errors import BadQuery, NotFound
from biobank.exchange.reconciliation.data_extension import (
    MAX_ENTITY_ID_CHARS,
    MAX_EXTENDED_COLUMNS,
    MAX_EXTENDED_IDS,
)
from biobank.exchange.reconciliation.entity_types import parse_entity
from biobank.exchange.reconciliation.query_parser import MAX_BATCH_QUERIES, MAX_QUERY_KEY_CHARS
from biobank.exchange.reconciliation.service import SuggestTarget
from biobank.exchange.reconciliation.suggestions import MAX_CURSOR, SuggestRequest
from biobank.http.extensions import services
from biobank.http.urls import absolute_url
from biobank.records.media.urls import SQUARE, picture_file_path
from biobank.search.query import MAX_QUERY_CHARS

#: Responses have the published schemas of the Reconciliation API 0.2.
JSON_RESPONSES: Final[dict[int, Any]] = {
    200: {
        "description": "See the Reconciliation API 0.2 specification.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


def text_field(min_chars: int | None = None, **kwargs: Any) -> fields.String:
    length = validate.Length(min_chars, MAX_QUERY_CHARS)
    return fields.String(validate=length, metadata=TEXT_METADATA, **kwargs)


class LangArgs(Schema):
    """The language; without one `Accept-Language` decides, then Azerbaijani."""

    lang = fields.String(validate=validate.OneOf(LANGUAGES))


class SuggestArgs(LangArgs):
    """The beginning of a name, the offset of the first suggestion, and the types."""

    prefix = text_field(load_default="")
    cursor = fields.Integer(load_default=0, validate=validate.Range(0, MAX_CURSOR))
    type = fields.List(text_field(), load_default=())


class ProposeArgs(LangArgs):
    """The type whose properties are proposed, and their maximum number; 0 means all."""

    type = text_field(load_default="")
    limit = fields.Integer(load_default=0, validate=validate.Range(0, 1000))


class IdArgs(LangArgs):
    """The id of an entity, type or property."""

    id = text_field(1, required=True)


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


#: A batch of queries; a query that cannot be read gets an error in its result.
QUERIES_PARAMETER: Final = json_parameter(
    "queries",
    "A batch of queries by key. If present, `extend` is ignored.",
    {
        "type": "object",
        "maxProperties": MAX_BATCH_QUERIES,
        "propertyNames": {"maxLength": MAX_QUERY_KEY_CHARS},
        "examples": [{"q0": {"query": "Uzeyir Hajibeyov", "type": "person"}}],
    },
)
EXTEND_PARAMETER: Final = json_parameter(
    "extend",
    "Ids and properties to fetch.",
    {
        "type": "object",
        "required": ["ids", "properties"],
        "properties": {
            "ids": {
                "type": "array",
                "maxItems": MAX_EXTENDED_IDS,
                "items": {"type": "string", "maxLength": MAX_ENTITY_ID_CHARS},
            },
            "properties": {
                "type": "array",
                "maxItems": MAX_EXTENDED_COLUMNS,
                "items": {
                    "type": "object",
                    "required": ["id"],
                    "properties": {"id": {"type": "string"}, "settings": {"type": "object"}},
                },
            },
        },
    },
)
FORM_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("queries", "extend")},
            }
        }
    },
}
SUGGEST_PATH: Final = f"<any({', '.join(get_args(SuggestTarget))}):what>"


@reconcile.get("/reconcile")
@query_arguments(reconcile, LangArgs)
@reconcile.doc(parameters=[QUERIES_PARAMETER, EXTEND_PARAMETER], responses=JSON_RESPONSES)
@document_errors(reconcile)
def get_reconcile(lang: str = "") -> Response:
    """Return the manifest; with `queries` or `extend` the same as a POST."""
    if "queries" in request.args or "extend" in request.args:
        return _batch_response(request.args, lang)
    return json_response(services.reconciliation.manifest(resolve_language(lang), absolute_url), lang)


@reconcile.post("/reconcile")
@query_arguments(reconcile, LangArgs)
@reconcile.doc(requestBody=FORM_BODY, responses=JSON_RESPONSES)
@document_errors(reconcile, 413)
def post_reconcile(lang: str = "") -> Response:
    """Return candidates for a batch of `queries`, or values of properties for `extend`."""
    return _batch_response(request.form, lang)


@reconcile.get(f"/reconcile/suggest/{SUGGEST_PATH}")
@query_arguments(reconcile, SuggestArgs)
@reconcile.doc(responses=JSON_RESPONSES)
@document_errors(reconcile, 404)
def suggest(what: SuggestTarget, prefix: str, cursor: int, type: list[str], lang: str = "") -> Response:
    """Return entities, types or properties whose name begins as typed, from `cursor` on."""
    typed = SuggestRequest(" ".join(prefix.split()), cursor, tuple(type), resolve_language(lang))
    return json_response(services.reconciliation.suggest(what, typed), lang)


@reconcile.get("/reconcile/properties")
@query_arguments(reconcile, ProposeArgs)
@reconcile.doc(responses=JSON_RESPONSES)
@document_errors(reconcile, 404)
def propose(type: str, limit: int, lang: str = "") -> Response:
    """Return the properties of a type."""
    return json_response(services.reconciliation.propose(type, limit, resolve_language(lang)), lang)


def _batch_response(form: MultiDict[str, str], lang: str) -> Response:
    """Return an uncached response; any publication may change it."""
    if "queries" in form:
        body = services.reconciliation.reconcile(form["queries"], resolve_language(lang))
    elif "extend" in form:
        body = services.reconciliation.extend(form["extend"], resolve_language(lang), absolute_url)
    else:
        raise BadQuery("Send queries=… or extend=… as application/x-www-form-urlencoded.")
    text = json.dumps(body, ensure_ascii=False)
    return set_content_language(Response(text, content_type="application/json"), lang)


#: A preview may be framed by any site and needs only a style sheet and an image.
PREVIEW_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)
HTML_CONTENT: Final = {"content": {"text/html": {"schema": {"type": "string"}}}}
PREVIEW_RESPONSES: Final = {
    200: {"description": "A small page.", **HTML_CONTENT},
    404: {"description": "Not found.", **HTML_CONTENT},
    410: {"description": "Withdrawn; the page gives the date.", **HTML_CONTENT},
}


@reconcile.get("/reconcile/view")
@query_arguments(reconcile, IdArgs)
@reconcile.alt_response(303, description="Redirect to the permanent URL of the object.")
@document_errors(reconcile, 404)
def permanent(id: str, lang: str = "") -> AnyResponse:
    """Redirect from an id of the service to the permanent URL of the entity."""
    entity = parse_entity(id)
    if entity is None:
        raise NotFound("There is nothing with this ID.")
    return redirect(entity.path, 303)


@reconcile.get("/reconcile/preview")
@query_arguments(reconcile, IdArgs)
@document_errors(reconcile)
@reconcile.doc(responses=PREVIEW_RESPONSES)
def preview(id: str, lang: str = "") -> Response:
    """Return a small HTML page about an entity, which any site may frame."""
    shown = services.reconciliation.preview(id, resolve_language(lang))
    picture = picture_file_path(shown.portrait, SQUARE) if services.media.has(shown.portrait) else ""
    page = render_template("api/preview.html", shown=shown, picture=picture, lang=resolve_language(lang))
    response = Response(page, shown.status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = PREVIEW_POLICY
    return set_content_language(response, lang)


@reconcile.get(f"/reconcile/flyout/{SUGGEST_PATH}")
@query_arguments(reconcile, IdArgs)
@reconcile.doc(responses=JSON_RESPONSES)
@document_errors(reconcile, 404)
def flyout(what: SuggestTarget, id: str, lang: str = "") -> Response:
    """Return a short HTML description of an entity, type or property."""
    entry = services.reconciliation.describe(what, id, resolve_language(lang))
    if entry is None:
        raise NotFound("There is nothing with this ID.")
    html = render_template("api/flyout.html", name=entry[0], line=entry[1])
    return json_response({"id": id, "html": html}, lang)
