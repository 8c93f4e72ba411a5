"""Responses of oEmbed 1.0 (oembed.com): a URL of the site becomes an iframe."""

from typing import Any, Final
from xml.etree import ElementTree

from flask_babel import gettext
from markupsafe import Markup

from biobank.exchange.formats.xml_text import strip_invalid_xml
from biobank.http.urls import absolute_url
from biobank.widget.frame_resolver import EmbedFrame

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
