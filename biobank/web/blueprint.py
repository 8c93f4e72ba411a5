"""The blueprint of the pages, and what every page of it needs."""

from typing import Any

from flask import Blueprint, Response, g, request
from flask.sansio.blueprints import BlueprintSetupState

from biobank.web.negotiation import language_of_request

blueprint = Blueprint("web", __name__)

#: The first part of every page's address.
LANG = "<any(az, en, ru):lang>"
#: A year: an address with a version in it never changes its content.
FOREVER = "public, max-age=31536000, immutable"


@blueprint.record_once
def trim_templates(state: BlueprintSetupState) -> None:
    """Lines that hold nothing but a tag of the template leave nothing behind."""
    state.app.jinja_env.trim_blocks = True
    state.app.jinja_env.lstrip_blocks = True


@blueprint.url_value_preprocessor
def choose_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The language of the address, else the one the reader asks for."""
    g.lang = (values or {}).get("lang") or language_of_request()


@blueprint.after_app_request
def keep_versioned_files(response: Response) -> Response:
    """Static files are asked for with a hash of their content, and so may be kept for good."""
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = FOREVER
    return response
