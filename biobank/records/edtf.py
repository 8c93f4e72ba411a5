"""Parser of EDTF texts into their structure: single dates, sets and intervals.

``dates`` converts the result into ranges of days, ``date_formatting`` into text. The supported
syntax is listed in ``dates``.
"""

import re
from dataclasses import dataclass
from typing import Literal

from biobank.records.proleptic_calendar import last_day_of_month, shift_years, to_ordinal

MAX_EDTF_CHARS = 64  # a longer text was pasted into the wrong field
# Years added on each side by a qualifier: "about" usually means a few years, a question mark
# doubts the year itself (DESIGN §2).
QUALIFIER_YEARS = {"": 0, "?": 1, "~": 5, "%": 5}
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# First and last month of a season. Winter covers both winters that touch its year: a source that
# says "winter 1885" may mean either of them.
SEASON_MONTHS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (1, 14)}

_SINGLE = re.compile(
    r"(?P<sign>-?)(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)"
    r"(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?(?P<qualifier>[~?%]?)"
)
_HINTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), hint)
    for pattern, hint in (
        (r"[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}", "write year, month, day, as in 1885-09-18"),
        (r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", "write month and day with two digits, as in 1885-09-08"),
        (r"[0-9]{4}-[0-9]", "write the month with two digits, as in 1885-09"),
        (r"[0-9]{4} ?[-–—] ?[0-9]{4}", "write a range as 1928/1948, or [1928..1948] for a date within it"),
        (r"[0-9]{4}\.\.[0-9]{4}", "write a date within a range as [1483..1494]"),
        (r"-?[0-9]{1,3}[~?%]?", "write the year with four digits, as in 0712 or -0043"),
        (r"-?[0-9]{1,3}x{1,3}|[0-9]{2}xx|[0-9]{3}x|1xxx", "write 18XX for a century, 188X for a decade"),
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
class EdtfPart:
    """One date inside an EDTF text. ``span``: 1 year, 10 (188X) or 100 (18XX) from ``year``."""

    year: int
    span: int
    month: int | None  # 1–12, or 21–24 for spring to winter
    day: int | None
    qualifier: str
    earliest: int
    latest: int


@dataclass(frozen=True)
class EdtfExpression:
    """A parsed EDTF text. Members are (start, end), the same EdtfPart twice for a single date.

    None is an open end; ``unknown_end`` distinguishes ``1928/`` from ``1928/..``.
    """

    kind: Literal["date", "one_of", "interval"]
    members: tuple[tuple[EdtfPart | None, EdtfPart | None], ...]
    unknown_end: bool = False


def parse_expression(text: str) -> EdtfExpression:
    """Parse an EDTF text into its structure.

    Raises:
        DateError: `text` is not an EDTF date.
    """
    text = strip_bounded(text)
    if text.startswith("[") and text.endswith("]"):
        members = tuple(parse_member(item.strip()) for item in text[1:-1].split(","))
        return EdtfExpression("one_of", members)
    if text.count("/") == 1:
        start, _, end = (half.strip() for half in text.partition("/"))
        ends = (_parse_open_end(start), _parse_open_end(end))
        return EdtfExpression("interval", (_check_order(text, *ends),), unknown_end=not (start and end))
    part = parse_single(text)
    return EdtfExpression("date", ((part, part),))


def strip_bounded(text: str) -> str:
    """Return the text without surrounding spaces.

    Raises:
        DateError: the text is empty or too long.
    """
    if len(text) > MAX_EDTF_CHARS:
        raise DateError("date_too_long", f"the date is too long; the maximum is {MAX_EDTF_CHARS} characters")
    if not text.strip():
        raise DateError("date_empty", "the date is empty; leave the field out if it is unknown")
    return text.strip()


def parse_member(text: str) -> tuple[EdtfPart | None, EdtfPart | None]:
    """Parse one member of a set: a date, ``a..b``, ``..b`` or ``a..``."""
    if ".." not in text:
        part = parse_single(text)
        return part, part
    start, _, end = (half.strip() for half in text.partition(".."))
    return _check_order(text, parse_single(start) if start else None, parse_single(end) if end else None)


def _parse_open_end(text: str) -> EdtfPart | None:
    return None if text in ("", "..") else parse_single(text)


def _check_order(
    text: str, start: EdtfPart | None, end: EdtfPart | None
) -> tuple[EdtfPart | None, EdtfPart | None]:
    if start is None and end is None:
        raise DateError("date_says_nothing", f"“{_printable(text)}” is open at both ends; give one end")
    if start and end and start.earliest > end.latest:
        raise DateError("date_reversed", f"“{_printable(text)}” ends before it begins; swap the two")
    return start, end


def parse_single(text: str) -> EdtfPart:
    """Parse a single date, neither set nor interval."""
    match = _SINGLE.fullmatch(text)
    if not match:
        raise _parse_error(text)
    year_text, month_text, day_text = match["year"], match["month"], match["day"]
    span = 10 ** year_text.count("X")
    if (span > 1 and month_text) or (month_text == "XX" and day_text not in (None, "XX")):
        raise _parse_error(text)
    year = int(year_text.replace("X", "0")) * (-1 if match["sign"] else 1)
    if match["sign"] and span > 1:
        year -= span - 1  # -01XX counts away from zero: -0199 to -0100
    month = int(month_text) if month_text not in (None, "XX") else None
    day = int(day_text) if day_text not in (None, "XX") else None
    earliest, latest = _bounds(year, span, month, day)
    years = QUALIFIER_YEARS[match["qualifier"]]
    if years:
        earliest, latest = shift_years(earliest, -years), shift_years(latest, years)
    return EdtfPart(year, span, month, day, match["qualifier"], earliest, latest)


def _bounds(year: int, span: int, month: int | None, day: int | None) -> tuple[int, int]:
    if month is None:
        return to_ordinal(year, 1, 1), to_ordinal(year + span - 1, 12, 31)
    if month in SEASON_MONTHS and day is None:
        first, last = SEASON_MONTHS[month]
        years_later, last = divmod(last - 1, 12)
        return to_ordinal(year, first, 1), last_day_of_month(year + years_later, last + 1)
    if not 1 <= month <= 12:
        raise DateError(
            "date_no_such_month",
            f"{month:02} is not a month; write 1885-09, or 1914/1918 for a range of years",
        )
    if day is None:
        return to_ordinal(year, month, 1), last_day_of_month(year, month)
    return (_existing_day(year, month, day),) * 2


def _existing_day(year: int, month: int, day: int) -> int:
    try:
        return to_ordinal(year, month, day)
    except ValueError:
        short = f"{'-' if year < 0 else ''}{abs(year):04}-{month:02}"
        raise DateError(
            "date_no_such_day",
            f"{day} {MONTH_NAMES[month - 1]} {year} is not a valid day; write {short} if the day is unknown",
        ) from None


def _parse_error(text: str) -> DateError:
    for pattern, hint in _HINTS:
        if pattern.fullmatch(text):
            return DateError("date_not_understood", f"“{_printable(text)}” is not a valid date; {hint}")
    return DateError(
        "date_not_understood",
        f"“{_printable(text)}” is not a valid date; write 1885, 1885-09 or 1885-09-18, "
        "1141~ for an approximate date, [1483..1494] for a date within a range",
    )


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in text)  # no control characters in messages
