"""Small files: the medallion of a person, the mark of the bank."""

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from biobank.errors import NotFound
from biobank.extensions import limiter
from biobank.web.blueprint import FOREVER, blueprint
from biobank.web.links import static_url
from biobank.web.medallion import is_drawable, medallion


@blueprint.get("/medallion/<person_id>.svg")
@limiter.exempt  # a long list asks for fifty at once
def medallion_file(person_id: str) -> AnyResponse:
    """The medallion drawn from an id. The same for ever, and so kept for ever."""
    if not is_drawable(person_id):
        raise NotFound("There is no such medallion.")
    response = Response(medallion(person_id), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = FOREVER
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Browsers that ask by habit are led to the mark that pages name."""
    return redirect(static_url("mark.svg"), 302)
