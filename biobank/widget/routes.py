"""Routes of the widget: its script builds, and the oEmbed endpoint.

The script has a URL of the latest build and immutable URLs of all builds.
"""

from dataclasses import asdict
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree import ElementTree

from flask import Blueprint, Response, g, jsonify, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug import exceptions
from werkzeug.wrappers import Response as AnyResponse

from biobank.common.i18n import LANGUAGES
from biobank.errors import NotFound
from biobank.exchange.formats.xml import strip_invalid_xml
from biobank.http.extensions import limiter, services
from biobank.http.urls import absolute_url
from biobank.http.widget_assets import LATEST_VERSION, get_build, list_builds, read_build
from biobank.widget.frame_resolver import EmbedFrame, resolve_frame

#: Requested by pages of other sites.
blueprint = Blueprint("widget", __name__)

OEMBED_FORMATS = ("json", "xml")
#: Default width and height in pixels, larger than any screen.
MAX_FRAME_PIXELS = 10_000
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
        raise NotFound("There is no such build of the widget. See /widget/versions.json for all builds.")
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


@blueprint.get("/oembed")
def oembed() -> Response:
    """Describe how a page is embedded, as oEmbed 1.0."""
    response_format = request.args.get("format", OEMBED_FORMATS[0])
    if response_format not in OEMBED_FORMATS:
        raise exceptions.NotImplemented(f"format must be one of {', '.join(OEMBED_FORMATS)}.")
    address, max_width, max_height = (
        _requested_address(),
        _pixels_argument("maxwidth"),
        _pixels_argument("maxheight"),
    )
    reader_lang = request.accept_languages.best_match(LANGUAGES) or LANGUAGES[1]
    frame = resolve_frame(services, address, _own_hosts(), reader_lang)
    # Localise the title in the language of the frame.
    g.lang = frame.lang
    response = _response(rich_response(frame, max_width, max_height), response_format)
    response.cache_control.public = True
    response.cache_control.max_age = OEMBED_CACHE_SECONDS
    response.vary.add("Accept-Language")
    return response


def _response(body: dict[str, Any], response_format: str) -> Response:
    if response_format == "xml":
        return Response(to_xml(body), content_type="text/xml; charset=utf-8")
    return jsonify(body)


def _requested_address() -> str:
    address = request.args.get("url", "").strip()
    if not address:
        raise exceptions.BadRequest("url must be the URL of a page of this site.")
    return address


def _pixels_argument(name: str) -> int:
    text = request.args.get(name, "").strip()
    if not text:
        return MAX_FRAME_PIXELS
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and int(text)):
        raise exceptions.BadRequest(f"{name} must be a whole number of pixels.")
    return int(text)


def _own_hosts() -> set[str]:
    """Return the host names of this site."""
    public = urlsplit(services.settings.base_url).netloc
    return {name.lower() for name in (public, request.host) if name}


#: Seconds that a consumer may cache the response.
OEMBED_CACHE_SECONDS: Final = 86_400
IFRAME_HTML: Final = Markup(
    '<iframe src="{src}" title="{title}" width="{width}" height="{height}"'
    ' frameborder="0" loading="lazy"></iframe>'
)


def rich_response(frame: EmbedFrame, max_width: int, max_height: int) -> dict[str, Any]:
    """Return a response of type `rich`, limited to a maximum size in pixels."""
    bank = str(gettext("Azerbaijani Biography Bank"))
    title = f"{frame.title} – {bank}" if frame.title else bank
    width, height = min(frame.width, max_width), min(frame.height, max_height)
    html = IFRAME_HTML.format(src=absolute_url(frame.path), title=title, width=width, height=height)
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": bank,
        "provider_url": absolute_url("/"),
        "cache_age": OEMBED_CACHE_SECONDS,
        "html": str(html),
        "width": width,
        "height": height,
    }


def to_xml(body: dict[str, Any]) -> bytes:
    """Serialize a response as XML."""
    root = ElementTree.Element("oembed")
    for name, value in body.items():
        ElementTree.SubElement(root, name).text = strip_invalid_xml(str(value))
    return bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True))
