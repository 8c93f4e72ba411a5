"""Blueprints of the pages: what all areas share, and the blueprint of the public pages."""

from typing import Any

from flask import Blueprint, Response, g, request
from flask.sansio.blueprints import BlueprintSetupState

from biobank.editorial.revisions.history import MAX_REVISION_NUMBER
from biobank.web.core.negotiation import language_of_request

#: The language rule that starts the path of every page.
LANG_RULE = "<any(az, en, ru):lang>"
#: Cache header for one year: a versioned URL never changes its content.
IMMUTABLE_CACHE_CONTROL = "public, max-age=31536000, immutable"
REVISION_NUMBER_RULE = f"<int(min=1, max={MAX_REVISION_NUMBER}):number>"


def make_blueprint(name: str, url_prefix: str | None = None) -> Blueprint:
    """Return the blueprint of an area, whose pages are in the language of their URL."""
    area = Blueprint(name, __name__, url_prefix=url_prefix)
    area.url_value_preprocessor(_set_language)
    return area


def _set_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Set `g.lang` from the URL, else by content negotiation."""
    g.lang = (values or {}).get("lang") or language_of_request()


blueprint = make_blueprint("web")


@blueprint.record_once
def trim_templates(state: BlueprintSetupState) -> None:
    """Strip the whitespace of lines that hold only a template tag."""
    state.app.jinja_env.trim_blocks = True
    state.app.jinja_env.lstrip_blocks = True


@blueprint.after_app_request
def cache_versioned_files(response: Response) -> Response:
    """Cache static files whose URL contains a hash of their content indefinitely."""
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = IMMUTABLE_CACHE_CONTROL
    return response
