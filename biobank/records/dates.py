"""Dates as people write them in records: EDTF (ISO 8601-2:2019), levels 0 and 1 and some of 2.

Read here: ``1885``, ``1885-09``, ``1885-09-18``, ``0712``, ``-0043`` (44 BCE), seasons ``1885-21``,
unknown digits ``18XX`` ``188X`` ``1885-XX`` ``1885-09-XX``, a trailing ``~`` (about), ``?``
(uncertain) or ``%`` (both), one of ``[a,b]`` ``[a..b]`` ``[..b]`` ``[a..]``, and intervals ``a/b``
``a/..`` ``../b``.

Not the ``edtf`` package: it takes some 4 ms a parse, raises errors nobody can act on, and pads
uncertain dates by rules of its own.  The part that biographies need is a few regular expressions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from biobank.records.days import day_of, year_of
from biobank.records.edtf import DateError, bounded, member, read_shape, single

__all__ = [
    "DateError",
    "EdtfDate",
    "centuries",
    "date_range",
    "moment",
    "parse_date",
    "year_of",
]


@dataclass(frozen=True)
class EdtfDate:
    """A date and the days it may fall on, both ends included; None where an end is open.

    Days are proleptic Gregorian ordinals: 0001-01-01 is 1, days BCE are zero or negative.
    """

    text: str
    earliest: int | None
    latest: int | None
    approximate: bool
    uncertain: bool
    interval: bool


def parse_date(text: str) -> EdtfDate:
    """Read an EDTF text; DateError (and nothing else) where it is none."""
    text = text.strip()
    shape = read_shape(text)
    starts = [start.earliest if start else None for start, _ in shape.members]
    ends = [end.latest if end else None for _, end in shape.members]
    qualifiers = {part.qualifier for member in shape.members for part in member if part}
    return EdtfDate(
        text=text,
        earliest=None if None in starts else min(day for day in starts if day is not None),
        latest=None if None in ends else max(day for day in ends if day is not None),
        approximate=bool(qualifiers & {"~", "%"}),
        uncertain=bool(qualifiers & {"?", "%"}),
        interval=shape.kind == "interval",
    )


def moment(text: str) -> tuple[EdtfDate, str | None]:
    """Read the date of a birth or death; a span ``a/b`` becomes ``[a..b]``, told in the notice."""
    found = parse_date(text)
    if not found.interval:
        return found, None
    start, _, end = (half.strip() for half in found.text.partition("/"))
    between = f"[{start.strip('.')}..{end.strip('.')}]"
    notice = (
        f"“{found.text}” means throughout; a birth or death is one moment, "
        f"so it is read as {between}, some time between"
    )
    return replace(found, text=between, interval=False), notice


def date_range(text: str) -> tuple[int | None, int | None]:
    """Earliest and latest day of a search filter: EDTF, ``a..b``, ``..b``, ``a..``, ``<a``, ``>a``.

    ``<1900`` ends the day before 1900 begins, ``>1950`` begins the day after it ends.
    """
    text = bounded(text)
    if text[0] in "<>":
        part = single(text[1:].strip())
        return (None, part.earliest - 1) if text[0] == "<" else (part.latest + 1, None)
    if ".." in text and "/" not in text and "[" not in text:
        start, end = member(text)
        return start.earliest if start else None, end.latest if end else None
    found = parse_date(text)
    return found.earliest, found.latest


def centuries(earliest: int | None, latest: int | None) -> Sequence[int]:
    """Every century the days touch, in order: 19 is 1801–1900, -1 is 100–1 BCE, there is no 0.

    An open end counts as the known one; nothing known is no century.  Exactly 1800–1899 is what
    ``18XX`` stands for and what people call the 19th century, so it is 19 alone.  A ``range``,
    but for days on both sides of the year 1.
    """
    known = [day for day in (earliest, latest) if day is not None]
    if not known:
        return range(0)
    first, last = year_of(min(known)), year_of(max(known))
    if first >= 0 and first % 100 == 0 and last == first + 99:
        first += 1
    span = range(_century(first), _century(last) + 1)
    return tuple(century for century in span if century) if 0 in span else span


def years_of_century(century: int) -> tuple[int, int]:
    """The first and the last year: 1801 and 1900 of 19, -99 and 0 of -1, 0 being 1 BCE."""
    last = 100 * century if century > 0 else 100 * (century + 1)
    return last - 99, last


def first_day_of_century(century: int, before: int = 0) -> int:
    """The first day of a century, or of the one `before` centuries before it."""
    earlier = century - before
    # There is no century 0.
    if century > 0 >= earlier:
        earlier -= 1
    return day_of(years_of_century(earlier)[0], 1, 1)


def _century(year: int) -> int:
    return (year - 1) // 100 + (1 if year >= 1 else 0)
