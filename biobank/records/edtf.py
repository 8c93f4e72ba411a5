"""Parser of EDTF texts into their structure: single dates, sets and intervals.

``dates`` converts the result into ranges of days, ``date_formatting`` into text. The supported
syntax is listed in ``dates``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from biobank.records.days import day_of, last_day_of_month, shift_years

MAX_LENGTH = 64  # a longer text was pasted into the wrong field
# Years added on each side by a qualifier: "about" usually means a few years, a question mark
# doubts the year itself (DESIGN §2).
WIDENING = {"": 0, "?": 1, "~": 5, "%": 5}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# First and last month of a season. Winter covers both winters that touch its year: a source that
# says "winter 1885" may mean either of them.
SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (1, 14)}

_SINGLE = re.compile(
    r"(?P<sign>-?)(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)"
    r"(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?(?P<qualifier>[~?%]?)"
)
_HINTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), way_out)
    for pattern, way_out in (
        (r"[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}", "write year, month, day, as in 1885-09-18"),
        (
            r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}",
            "write month and day with two digits, as in 1885-09-08",
        ),
        (r"[0-9]{4}-[0-9]", "write the month with two digits, as in 1885-09"),
        (
            r"[0-9]{4} ?[-–—] ?[0-9]{4}",
            "write a span as 1928/1948, “some time between” as [1928..1948]",
        ),
        (r"[0-9]{4}\.\.[0-9]{4}", "write “some time between” as [1483..1494]"),
        (r"-?[0-9]{1,3}[~?%]?", "write the year with four digits, as in 0712 or -0043"),
        (
            r"-?[0-9]{1,3}x{1,3}|[0-9]{2}xx|[0-9]{3}x|1xxx",
            "write 18XX for a century, 188X for a decade",
        ),
        (r"(c\.?|ca\.?|circa|about|təx\w*\.?|около|ок\.?) ?[0-9]{3,4}", "write “about” as 1141~"),
        (r".*T[0-9:]+.*", "write the day without a time, as in 1885-09-18"),
        (r"\{.*\}", "write one of several dates as [1713,1717]"),
        (r".*(\?~|~\?).*", "write % for both uncertain and approximate, as in 1141%"),
    )
)


class DateError(ValueError):
    """A date that cannot be parsed: ``code`` for programs, ``message`` (English) for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Part:
    """One date inside an EDTF text. ``span``: 1 year, 10 (188X) or 100 (18XX) from ``year``."""

    year: int
    span: int
    month: int | None  # 1–12, or 21–24 for spring to winter
    day: int | None
    qualifier: str
    earliest: int
    latest: int


@dataclass(frozen=True)
class Shape:
    """A parsed EDTF text. Members are (start, end), the same EdtfPart twice for a single date.

    None is an open end; ``unknown_end`` distinguishes ``1928/`` from ``1928/..``.
    """

    kind: Literal["date", "one_of", "interval"]
    members: tuple[tuple[Part | None, Part | None], ...]
    unknown_end: bool = False


def read_shape(text: str) -> Shape:
    """Parse an EDTF text into its structure.

    Raises:
        DateError: `text` is not an EDTF date.
    """
    text = bounded(text)
    if text.startswith("[") and text.endswith("]"):
        members = tuple(member(item.strip()) for item in text[1:-1].split(","))
        return Shape("one_of", members)
    if text.count("/") == 1:
        start, _, end = (half.strip() for half in text.partition("/"))
        ends = (_open_orsingle(start), _open_orsingle(end))
        return Shape("interval", (_in_order(text, *ends),), unknown_end=not (start and end))
    part = single(text)
    return Shape("date", ((part, part),))


def bounded(text: str) -> str:
    """Return the text without surrounding spaces.

    Raises:
        DateError: the text is empty or too long.
    """
    if len(text) > MAX_LENGTH:
        raise DateError("date_too_long", f"a date has at most {MAX_LENGTH} characters")
    if not text.strip():
        raise DateError("date_empty", "there is no date here; leave the field out if none is known")
    return text.strip()


def member(text: str) -> tuple[Part | None, Part | None]:
    """Parse one member of a set: a date, ``a..b``, ``..b`` or ``a..``."""
    if ".." not in text:
        part = single(text)
        return part, part
    start, _, end = (half.strip() for half in text.partition(".."))
    return _in_order(text, single(start) if start else None, single(end) if end else None)


def _open_orsingle(text: str) -> Part | None:
    return None if text in ("", "..") else single(text)


def _in_order(text: str, start: Part | None, end: Part | None) -> tuple[Part | None, Part | None]:
    if start is None and end is None:
        raise DateError("date_says_nothing", f"“{_shown(text)}” is open at both ends; give one end")
    if start and end and start.earliest > end.latest:
        raise DateError("date_reversed", f"“{_shown(text)}” ends before it begins; swap the two")
    return start, end


def single(text: str) -> Part:
    """Parse a single date, neither set nor interval."""
    found = _SINGLE.fullmatch(text)
    if not found:
        raise _not_understood(text)
    year_text, month_text, day_text = found["year"], found["month"], found["day"]
    span = 10 ** year_text.count("X")
    if (span > 1 and month_text) or (month_text == "XX" and day_text not in (None, "XX")):
        raise _not_understood(text)
    year = int(year_text.replace("X", "0")) * (-1 if found["sign"] else 1)
    if found["sign"] and span > 1:
        year -= span - 1  # -01XX counts away from zero: -0199 to -0100
    month = int(month_text) if month_text not in (None, "XX") else None
    day = int(day_text) if day_text not in (None, "XX") else None
    earliest, latest = _bounds(year, span, month, day)
    years = WIDENING[found["qualifier"]]
    if years:
        earliest, latest = shift_years(earliest, -years), shift_years(latest, years)
    return Part(year, span, month, day, found["qualifier"], earliest, latest)


def _bounds(year: int, span: int, month: int | None, day: int | None) -> tuple[int, int]:
    if month is None:
        return day_of(year, 1, 1), day_of(year + span - 1, 12, 31)
    if month in SEASONS and day is None:
        first, last = SEASONS[month]
        after, last = divmod(last - 1, 12)
        return day_of(year, first, 1), last_day_of_month(year + after, last + 1)
    if not 1 <= month <= 12:
        raise DateError(
            "date_no_such_month",
            f"{month:02} is not a month; write 1885-09, or 1914/1918 for a span of years",
        )
    if day is None:
        return day_of(year, month, 1), last_day_of_month(year, month)
    return (_existing_day(year, month, day),) * 2


def _existing_day(year: int, month: int, day: int) -> int:
    try:
        return day_of(year, month, day)
    except ValueError:
        short = f"{'-' if year < 0 else ''}{abs(year):04}-{month:02}"
        raise DateError(
            "date_no_such_day",
            f"{day} {MONTHS[month - 1]} {year} is not a day of the calendar; "
            f"write {short} if the day is not known",
        ) from None


def _not_understood(text: str) -> DateError:
    for pattern, way_out in _HINTS:
        if pattern.fullmatch(text):
            return DateError(
                "date_not_understood", f"“{_shown(text)}” is not a date here; {way_out}"
            )
    return DateError(
        "date_not_understood",
        f"“{_shown(text)}” is not a date here; write 1885, 1885-09 or 1885-09-18, "
        "1141~ for about, [1483..1494] for some time between",
    )


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text)  # no control characters in messages
