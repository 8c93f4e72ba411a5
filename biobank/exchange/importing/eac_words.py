"""Access to EAC-CPF elements by local name, whatever the version of the document."""

import unicodedata
from collections.abc import Iterator
from xml.etree.ElementTree import Element


def every(element: Element, name: str) -> Iterator[Element]:
    """Yield every element of a name within `element`, including itself."""
    for it in element.iter():
        if it.tag.rpartition("}")[2] == name:
            yield it


def one(element: Element, name: str) -> Element | None:
    return next(every(element, name), None)


def text_of(element: Element | None) -> str:
    """Return the text of an element in composed form (NFC), with whitespace collapsed."""
    if element is None:
        return ""
    return unicodedata.normalize("NFC", " ".join("".join(element.itertext()).split()))


def attribute(element: Element, *names: str) -> str:
    """Return the first of `names` that is set, whatever its namespace."""
    found = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    return next((found[name].strip() for name in names if found.get(name)), "")
