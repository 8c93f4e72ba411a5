"""The blueprint of the pages and its hooks."""

from typing import Any

from flask import Blueprint, Response, g, request
from flask.sansio.blueprints import BlueprintSetupState

from biobank.web.core.negotiation import language_of_request

blueprint = Blueprint("web", __name__)

#: The language rule that starts the path of every page.
LANG_RULE = "<any(az, en, ru):lang>"
#: Cache header for one year: a versioned URL never changes its content.
IMMUTABLE_CACHE_CONTROL = "public, max-age=31536000, immutable"


@blueprint.record_once
def trim_templates(state: BlueprintSetupState) -> None:
    """Strip the whitespace of lines that hold only a template tag."""
    state.app.jinja_env.trim_blocks = True
    state.app.jinja_env.lstrip_blocks = True


@blueprint.url_value_preprocessor
def set_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Set `g.lang` from the URL, else by content negotiation."""
    g.lang = (values or {}).get("lang") or language_of_request()


@blueprint.after_app_request
def cache_versioned_files(response: Response) -> Response:
    """Cache static files whose URL contains a hash of their content indefinitely."""
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = IMMUTABLE_CACHE_CONTROL
    return response
