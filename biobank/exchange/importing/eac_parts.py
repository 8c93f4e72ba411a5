"""Elements, dates and localised texts in EAC-CPF documents written by Biobank."""

from typing import Any
from xml.etree.ElementTree import Element

from biobank.exchange.eac.elements import EAC, OWN

NAMES = {"": EAC, "bb": OWN}


def date_in(element: Element) -> Element | None:
    found = element.find("date", NAMES)
    return element.find("dateRange", NAMES) if found is None else found


def date_of(date: Element | None) -> dict[str, Any]:
    """Return the EDTF of a date or range, and its original text."""
    if date is None:
        return {}
    text = own(date, "original")
    original = {"text": text, "calendar": own(date, "calendar")} if text else None
    is_range = date.tag == f"{{{EAC}}}dateRange"
    return {"date": _range(date) if is_range else date.get("standardDate"), "original": original}


def _range(element: Element) -> str:
    start, end = element.find("fromDate", NAMES), element.find("toDate", NAMES)
    first = ".." if start is None else start.get("standardDate", "")
    last = end.get("standardDate") if end is not None else ""
    if not last and end is not None and end.get("status") == "ongoing":
        last = ".."
    return f"{first}/{last or ''}"


def by_language(element: Element, path: str) -> dict[str, str]:
    """Return texts by language; a text without a language has another meaning and is skipped."""
    return {
        lang: text_of(it) for it in every(element, path) if (lang := it.get("languageOfElement"))
    }


def every(element: Element, path: str) -> list[Element]:
    return element.findall(path, NAMES)


def own(element: Element, name: str) -> str | None:
    return element.get(f"{{{OWN}}}{name}")


def own_of(element: Element, path: str, name: str) -> str | None:
    found = element.find(path, NAMES)
    return own(found, name) if found is not None else None


def text_of(element: Element | None) -> str:
    """Return all text of an element and its descendants."""
    return "" if element is None else "".join(element.itertext())


def kept(part: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if value not in (None, "", [], {})}
