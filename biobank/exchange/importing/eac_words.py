"""Elements of EAC-CPF by their local names, whatever version they are of."""

import unicodedata
from collections.abc import Iterator
from xml.etree.ElementTree import Element


def every(element: Element, name: str) -> Iterator[Element]:
    """Every element of a name within `element`, itself included."""
    for it in element.iter():
        if it.tag.rpartition("}")[2] == name:
            yield it


def one(element: Element, name: str) -> Element | None:
    return next(every(element, name), None)


def text_of(element: Element | None) -> str:
    """The text within an element, in composed form, spaces and breaks as one space."""
    if element is None:
        return ""
    return unicodedata.normalize("NFC", " ".join("".join(element.itertext()).split()))


def attribute(element: Element, *names: str) -> str:
    """The first of `names` that the element has, whatever their namespace."""
    found = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    return next((found[name].strip() for name in names if found.get(name)), "")
