"""GET /oembed, for editors and sites that turn a URL into a frame."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, g, jsonify, request
from werkzeug import exceptions

from biobank.extensions import services
from biobank.i18n import LANGUAGES
from biobank.widget.blueprint import blueprint
from biobank.widget.oembed import KEPT, as_xml, rich
from biobank.widget.pages import frame_of

FORMATS = ("json", "xml")
#: Default width and height in pixels, larger than any screen.
PIXELS_MOST = 10_000


@blueprint.get("/oembed")
def oembed() -> Response:
    """Describe how a page is embedded, as oEmbed 1.0."""
    form = request.args.get("format", FORMATS[0])
    if form not in FORMATS:
        raise exceptions.NotImplemented(f"format takes one of {', '.join(FORMATS)}.")
    address, wide, high = _address(), _pixels("maxwidth"), _pixels("maxheight")
    reader = request.accept_languages.best_match(LANGUAGES) or LANGUAGES[1]
    frame = frame_of(services, address, _hosts(), reader)
    # Localise the title in the language of the frame.
    g.lang = frame.lang
    response = _answer(rich(frame, wide, high), form)
    response.cache_control.public = True
    response.cache_control.max_age = KEPT
    response.vary.add("Accept-Language")
    return response


def _answer(body: dict[str, Any], form: str) -> Response:
    if form == "xml":
        return Response(as_xml(body), content_type="text/xml; charset=utf-8")
    return jsonify(body)


def _address() -> str:
    address = request.args.get("url", "").strip()
    if not address:
        raise exceptions.BadRequest("url takes the address of a page of the bank.")
    return address


def _pixels(name: str) -> int:
    text = request.args.get(name, "").strip()
    if not text:
        return PIXELS_MOST
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and int(text)):
        raise exceptions.BadRequest(f"{name} takes a whole number of pixels.")
    return int(text)


def _hosts() -> set[str]:
    """Return the host names of this site."""
    public = urlsplit(services.settings.base_url).netloc
    return {name.lower() for name in (public, request.host) if name}
