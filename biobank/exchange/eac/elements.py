"""Elements of EAC-CPF, and what stands in a namespace of our own beside them."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from lxml import etree

from biobank.exchange.xml_text import xml_text

EAC: Final = "https://archivists.org/ns/eac/v2"
#: What the standard has no place for: ids of the bank, the kind of a tie. Only attributes, and
#: the CSL-JSON of a source; whoever does not know them loses nothing that the standard tells.
OWN: Final = "urn:x-biobank:eac:1"
NAMESPACES: Final = {None: EAC, "bb": OWN}

#: Elements that hold text with elements in it.
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
    """A child of `parent`; attributes without a value are left out, `own` are in our namespace."""
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
    """An address as `anyURI` allows it; none where it can be made no such."""
    if not isinstance(text, str):
        return None
    made = quote(text, safe="/:?#@!$&'()*+,;=~%")
    return LONE_PERCENT.sub("%25", made) if ADDRESS.match(made) else None


def indent(parent: etree._Element, depth: int = 1) -> None:
    """A line an element, but within what is text."""
    children = list(parent)
    if not children or etree.QName(parent).localname in TEXTS:
        return
    parent.text = "\n" + " " * depth
    for child in children:
        indent(child, depth + 1)
        child.tail = parent.text
    children[-1].tail = "\n" + " " * (depth - 1)
