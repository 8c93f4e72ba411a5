"""EDTF dates in the grammar of GEDCOM 7.0; what it cannot say stays beside it as EDTF."""

from collections.abc import Mapping
from typing import Any

from biobank.exchange.gedcom.lines import Line, line
from biobank.records.days import iso_day
from biobank.records.edtf import Part, read_shape

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
#: An extension that is declared in the header: the date as the bank has it.
EDTF = "_EDTF"
EDTF_URI = "https://www.loc.gov/standards/datetime/"
#: `~` is about; GEDCOM has no word for a doubt, and "estimated" comes nearest.
QUALIFIERS = {"~": "ABT", "%": "ABT", "?": "EST"}


def date_lines(part: Mapping[str, Any]) -> list[Line]:
    """The DATE of a part of a record, none where it has none."""
    text, original = part.get("date"), part.get("original") or {}
    if not text and not original:
        return []
    payload, exact = gedcom_date(text) if text else ("", True)
    inner = [line("PHRASE", original["text"])] if original else []
    if text and not exact:
        inner.append(line(EDTF, text))
    return [line("DATE", payload, inner)]


def gedcom_date(text: str) -> tuple[str, bool]:
    """The payload, and whether it says all that the EDTF does."""
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
    """Some time between two dates, or on one side of one."""
    if start and end:
        return f"BET {_first(start)} AND {_last(end)}"
    if start:
        return f"AFT {_first(start)}"
    return f"BEF {_last(end)}" if end else ""


def _single(part: Part) -> tuple[str, bool]:
    if _lasts(part):
        return f"BET {_first(part)} AND {_last(part)}", False
    if part.qualifier:
        # Of these only "about" means the same in both.
        return f"{QUALIFIERS[part.qualifier]} {_atom(part)}", part.qualifier == "~"
    return _atom(part), True


def _lasts(part: Part) -> bool:
    """Whether it is a decade, a century or a season, which GEDCOM tells by its two ends."""
    return part.span > 1 or (part.month or 0) > len(MONTHS)


def _plain(part: Part | None) -> bool:
    """Whether an end of a range is told whole: there it can be neither about nor long."""
    return part is None or not (part.qualifier or _lasts(part))


def _first(part: Part | None) -> str:
    """The beginning of a date: of a decade its first year, of a season its first month."""
    assert part
    return _of_day(part.earliest, months=part.span == 1) if _lasts(part) else _atom(part)


def _last(part: Part | None) -> str:
    assert part
    return _of_day(part.latest, months=part.span == 1) if _lasts(part) else _atom(part)


def _of_day(days: int, *, months: bool) -> str:
    """The month and year, or the year, that a day lies in."""
    day = iso_day(days)
    year, month, _ = day.rsplit("-", 2)
    name = f"{MONTHS[int(month) - 1]} " if months else ""
    return f"{name}{_year(int(year))}"


def _atom(part: Part) -> str:
    day = f"{part.day} " if part.day and part.month else ""
    month = f"{MONTHS[part.month - 1]} " if part.month else ""
    return f"{day}{month}{_year(part.year)}"


def _year(year: int) -> str:
    """Years BCE count from 1 backwards: the astronomical -43 is 44 BCE."""
    return str(year) if year > 0 else f"{1 - year} BCE"
