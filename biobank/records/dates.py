"""EDTF dates (ISO 8601-2:2019): levels 0 and 1 and parts of level 2.

Supported: ``1885``, ``1885-09``, ``1885-09-18``, ``0712``, ``-0043`` (44 BCE), seasons ``1885-21``,
unknown digits ``18XX`` ``188X`` ``1885-XX`` ``1885-09-XX``, a trailing ``~`` (approximate), ``?``
(uncertain) or ``%`` (both), one of ``[a,b]`` ``[a..b]`` ``[..b]`` ``[a..]``, and intervals ``a/b``
``a/..`` ``../b``.

The ``edtf`` package is not used: it takes about 4 ms per date, its error messages do not help
users, and it widens uncertain dates by rules of its own. The subset that biographies need is a few
regular expressions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from biobank.records.edtf import DateError as DateError
from biobank.records.edtf import parse_expression, parse_member, parse_single, strip_bounded
from biobank.records.proleptic_calendar import to_ordinal
from biobank.records.proleptic_calendar import year_of as year_of

#: Dates whose meaning is cached; a page parses each of its dates several times.
DATE_CACHE_SIZE = 8_192


@dataclass(frozen=True)
class EdtfDate:
    """A date and the range of days it may mean, inclusive; None for an open end.

    Days are proleptic Gregorian ordinals: 0001-01-01 is 1, days BCE are zero or negative.
    """

    text: str
    earliest: int | None
    latest: int | None
    approximate: bool
    uncertain: bool
    interval: bool


@lru_cache(maxsize=DATE_CACHE_SIZE)
def parse_date(text: str) -> EdtfDate:
    """Parse an EDTF date.

    Raises:
        DateError: `text` is not an EDTF date. No other exception is raised.
    """
    text = text.strip()
    shape = parse_expression(text)
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


def parse_vital_date(text: str) -> tuple[EdtfDate, str | None]:
    """Parse the date of a birth or death; an interval ``a/b`` becomes ``[a..b]``, with a notice.

    Raises:
        DateError: `text` is not an EDTF date.
    """
    date = parse_date(text)
    if not date.interval:
        return date, None
    start, _, end = (half.strip() for half in date.text.partition("/"))
    between = f"[{start.strip('.')}..{end.strip('.')}]"
    notice = (
        f"“{date.text}” means a whole period, but a birth or death happens on one day; "
        f"it is read as {between}, a day within the period"
    )
    return replace(date, text=between, interval=False), notice


def parse_date_range(text: str) -> tuple[int | None, int | None]:
    """Parse a search filter into its earliest and latest day; None for an open end.

    Accepts EDTF, ``a..b``, ``..b``, ``a..``, ``<a`` and ``>a``. ``<1900`` ends on the last day of
    1899, ``>1950`` begins on the first day of 1951.

    Raises:
        DateError: `text` is none of these.
    """
    text = strip_bounded(text)
    if text[0] in "<>":
        part = parse_single(text[1:].strip())
        return (None, part.earliest - 1) if text[0] == "<" else (part.latest + 1, None)
    if ".." in text and "/" not in text and "[" not in text:
        start, end = parse_member(text)
        return start.earliest if start else None, end.latest if end else None
    date = parse_date(text)
    return date.earliest, date.latest


def centuries(earliest: int | None, latest: int | None) -> Sequence[int]:
    """Return every century that the days touch: 19 is 1801–1900, -1 is 100–1 BCE, 0 does not exist.

    An open end counts as the known one; without days the result is empty. Exactly 1800–1899 is the
    meaning of ``18XX`` and counts as the 19th century only. The result is a ``range`` unless the
    days span the year 1.
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
    """Return the first and last year: 1801 and 1900 for 19, -99 and 0 (1 BCE) for -1."""
    last = 100 * century if century > 0 else 100 * (century + 1)
    return last - 99, last


def first_day_of_century(century: int, before: int = 0) -> int:
    """Return the first day of a century, or of the one `before` centuries earlier."""
    earlier = century - before
    # Century 0 does not exist.
    if century > 0 >= earlier:
        earlier -= 1
    return to_ordinal(years_of_century(earlier)[0], 1, 1)


def _century(year: int) -> int:
    return (year - 1) // 100 + (1 if year >= 1 else 0)
