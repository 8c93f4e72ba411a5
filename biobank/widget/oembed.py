"""oEmbed 1.0 responses (oembed.com): a URL of the site becomes an iframe."""

from typing import Any, Final
from xml.etree import ElementTree

from flask_babel import gettext
from markupsafe import Markup

from biobank.addresses import absolute
from biobank.exchange.xml_text import xml_text
from biobank.widget.pages import Frame

#: Seconds that a consumer may cache the response.
KEPT: Final = 86_400
FRAME: Final = Markup(
    '<iframe src="{src}" title="{title}" width="{width}" height="{height}"'
    ' frameborder="0" loading="lazy"></iframe>'
)


def rich(frame: Frame, most_wide: int, most_high: int) -> dict[str, Any]:
    """Return a response of type `rich`, limited to a maximum size in pixels."""
    bank = str(gettext("Azerbaijani Biography Bank"))
    title = f"{frame.title} – {bank}" if frame.title else bank
    width, height = min(frame.width, most_wide), min(frame.height, most_high)
    html = FRAME.format(src=absolute(frame.path), title=title, width=width, height=height)
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": bank,
        "provider_url": absolute("/"),
        "cache_age": KEPT,
        "html": str(html),
        "width": width,
        "height": height,
    }


def as_xml(body: dict[str, Any]) -> bytes:
    """Serialize a response as XML."""
    root = ElementTree.Element("oembed")
    for name, value in body.items():
        ElementTree.SubElement(root, name).text = xml_text(str(value))
    return bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True))
