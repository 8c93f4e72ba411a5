"""The widget script, at a URL of the latest build and at immutable URLs of all builds."""

from dataclasses import asdict

from flask import Response, jsonify, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from biobank.errors import NotFound
from biobank.http.extensions import limiter
from biobank.http.urls import absolute_url
from biobank.http.widget_assets import LATEST_VERSION, get_build, list_builds, read_build
from biobank.widget.blueprint import blueprint

#: Seconds that the latest build may be cached.
LATEST_CACHE_SECONDS = 3600
#: Seconds (a year) that a build at its hashed URL may be cached.
IMMUTABLE_CACHE_SECONDS = 31_536_000


@blueprint.get("/widget/<string(maxlength=40):name>.js")
@limiter.exempt  # many readers of another site may share one IP address
def script(name: str) -> AnyResponse:
    """Serve the script that defines both custom elements."""
    build = get_build(name)
    if build is None:
        raise NotFound("There is no such build of the widget; /widget/versions.json lists all.")
    response = Response(read_build(build), content_type="text/javascript; charset=utf-8")
    response.set_etag(build.file)
    response.cache_control.public = True
    response.cache_control.max_age = (
        LATEST_CACHE_SECONDS if name == LATEST_VERSION else IMMUTABLE_CACHE_SECONDS
    )
    response.cache_control.immutable = name != LATEST_VERSION
    return response.make_conditional(request)


@blueprint.get("/widget/versions.json")
def versions() -> Response:
    """List all builds with URL and integrity hash, newest first."""
    response = jsonify(
        [
            {"url": absolute_url(_build_path(build.file)), **asdict(build), "newest": index == 0}
            for index, build in enumerate(list_builds())
        ]
    )
    response.cache_control.public = True
    response.cache_control.max_age = LATEST_CACHE_SECONDS
    return response


def _build_path(file: str) -> str:
    return url_for("widget.script", name=file.removesuffix(".js"))
