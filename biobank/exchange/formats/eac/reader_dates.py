"""Dates of birth and death in EAC-CPF: a date, a range or a text."""

import unicodedata
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from biobank.exchange.imports.messages import ImportMessage, import_message
from biobank.records.date_parser.parser import parse_typed_date
from biobank.records.dates import parse_vital_date
from biobank.records.edtf import DateError
from biobank.records.validation import truncate_for_display


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


#: Values of `certainty` that mark an approximate date.
APPROXIMATE_CERTAINTIES = frozenset(("approximate", "circa", "ca", "about", "inferred"))


def read_life_dates(document: Element, notices: list[ImportMessage]) -> dict[str, dict[str, Any]]:
    """Return birth and death; a single date is neither, and is reported in the notices."""
    dates: dict[str, dict[str, Any]] = {}
    for exist_dates in iter_elements(document, "existDates"):
        date_range = find_element(exist_dates, "dateRange")
        if date_range is None:
            for single_date in iter_elements(exist_dates, "date"):
                if written := normalized_text(single_date) or first_attribute(single_date, "standardDate"):
                    notices.append(import_message("eac_date_alone", text=truncate_for_display(written, 80)))
            continue
        for fact, name in (("birth", "fromDate"), ("death", "toDate")):
            date = find_element(date_range, name)
            if date is not None and fact not in dates and (text := _read_date(date, notices)):
                dates[fact] = {"date": text}
    return dates


def _read_date(date: Element, notices: list[ImportMessage]) -> str:
    """Return the EDTF of a date, or an empty string if it cannot be parsed."""
    not_before, not_after = first_attribute(date, "notBefore"), first_attribute(date, "notAfter")
    standard = first_attribute(date, "standardDate")
    approximate = "~" if first_attribute(date, "certainty").lower() in APPROXIMATE_CERTAINTIES else ""
    interval = f"[{not_before}..{not_after}]" if not_before or not_after else ""
    written = normalized_text(date)
    for candidate in (f"{standard}{approximate}" if standard else "", standard, interval):
        if text := _normalize_edtf(candidate):
            return text
    try:
        return parse_vital_date(parse_typed_date(written))[0].text if written else ""
    except DateError:
        notices.append(import_message("eac_date_unread", text=truncate_for_display(written, 80)))
        return ""


def _normalize_edtf(text: str) -> str:
    try:
        return parse_vital_date(text)[0].text if text else ""
    except DateError:
        return ""
