"""Views of small images: the medallions of people and the favicon."""

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from biobank.errors import NotFound
from biobank.http.extensions import limiter
from biobank.web.core.blueprint import IMMUTABLE_CACHE_CONTROL, blueprint
from biobank.web.core.urls import static_url
from biobank.web.sharing.medallion import is_drawable, medallion


@blueprint.get("/medallion/<person_id>.svg")
@limiter.exempt  # a page may show fifty
def medallion_file(person_id: str) -> AnyResponse:
    """Serve the medallion generated from an id; immutable and cached as such."""
    if not is_drawable(person_id):
        raise NotFound("There is no such medallion.")
    response = Response(medallion(person_id), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = IMMUTABLE_CACHE_CONTROL
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Redirect the default favicon URL to the logo that pages link to."""
    return redirect(static_url("mark.svg"), 302)
