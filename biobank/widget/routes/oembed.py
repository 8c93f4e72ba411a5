"""GET /oembed, for editors and sites that turn a URL into a frame."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, g, jsonify, request
from werkzeug import exceptions

from biobank.common.i18n import LANGUAGES
from biobank.http.extensions import services
from biobank.widget.blueprint import blueprint
from biobank.widget.frame_resolver import resolve_frame
from biobank.widget.oembed import OEMBED_CACHE_SECONDS, rich_response, to_xml

OEMBED_FORMATS = ("json", "xml")
#: Default width and height in pixels, larger than any screen.
MAX_FRAME_PIXELS = 10_000


@blueprint.get("/oembed")
def oembed() -> Response:
    """Describe how a page is embedded, as oEmbed 1.0."""
    response_format = request.args.get("format", OEMBED_FORMATS[0])
    if response_format not in OEMBED_FORMATS:
        raise exceptions.NotImplemented(f"format takes one of {', '.join(OEMBED_FORMATS)}.")
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
        raise exceptions.BadRequest("url takes the address of a page of the bank.")
    return address


def _pixels_argument(name: str) -> int:
    text = request.args.get(name, "").strip()
    if not text:
        return MAX_FRAME_PIXELS
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and int(text)):
        raise exceptions.BadRequest(f"{name} takes a whole number of pixels.")
    return int(text)


def _own_hosts() -> set[str]:
    """Return the host names of this site."""
    public = urlsplit(services.settings.base_url).netloc
    return {name.lower() for name in (public, request.host) if name}
