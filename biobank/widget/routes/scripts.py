"""The widget script, at a URL of the latest build and at immutable URLs of all builds."""

from dataclasses import asdict

from flask import Response, jsonify, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from biobank.addresses import absolute
from biobank.errors import NotFound
from biobank.extensions import limiter
from biobank.widget.blueprint import blueprint
from biobank.widget_builds import NEWEST, build_called, builds, text_of

#: Seconds that the latest build may be cached.
FOLLOWED = 3600
#: Seconds (a year) that a build at its hashed URL may be cached.
FOR_EVER = 31_536_000


@blueprint.get("/widget/<string(maxlength=40):name>.js")
@limiter.exempt  # many readers of another site may share one IP address
def script(name: str) -> AnyResponse:
    """Serve the script that defines both custom elements."""
    build = build_called(name)
    if build is None:
        raise NotFound("There is no such build of the widget; /widget/versions.json lists all.")
    response = Response(text_of(build), content_type="text/javascript; charset=utf-8")
    response.set_etag(build.file)
    response.cache_control.public = True
    response.cache_control.max_age = FOLLOWED if name == NEWEST else FOR_EVER
    response.cache_control.immutable = name != NEWEST
    return response.make_conditional(request)


@blueprint.get("/widget/versions.json")
def versions() -> Response:
    """List all builds with URL and integrity hash, newest first."""
    response = jsonify(
        [
            {"url": absolute(_address(build.file)), **asdict(build), "newest": nth == 0}
            for nth, build in enumerate(builds())
        ]
    )
    response.cache_control.public = True
    response.cache_control.max_age = FOLLOWED
    return response


def _address(file: str) -> str:
    return url_for("widget.script", name=file.removesuffix(".js"))
