"""EDTF dates in EAC-CPF: the date in `standardDate`, with its earliest and latest day."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from biobank.exchange.formats.eac.elements import add_element
from biobank.records.date_formatting import format_edtf
from biobank.records.dates import parse_date
from biobank.records.proleptic_calendar import format_iso

RecordPart = Mapping[str, Any]


def add_date(
    parent: etree._Element, part: RecordPart, lang: str, citations: str | None = None
) -> etree._Element | None:
    """Add the date of a part of a record: a `dateRange` for an interval, else a `date`.

    Returns None if the part has neither a date nor citations.
    """
    text = part.get("date")
    if not text and not part.get("original") and not citations:
        return None
    start, slash, end = (text or "").partition("/")
    if slash and f"{start.strip()}/{end.strip()}" == text:
        range_element = add_element(
            parent, "dateRange", "", {"sourceReference": citations}, **_original_date(part)
        )
        if start != "..":
            _add_range_end(range_element, "fromDate", start, lang)
        if end != ".." or start == "..":
            _add_range_end(range_element, "toDate", end, lang)
        else:
            add_element(range_element, "toDate", "", {"status": "ongoing"})
        return range_element
    return add_single_date(parent, "date", part, lang, citations)


def add_single_date(
    parent: etree._Element, name: str, part: RecordPart, lang: str, citations: str | None = None
) -> etree._Element:
    """Add an element `name` with one date, `status="unknown"` if there is none."""
    text = part.get("date")
    original = part.get("original") or {}
    text_form = format_edtf(text, lang) if text else original.get("text", "")
    attributes = {**(_date_attributes(text) if text else {"status": "unknown"}), "sourceReference": citations}
    return add_element(parent, name, text_form, attributes, **_original_date(part))


def _add_range_end(parent: etree._Element, name: str, text: str, lang: str) -> None:
    if text:
        add_element(parent, name, format_edtf(text, lang), _date_attributes(text))
    else:
        add_element(parent, name, "", {"status": "unknown"})


def _date_attributes(text: str) -> dict[str, str]:
    date = parse_date(text)
    ends = {"notBefore": date.earliest, "notAfter": date.latest}
    days = {name: format_iso(day) for name, day in ends.items() if day is not None}
    return {"standardDate": text, **(days if date.earliest != date.latest else {})}


def _original_date(part: RecordPart) -> dict[str, str]:
    """Return the date as the source states it, in its own calendar."""
    original = part.get("original") or {}
    return {"original": original.get("text", ""), "calendar": original.get("calendar", "")}
