"""Access to EAC-CPF elements by local name, whatever the version of the document."""

import unicodedata
from collections.abc import Iterator
from xml.etree.ElementTree import Element


def iter_elements(element: Element, name: str) -> Iterator[Element]:
    """Yield every element of a name within `element`, including itself."""
    for descendant in element.iter():
        if descendant.tag.rpartition("}")[2] == name:
            yield descendant


def find_element(element: Element, name: str) -> Element | None:
    return next(iter_elements(element, name), None)


def normalized_text(element: Element | None) -> str:
    """Return the text of an element in composed form (NFC), with whitespace collapsed."""
    if element is None:
        return ""
    return unicodedata.normalize("NFC", " ".join("".join(element.itertext()).split()))


def first_attribute(element: Element, *names: str) -> str:
    """Return the first of `names` that is set, whatever its namespace."""
    values = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    return next((values[name].strip() for name in names if values.get(name)), "")
