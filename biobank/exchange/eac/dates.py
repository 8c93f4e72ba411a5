"""EDTF dates in EAC-CPF: the date in `standardDate`, with its earliest and latest day."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from biobank.exchange.eac.elements import add
from biobank.records.date_words import date_in_words
from biobank.records.dates import parse_date
from biobank.records.days import iso_day

Part = Mapping[str, Any]


def add_date(
    parent: etree._Element, part: Part, lang: str, cites: str | None = None
) -> etree._Element | None:
    """Add the date of a part of a record: a `dateRange` for an interval, else a `date`.

    Returns None if the part has neither a date nor citations.
    """
    text = part.get("date")
    if not text and not part.get("original") and not cites:
        return None
    start, slash, end = (text or "").partition("/")
    if slash and f"{start.strip()}/{end.strip()}" == text:
        made = add(parent, "dateRange", "", {"sourceReference": cites}, **_original(part))
        if start != "..":
            _end(made, "fromDate", start, lang)
        if end != ".." or start == "..":
            _end(made, "toDate", end, lang)
        else:
            add(made, "toDate", "", {"status": "ongoing"})
        return made
    return add_moment(parent, "date", part, lang, cites)


def add_moment(
    parent: etree._Element, name: str, part: Part, lang: str, cites: str | None = None
) -> etree._Element:
    """Add an element `name` with one date, `status="unknown"` if there is none."""
    text = part.get("date")
    original = part.get("original") or {}
    words = date_in_words(text, lang) if text else original.get("text", "")
    attributes = {**(_days(text) if text else {"status": "unknown"}), "sourceReference": cites}
    return add(parent, name, words, attributes, **_original(part))


def _end(parent: etree._Element, name: str, text: str, lang: str) -> None:
    if text:
        add(parent, name, date_in_words(text, lang), _days(text))
    else:
        add(parent, name, "", {"status": "unknown"})


def _days(text: str) -> dict[str, str]:
    found = parse_date(text)
    ends = {"notBefore": found.earliest, "notAfter": found.latest}
    days = {name: iso_day(day) for name, day in ends.items() if day is not None}
    return {"standardDate": text, **(days if found.earliest != found.latest else {})}


def _original(part: Part) -> dict[str, str]:
    """Return the date as the source states it, in its own calendar."""
    original = part.get("original") or {}
    return {"original": original.get("text", ""), "calendar": original.get("calendar", "")}
