"""EDTF dates in the grammar of GEDCOM 7.0; dates that it cannot express keep their EDTF."""

from collections.abc import Mapping
from typing import Any

from gedcom7.types import GedcomStructure

from biobank.exchange.formats.gedcom.structures import make_structure
from biobank.records.edtf import EdtfPart, parse_expression
from biobank.records.proleptic_calendar import format_iso

GEDCOM_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
#: Extension tag, declared in the header, for the original EDTF date.
EDTF_TAG = "_EDTF"
EDTF_URI = "https://www.loc.gov/standards/datetime/"
#: `~` means "about"; GEDCOM has no uncertainty, and "estimated" is the closest qualifier.
GEDCOM_QUALIFIERS = {"~": "ABT", "%": "ABT", "?": "EST"}


def date_structures(part: Mapping[str, Any]) -> list[GedcomStructure]:
    """Return the DATE structure of a part of a record; empty if it has no date."""
    text, original = part.get("date"), part.get("original") or {}
    if not text and not original:
        return []
    payload, exact = format_gedcom_date(text) if text else ("", True)
    substructures = [make_structure("PHRASE", original["text"])] if original else []
    if text and not exact:
        substructures.append(make_structure(EDTF_TAG, text))
    return [make_structure("DATE", payload, substructures)]


def format_gedcom_date(text: str) -> tuple[str, bool]:
    """Return the payload, and whether it expresses the EDTF date completely."""
    shape = parse_expression(text)
    start, end = shape.members[0][0], shape.members[-1][1]
    if shape.kind == "interval":
        parts = [f"FROM {_start_of(start)}"] if start else []
        parts += [f"TO {_end_of(end)}"] if end else []
        return " ".join(parts), _is_exact(start) and _is_exact(end) and not shape.unknown_end
    if shape.kind == "one_of":
        return _between(start, end), len(shape.members) == 1 and _is_exact(start) and _is_exact(end)
    assert start, "a single date is no open end"
    return _date_or_span(start)


def _between(start: EdtfPart | None, end: EdtfPart | None) -> str:
    """Format a date between two dates, or before or after one."""
    if start and end:
        return f"BET {_start_of(start)} AND {_end_of(end)}"
    if start:
        return f"AFT {_start_of(start)}"
    return f"BEF {_end_of(end)}" if end else ""


def _date_or_span(part: EdtfPart) -> tuple[str, bool]:
    if _is_span(part):
        return f"BET {_start_of(part)} AND {_end_of(part)}", False
    if part.qualifier:
        # Only "about" means the same in both standards.
        return f"{GEDCOM_QUALIFIERS[part.qualifier]} {_single_date(part)}", part.qualifier == "~"
    return _single_date(part), True


def _is_span(part: EdtfPart) -> bool:
    """Return whether the date is a decade, century or season, which GEDCOM expresses as a range."""
    return part.span > 1 or (part.month or 0) > len(GEDCOM_MONTHS)


def _is_exact(part: EdtfPart | None) -> bool:
    """Return whether an end of a range is exact: neither approximate nor a span."""
    return part is None or not (part.qualifier or _is_span(part))


def _start_of(part: EdtfPart | None) -> str:
    """Return the start of a date: the first year of a decade, the first month of a season."""
    assert part
    return _month_or_year(part.earliest, months=part.span == 1) if _is_span(part) else _single_date(part)


def _end_of(part: EdtfPart | None) -> str:
    assert part
    return _month_or_year(part.latest, months=part.span == 1) if _is_span(part) else _single_date(part)


def _month_or_year(days: int, *, months: bool) -> str:
    """Format the month and year, or the year, of a day."""
    day = format_iso(days)
    year, month, _ = day.rsplit("-", 2)
    name = f"{GEDCOM_MONTHS[int(month) - 1]} " if months else ""
    return f"{name}{_year(int(year))}"


def _single_date(part: EdtfPart) -> str:
    day = f"{part.day} " if part.day and part.month else ""
    month = f"{GEDCOM_MONTHS[part.month - 1]} " if part.month else ""
    return f"{day}{month}{_year(part.year)}"


def _year(year: int) -> str:
    """Format a year; years BCE count backwards from 1: the astronomical -43 is 44 BCE."""
    return str(year) if year > 0 else f"{1 - year} BCE"
