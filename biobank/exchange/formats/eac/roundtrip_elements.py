"""Elements, dates and localised texts in EAC-CPF documents written by Biobank."""

from typing import Any
from xml.etree.ElementTree import Element

from biobank.exchange.formats.eac.elements import BIOBANK_NAMESPACE, EAC_NAMESPACE

XPATH_NAMESPACES = {"": EAC_NAMESPACE, "bb": BIOBANK_NAMESPACE}


def find_date(element: Element) -> Element | None:
    date = element.find("date", XPATH_NAMESPACES)
    return element.find("dateRange", XPATH_NAMESPACES) if date is None else date


def date_fields(date: Element | None) -> dict[str, Any]:
    """Return the EDTF of a date or range, and its original text."""
    if date is None:
        return {}
    text = bank_attribute(date, "original")
    original = {"text": text, "calendar": bank_attribute(date, "calendar")} if text else None
    is_range = date.tag == f"{{{EAC_NAMESPACE}}}dateRange"
    return {
        "date": _range_edtf(date) if is_range else date.get("standardDate"),
        "original": original,
    }


def _range_edtf(element: Element) -> str:
    start, end = (
        element.find("fromDate", XPATH_NAMESPACES),
        element.find("toDate", XPATH_NAMESPACES),
    )
    first = ".." if start is None else start.get("standardDate", "")
    last = end.get("standardDate") if end is not None else ""
    if not last and end is not None and end.get("status") == "ongoing":
        last = ".."
    return f"{first}/{last or ''}"


def text_by_language(element: Element, path: str) -> dict[str, str]:
    """Return texts by language; a text without a language has another meaning and is skipped."""
    return {
        lang: raw_text(child)
        for child in find_all(element, path)
        if (lang := child.get("languageOfElement"))
    }


def find_all(element: Element, path: str) -> list[Element]:
    return element.findall(path, XPATH_NAMESPACES)


def bank_attribute(element: Element, name: str) -> str | None:
    return element.get(f"{{{BIOBANK_NAMESPACE}}}{name}")


def bank_attribute_at(element: Element, path: str, name: str) -> str | None:
    child = element.find(path, XPATH_NAMESPACES)
    return bank_attribute(child, name) if child is not None else None


def raw_text(element: Element | None) -> str:
    """Return all text of an element and its descendants."""
    return "" if element is None else "".join(element.itertext())


def drop_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}
