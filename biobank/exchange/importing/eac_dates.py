"""Dates of birth and death in EAC-CPF: a date, a range or a text."""

from typing import Any
from xml.etree.ElementTree import Element

from biobank.exchange.importing.eac_words import attribute, every, one, text_of
from biobank.exchange.importing.said import Said, say
from biobank.records.dates import moment
from biobank.records.edtf import DateError
from biobank.records.problems import shown
from biobank.records.typed_dates import read_typed

#: Values of `certainty` that mark an approximate date.
ABOUT = frozenset(("approximate", "circa", "ca", "about", "inferred"))


def dates_of(document: Element, notices: list[Said]) -> dict[str, dict[str, Any]]:
    """Return birth and death; a single date is neither, and is reported in the notices."""
    found: dict[str, dict[str, Any]] = {}
    for lived in every(document, "existDates"):
        span = one(lived, "dateRange")
        if span is None:
            for alone in every(lived, "date"):
                if told := text_of(alone) or attribute(alone, "standardDate"):
                    notices.append(say("eac_date_alone", text=shown(told, 80)))
            continue
        for fact, name in (("birth", "fromDate"), ("death", "toDate")):
            date = one(span, name)
            if date is not None and fact not in found and (text := _read(date, notices)):
                found[fact] = {"date": text}
    return found


def _read(date: Element, notices: list[Said]) -> str:
    """Return the EDTF of a date, or an empty string if it cannot be parsed."""
    first, last = attribute(date, "notBefore"), attribute(date, "notAfter")
    exact = attribute(date, "standardDate")
    about = "~" if attribute(date, "certainty").lower() in ABOUT else ""
    between = f"[{first}..{last}]" if first or last else ""
    told = text_of(date)
    for candidate in (f"{exact}{about}" if exact else "", exact, between):
        if text := _edtf(candidate):
            return text
    try:
        return moment(read_typed(told))[0].text if told else ""
    except DateError:
        notices.append(say("eac_date_unread", text=shown(told, 80)))
        return ""


def _edtf(text: str) -> str:
    try:
        return moment(text)[0].text if text else ""
    except DateError:
        return ""
