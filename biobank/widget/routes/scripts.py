"""The script: at an address that follows fixes, and at one that stays the same for ever."""

from dataclasses import asdict

from flask import Response, jsonify, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from biobank.addresses import absolute
from biobank.errors import NotFound
from biobank.extensions import limiter
from biobank.widget.blueprint import blueprint
from biobank.widget_builds import NEWEST, build_called, builds, text_of

#: Seconds until a site that follows fixes has one.
FOLLOWED = 3600
#: A year: what is at a hashed address never changes.
FOR_EVER = 31_536_000


@blueprint.get("/widget/<string(maxlength=40):name>.js")
@limiter.exempt  # a page of another site may be read by a whole school at once
def script(name: str) -> AnyResponse:
    """The script that both elements are in."""
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
    """Every build with its address and its integrity, newest first."""
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
