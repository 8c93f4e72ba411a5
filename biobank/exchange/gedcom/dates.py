"""EDTF dates in the grammar of GEDCOM 7.0; dates that it cannot express keep their EDTF."""

from collections.abc import Mapping
from typing import Any

from biobank.exchange.gedcom.lines import Line, line
from biobank.records.days import iso_day
from biobank.records.edtf import Part, read_shape

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
#: Extension tag, declared in the header, for the original EDTF date.
EDTF = "_EDTF"
EDTF_URI = "https://www.loc.gov/standards/datetime/"
#: `~` means "about"; GEDCOM has no uncertainty, and "estimated" is the closest qualifier.
QUALIFIERS = {"~": "ABT", "%": "ABT", "?": "EST"}


def date_lines(part: Mapping[str, Any]) -> list[Line]:
    """Return the DATE structure of a part of a record; empty if it has no date."""
    text, original = part.get("date"), part.get("original") or {}
    if not text and not original:
        return []
    payload, exact = gedcom_date(text) if text else ("", True)
    inner = [line("PHRASE", original["text"])] if original else []
    if text and not exact:
        inner.append(line(EDTF, text))
    return [line("DATE", payload, inner)]


def gedcom_date(text: str) -> tuple[str, bool]:
    """Return the payload, and whether it expresses the EDTF date completely."""
    shape = read_shape(text)
    start, end = shape.members[0][0], shape.members[-1][1]
    if shape.kind == "interval":
        parts = [f"FROM {_first(start)}"] if start else []
        parts += [f"TO {_last(end)}"] if end else []
        return " ".join(parts), _plain(start) and _plain(end) and not shape.unknown_end
    if shape.kind == "one_of":
        return _one_of(start, end), len(shape.members) == 1 and _plain(start) and _plain(end)
    assert start, "a single date is no open end"
    return _single(start)


def _one_of(start: Part | None, end: Part | None) -> str:
    """Format a date between two dates, or before or after one."""
    if start and end:
        return f"BET {_first(start)} AND {_last(end)}"
    if start:
        return f"AFT {_first(start)}"
    return f"BEF {_last(end)}" if end else ""


def _single(part: Part) -> tuple[str, bool]:
    if _lasts(part):
        return f"BET {_first(part)} AND {_last(part)}", False
    if part.qualifier:
        # Only "about" means the same in both standards.
        return f"{QUALIFIERS[part.qualifier]} {_atom(part)}", part.qualifier == "~"
    return _atom(part), True


def _lasts(part: Part) -> bool:
    """Return whether the date is a decade, century or season, which GEDCOM expresses as a range."""
    return part.span > 1 or (part.month or 0) > len(MONTHS)


def _plain(part: Part | None) -> bool:
    """Return whether an end of a range is exact: neither approximate nor a span."""
    return part is None or not (part.qualifier or _lasts(part))


def _first(part: Part | None) -> str:
    """Return the start of a date: the first year of a decade, the first month of a season."""
    assert part
    return _of_day(part.earliest, months=part.span == 1) if _lasts(part) else _atom(part)


def _last(part: Part | None) -> str:
    assert part
    return _of_day(part.latest, months=part.span == 1) if _lasts(part) else _atom(part)


def _of_day(days: int, *, months: bool) -> str:
    """Format the month and year, or the year, of a day."""
    day = iso_day(days)
    year, month, _ = day.rsplit("-", 2)
    name = f"{MONTHS[int(month) - 1]} " if months else ""
    return f"{name}{_year(int(year))}"


def _atom(part: Part) -> str:
    day = f"{part.day} " if part.day and part.month else ""
    month = f"{MONTHS[part.month - 1]} " if part.month else ""
    return f"{day}{month}{_year(part.year)}"


def _year(year: int) -> str:
    """Format a year; years BCE count backwards from 1: the astronomical -43 is 44 BCE."""
    return str(year) if year > 0 else f"{1 - year} BCE"
