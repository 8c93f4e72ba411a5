"""Previews of reconciled entities: permanent URL, preview frame and flyout."""

from typing import Final

from flask import Response, render_template
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from biobank.api.blueprint import arguments, documented, reconcile
from biobank.api.reconcile import SUGGESTED
from biobank.api.reconcile_args import JSON, IdArgs, in_language, language, told
from biobank.errors import NotFound
from biobank.exchange.reconciling.entities import read_entity
from biobank.exchange.reconciling.service import Suggested
from biobank.extensions import services
from biobank.records.media.addresses import SQUARE, file_address

#: A preview may be framed by any site and needs only a style sheet and an image.
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors *",
    )
)
PAGE: Final = {"content": {"text/html": {"schema": {"type": "string"}}}}
PAGES: Final = {
    200: {"description": "A small page.", **PAGE},
    404: {"description": "There is no such thing; the page says so.", **PAGE},
    410: {"description": "It was withdrawn; the page says when.", **PAGE},
}


@reconcile.get("/reconcile/view")
@arguments(reconcile, IdArgs)
@reconcile.alt_response(303, description="The permanent address of what the id stands for.")
@documented(reconcile, 404)
def permanent(id: str, lang: str = "") -> AnyResponse:
    """Redirect from an id of the service to the permanent URL of the entity."""
    entity = read_entity(id)
    if entity is None:
        raise NotFound("There is nothing with such an id.")
    return redirect(entity.path, 303)


@reconcile.get("/reconcile/preview")
@arguments(reconcile, IdArgs)
@documented(reconcile)
@reconcile.doc(responses=PAGES)
def preview(id: str, lang: str = "") -> Response:
    """Return a small HTML page about an entity, which any site may frame."""
    shown = services.reconciling.preview(id, language(lang))
    picture = file_address(shown.portrait, SQUARE) if services.media.has(shown.portrait) else ""
    page = render_template("api/preview.html", shown=shown, picture=picture, lang=language(lang))
    response = Response(page, shown.status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    return in_language(response, lang)


@reconcile.get(f"/reconcile/flyout/{SUGGESTED}")
@arguments(reconcile, IdArgs)
@reconcile.doc(responses=JSON)
@documented(reconcile, 404)
def flyout(what: Suggested, id: str, lang: str = "") -> Response:
    """Return a short HTML description of an entity, type or property."""
    found = services.reconciling.told(what, id, language(lang))
    if found is None:
        raise NotFound("There is nothing with such an id.")
    html = render_template("api/flyout.html", name=found[0], line=found[1])
    return told({"id": id, "html": html}, lang)
