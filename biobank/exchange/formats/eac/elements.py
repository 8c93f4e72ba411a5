"""XML elements of EAC-CPF, and the bank's own namespace beside them."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from lxml import etree

from biobank.exchange.formats.xml_text import strip_invalid_xml

EAC_NAMESPACE: Final = "https://archivists.org/ns/eac/v2"
#: Namespace of attributes that the standard lacks: ids of the bank and kinds of relations. It holds
#: only attributes and the CSL-JSON of sources; a reader that ignores it loses nothing standard.
BIOBANK_NAMESPACE: Final = "urn:x-biobank:eac:1"
EAC_NAMESPACES: Final = {None: EAC_NAMESPACE, "bb": BIOBANK_NAMESPACE}

#: Elements with mixed content.
MIXED_CONTENT = frozenset(("p", "objectXMLWrap"))
URI_START = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#]|$)|/")
STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def make_root(name: str) -> etree._Element:
    return etree.Element(f"{{{EAC_NAMESPACE}}}{name}", nsmap=EAC_NAMESPACES)


def add_element(
    parent: etree._Element,
    name: str,
    text: str = "",
    attributes: Mapping[str, str | None] | None = None,
    **own: str | None,
) -> etree._Element:
    """Add a child element; attributes without a value are skipped, `own` go into our namespace."""
    element = etree.SubElement(parent, f"{{{EAC_NAMESPACE}}}{name}")
    for key, value in (attributes or {}).items():
        if value:
            element.set(key, strip_invalid_xml(value))
    for key, value in own.items():
        if value:
            element.set(f"{{{BIOBANK_NAMESPACE}}}{key}", strip_invalid_xml(value))
    if text:
        element.text = strip_invalid_xml(text)
    return element


def as_uri(text: object) -> str | None:
    """Return an address as `anyURI` allows it; None if that is impossible."""
    if not isinstance(text, str):
        return None
    quoted = quote(text, safe="/:?#@!$&'()*+,;=~%")
    return STRAY_PERCENT.sub("%25", quoted) if URI_START.match(quoted) else None


def indent(parent: etree._Element, depth: int = 1) -> None:
    """Indent with one element per line, except within mixed content."""
    children = list(parent)
    if not children or etree.QName(parent).localname in MIXED_CONTENT:
        return
    parent.text = "\n" + " " * depth
    for child in children:
        indent(child, depth + 1)
        child.tail = parent.text
    children[-1].tail = "\n" + " " * (depth - 1)
