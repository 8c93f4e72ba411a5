"""Previews of reconciled entities: permanent URL, preview frame and flyout."""

from typing import Final

from flask import Response, render_template
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from biobank.api.blueprint import document_errors, query_arguments, reconcile
from biobank.api.reconcile import SUGGEST_PATH
from biobank.api.reconcile_args import (
    JSON_RESPONSES,
    IdArgs,
    json_response,
    resolve_language,
    set_content_language,
)
from biobank.errors import NotFound
from biobank.exchange.reconciliation.entity_types import parse_entity
from biobank.exchange.reconciliation.service import SuggestTarget
from biobank.http.extensions import services
from biobank.records.media.urls import SQUARE, picture_file_path

#: A preview may be framed by any site and needs only a style sheet and an image.
PREVIEW_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors *",
    )
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
    entity_preview = services.reconciliation.preview(id, resolve_language(lang))
    picture = (
        picture_file_path(entity_preview.portrait, SQUARE)
        if services.media.has(entity_preview.portrait)
        else ""
    )
    page = render_template(
        "api/preview.html", shown=entity_preview, picture=picture, lang=resolve_language(lang)
    )
    response = Response(page, entity_preview.status, content_type="text/html; charset=utf-8")
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
