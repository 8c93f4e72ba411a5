"""The Reconciliation API 0.2 at /reconcile; the logic is in exchange/reconciling."""

import json
from typing import Any, Final, get_args

from flask import Response, request
from werkzeug.datastructures import MultiDict

from biobank.addresses import absolute
from biobank.api.blueprint import arguments, as_json, documented, reconcile
from biobank.api.reconcile_args import (
    JSON,
    LangArgs,
    ProposeArgs,
    SuggestArgs,
    in_language,
    language,
    told,
)
from biobank.errors import BadQuery
from biobank.exchange.reconciling.asking import KEY_MOST, QUERIES_MOST
from biobank.exchange.reconciling.extending import COLUMNS_MOST, ID_MOST, IDS_MOST
from biobank.exchange.reconciling.service import Suggested
from biobank.exchange.reconciling.suggesting import Typed
from biobank.extensions import services

#: A batch of queries; a query that cannot be read gets an error in its result.
QUERIES: Final = as_json(
    "queries",
    "A batch of queries by key. Beside it `extend` is not read.",
    {
        "type": "object",
        "maxProperties": QUERIES_MOST,
        "propertyNames": {"maxLength": KEY_MOST},
        "examples": [{"q0": {"query": "Uzeyir Hajibeyov", "type": "person"}}],
    },
)
EXTEND: Final = as_json(
    "extend",
    "Ids and properties to fetch.",
    {
        "type": "object",
        "required": ["ids", "properties"],
        "properties": {
            "ids": {
                "type": "array",
                "maxItems": IDS_MOST,
                "items": {"type": "string", "maxLength": ID_MOST},
            },
            "properties": {
                "type": "array",
                "maxItems": COLUMNS_MOST,
                "items": {
                    "type": "object",
                    "required": ["id"],
                    "properties": {"id": {"type": "string"}, "settings": {"type": "object"}},
                },
            },
        },
    },
)
FORM: Final[dict[str, Any]] = {
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
SUGGESTED: Final = f"<any({', '.join(get_args(Suggested))}):what>"


@reconcile.get("/reconcile")
@arguments(reconcile, LangArgs)
@reconcile.doc(parameters=[QUERIES, EXTEND], responses=JSON)
@documented(reconcile)
def get_reconcile(lang: str = "") -> Response:
    """Return the manifest; with `queries` or `extend` the same as a POST."""
    if "queries" in request.args or "extend" in request.args:
        return _answered(request.args, lang)
    return told(services.reconciling.manifest(language(lang), absolute), lang)


@reconcile.post("/reconcile")
@arguments(reconcile, LangArgs)
@reconcile.doc(requestBody=FORM, responses=JSON)
@documented(reconcile, 413)
def post_reconcile(lang: str = "") -> Response:
    """Return candidates for a batch of `queries`, or values of properties for `extend`."""
    return _answered(request.form, lang)


@reconcile.get(f"/reconcile/suggest/{SUGGESTED}")
@arguments(reconcile, SuggestArgs)
@reconcile.doc(responses=JSON)
@documented(reconcile, 404)
def suggest(what: Suggested, prefix: str, cursor: int, type: list[str], lang: str = "") -> Response:
    """Return entities, types or properties whose name begins as typed, from `cursor` on."""
    typed = Typed(" ".join(prefix.split()), cursor, tuple(type), language(lang))
    return told(services.reconciling.suggest(what, typed), lang)


@reconcile.get("/reconcile/properties")
@arguments(reconcile, ProposeArgs)
@reconcile.doc(responses=JSON)
@documented(reconcile, 404)
def propose(type: str, limit: int, lang: str = "") -> Response:
    """Return the properties of a type."""
    return told(services.reconciling.propose(type, limit, language(lang)), lang)


def _answered(sent: MultiDict[str, str], lang: str) -> Response:
    """Return an uncached response; any publication may change it."""
    if "queries" in sent:
        body = services.reconciling.reconcile(sent["queries"], language(lang))
    elif "extend" in sent:
        body = services.reconciling.extend(sent["extend"], language(lang), absolute)
    else:
        raise BadQuery("Send queries=… or extend=… as application/x-www-form-urlencoded.")
    text = json.dumps(body, ensure_ascii=False)
    return in_language(Response(text, content_type="application/json"), lang)
