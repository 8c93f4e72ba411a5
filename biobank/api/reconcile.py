"""The Reconciliation API 0.2 at /reconcile; the logic is in exchange/reconciling."""

import json
from typing import Any, Final, get_args

from flask import Response, request
from werkzeug.datastructures import MultiDict

from biobank.api.blueprint import document_errors, json_parameter, query_arguments, reconcile
from biobank.api.reconcile_args import (
    JSON_RESPONSES,
    LangArgs,
    ProposeArgs,
    SuggestArgs,
    json_response,
    resolve_language,
    set_content_language,
)
from biobank.errors import BadQuery
from biobank.exchange.reconciliation.data_extension import (
    MAX_ENTITY_ID_CHARS,
    MAX_EXTENDED_COLUMNS,
    MAX_EXTENDED_IDS,
)
from biobank.exchange.reconciliation.query_parser import MAX_BATCH_QUERIES, MAX_QUERY_KEY_CHARS
from biobank.exchange.reconciliation.service import SuggestTarget
from biobank.exchange.reconciliation.suggestions import SuggestRequest
from biobank.http.extensions import services
from biobank.http.urls import absolute_url

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
