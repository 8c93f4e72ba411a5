"""XML elements of EAC-CPF, and the bank's own namespace beside them."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from lxml import etree

from biobank.exchange.xml_text import xml_text

EAC: Final = "https://archivists.org/ns/eac/v2"
#: Namespace of attributes that the standard lacks: ids of the bank and kinds of relations. It holds
#: only attributes and the CSL-JSON of sources; a reader that ignores it loses nothing standard.
OWN: Final = "urn:x-biobank:eac:1"
NAMESPACES: Final = {None: EAC, "bb": OWN}

#: Elements with mixed content.
TEXTS = frozenset(("p", "objectXMLWrap"))
ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#]|$)|/")
LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def root(name: str) -> etree._Element:
    return etree.Element(f"{{{EAC}}}{name}", nsmap=NAMESPACES)  # type: ignore[arg-type]


def add(
    parent: etree._Element,
    name: str,
    text: str = "",
    attributes: Mapping[str, str | None] | None = None,
    **own: str | None,
) -> etree._Element:
    """Add a child element; attributes without a value are skipped, `own` go into our namespace."""
    made = etree.SubElement(parent, f"{{{EAC}}}{name}")
    for key, value in (attributes or {}).items():
        if value:
            made.set(key, xml_text(value))
    for key, value in own.items():
        if value:
            made.set(f"{{{OWN}}}{key}", xml_text(value))
    if text:
        made.text = xml_text(text)
    return made


def uri(text: object) -> str | None:
    """Return an address as `anyURI` allows it; None if that is impossible."""
    if not isinstance(text, str):
        return None
    made = quote(text, safe="/:?#@!$&'()*+,;=~%")
    return LONE_PERCENT.sub("%25", made) if ADDRESS.match(made) else None


def indent(parent: etree._Element, depth: int = 1) -> None:
    """Indent with one element per line, except within mixed content."""
    children = list(parent)
    if not children or etree.QName(parent).localname in TEXTS:
        return
    parent.text = "\n" + " " * depth
    for child in children:
        indent(child, depth + 1)
        child.tail = parent.text
    children[-1].tail = "\n" + " " * (depth - 1)
