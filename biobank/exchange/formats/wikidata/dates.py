"""Conversion of Julian dates to the Gregorian calendar.

Source: the day numbers of E. G. Richards, "Calendars", in Explanatory Supplement to the
Astronomical Almanac (3rd ed., 2013), 15.11; here for astronomical years.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from biobank.exchange.formats.wikidata.statements import Snaks, Statement, parse_item_id
from biobank.exchange.imports.messages import ImportFailed, ImportMessage, import_message
from biobank.records.dates import parse_date
from biobank.records.edtf import MAX_EDTF_CHARS
from biobank.records.proleptic_calendar import format_iso

#: The Julian Day Number of the day before 0001-01-01 of the (proleptic) Gregorian calendar.
JULIAN_DAY_OFFSET = 1_721_425
#: Days of each month in a common year of the Julian calendar.
JULIAN_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class UnsupportedDateError(ImportFailed):
    """A date that cannot be converted."""


def julian_to_ordinal(year: int, month: int, day: int) -> int:
    """Return the ordinal of a Julian date, as `records.days` counts days.

    Raises:
        UnsupportedDateError: if the calendar has no such day.
    """
    if not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        raise UnsupportedDateError("no_julian_day", day=f"{year}-{month}-{day}")
    shift = (14 - month) // 12
    years = year + 4800 - shift
    months = month + 12 * shift - 3
    number = day + (153 * months + 2) // 5 + 365 * years + years // 4 - 32_083
    return number - JULIAN_DAY_OFFSET


def days_in_month(year: int, month: int) -> int:
    """Return the days of a month; every fourth year is a leap year."""
    return JULIAN_MONTH_DAYS[month - 1] + (month == 2 and year % 4 == 0)


TIME_PATTERN = re.compile(r"(?P<sign>[+-])(?P<year>[0-9]{1,16})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})T.*")
JULIAN_CALENDAR_ITEM = "Q1985786"
#: Latest year that is read: the ends of its millennium and its Gregorian form have four digits.
MAX_YEAR = 9000
(
    MILLENNIUM_PRECISION,
    CENTURY_PRECISION,
    DECADE_PRECISION,
    YEAR_PRECISION,
    MONTH_PRECISION,
    DAY_PRECISION,
) = range(6, 12)
#: Properties that qualify a statement: sourcing circumstances and nature of statement.
CIRCUMSTANCE_PROPERTIES = ("P1480", "P5102")
CIRCA_ITEM = "Q5727902"
#: Presumably, possibly, probably, disputed.
UNCERTAIN_ITEMS = frozenset(("Q18122778", "Q30230067", "Q56644435", "Q18912752"))
EARLIEST_DATE_PROPERTY, LATEST_DATE_PROPERTY = "P1319", "P1326"


@dataclass(frozen=True)
class ParsedDate:
    """A date, and its original form if it was in another calendar."""

    edtf: str
    original: str | None = None


@dataclass(frozen=True)
class _Time:
    """A Wikidata time; `year` is astronomical: 0 is 1 BCE."""

    year: int
    month: int
    day: int
    precision: int
    julian: bool


def read_statements(statements: list[Statement]) -> tuple[ParsedDate | None, list[ImportMessage]]:
    """Return the date that statements give together, and notices about it."""
    dates: list[ParsedDate] = []
    notices: list[ImportMessage] = []
    for statement in statements:
        try:
            if date := _read_statement(statement):
                dates.append(date)
        except UnsupportedDateError as unsupported:
            notices.append(unsupported.reason.as_left_out())
        except ValueError as error:
            notices.append(import_message("no_date", why=str(error)).as_left_out())
    return _merge_dates(dates, notices), notices


def read_time(value: Any) -> str | None:
    """Return a time as EDTF, to the day, month or year; None if it is less precise."""
    time = _parse_time(value)
    return _exact_date(time).edtf if time and time.precision >= YEAR_PRECISION else None


def _read_statement(statement: Statement) -> ParsedDate | None:
    if statement.type == "novalue":
        return None
    time = _parse_time(statement.value) if statement.type == "value" else None
    bounds = _bounds_edtf(statement.qualifiers)
    if bounds and (time is None or time.precision <= YEAR_PRECISION):
        return ParsedDate(parse_date(bounds).text)
    if time is None:
        return None
    date = _exact_date(time) if time.precision >= YEAR_PRECISION else ParsedDate(_vague_edtf(time))
    mark = _qualification_mark(statement.qualifiers)
    if not mark:
        return date
    # EDTF sets take no qualifier; they are wide enough without one.
    return replace(date, edtf=date.edtf if date.edtf.startswith("[") else date.edtf + mark)


def _parse_time(value: Any) -> _Time | None:
    if not isinstance(value, Mapping):
        return None
    match = TIME_PATTERN.fullmatch(str(value.get("time", "")))
    precision = value.get("precision")
    if not match or not isinstance(precision, int):
        return None
    year, month, day = (int(match[part]) for part in ("year", "month", "day"))
    if not year or year > MAX_YEAR:
        raise UnsupportedDateError("wikidata_far", time=match[0][:40])
    if precision < MILLENNIUM_PRECISION:
        raise UnsupportedDateError("wikidata_vague", time=match[0][:40])
    # A time with day precision may lack the day; reduce the precision to what is there.
    finest = DAY_PRECISION if month and day else MONTH_PRECISION if month else YEAR_PRECISION
    return _Time(
        year if match["sign"] == "+" else 1 - year,
        month,
        day,
        min(precision, finest),
        str(value.get("calendarmodel", "")).rpartition("/")[2] == JULIAN_CALENDAR_ITEM,
    )


def _exact_date(time: _Time) -> ParsedDate:
    year = _format_year(time.year)
    if time.precision == YEAR_PRECISION:
        return ParsedDate(year)
    original = f"{year}-{time.month:02}" + (f"-{time.day:02}" if time.precision == DAY_PRECISION else "")
    if not time.julian:
        return ParsedDate(parse_date(original).text)
    if time.precision == DAY_PRECISION:
        return ParsedDate(format_iso(julian_to_ordinal(time.year, time.month, time.day)), original)
    first = julian_to_ordinal(time.year, time.month, 1)
    last = first + days_in_month(time.year, time.month) - 1
    return ParsedDate(f"[{format_iso(first)}..{format_iso(last)}]", original)


def _vague_edtf(time: _Time) -> str:
    """Return a decade, century or millennium; BCE ones are intervals, as they share no digits."""
    size = {DECADE_PRECISION: 10, CENTURY_PRECISION: 100, MILLENNIUM_PRECISION: 1000}[time.precision]
    if time.precision == DECADE_PRECISION:
        if time.year > 0:
            return f"{time.year // 10:03}X"
        last = (1 - time.year) // 10 * 10
        return f"[{_format_year(1 - last - 9)}..{_format_year(1 - last if last else 0)}]"
    if time.year > 0:
        first = (time.year - 1) // size * size
        return f"{first // 100:02}XX" if size == 100 else f"[{first + 1:04}..{first + size:04}]"
    index = -time.year // size
    return f"[{_format_year(1 - (index + 1) * size)}..{_format_year(-index * size)}]"


def _format_year(year: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def _bounds_edtf(qualifiers: Snaks) -> str | None:
    ends = []
    for prop in (EARLIEST_DATE_PROPERTY, LATEST_DATE_PROPERTY):
        values = qualifiers.get(prop) or [None]
        # EDTF has no nested sets: for a Julian month only the other bound is used.
        end = read_time(values[0]) or ""
        ends.append("" if end.startswith("[") else end)
    return f"[{ends[0]}..{ends[1]}]" if any(ends) else None


def _qualification_mark(qualifiers: Snaks) -> str:
    circumstances = {
        parse_item_id(value) for prop in CIRCUMSTANCE_PROPERTIES for value in qualifiers.get(prop, ())
    }
    approximate, uncertain = CIRCA_ITEM in circumstances, bool(circumstances & UNCERTAIN_ITEMS)
    return "%" if approximate and uncertain else "~" if approximate else "?" if uncertain else ""


def _merge_dates(dates: list[ParsedDate], notices: list[ImportMessage]) -> ParsedDate | None:
    """Merge several dates: the narrowest one if all others contain it, else a set."""
    dates = list({alternative.edtf: alternative for alternative in dates}.values())
    narrowest = [date for date in dates if not any(_contains(date, other) for other in dates)]
    if len(narrowest) < 2:
        return narrowest[0] if narrowest else None
    alternative = sorted(date.edtf for date in narrowest)
    notices.append(import_message("wikidata_dates", count=len(alternative), dates=", ".join(alternative[:6])))
    single = [edtf.strip("[]") for edtf in alternative]
    combined = f"[{','.join(single)}]"
    return ParsedDate(parse_date(combined).text if len(combined) <= MAX_EDTF_CHARS else alternative[0])


def _contains(wider: ParsedDate, narrower: ParsedDate) -> bool:
    """Return whether `wider` contains `narrower` and is less precise."""
    wide, narrow = parse_date(wider.edtf), parse_date(narrower.edtf)
    if wider is narrower or None in (wide.earliest, wide.latest, narrow.earliest, narrow.latest):
        return False
    outer, inner = (wide.earliest, wide.latest), (narrow.earliest, narrow.latest)
    return outer != inner and outer[0] <= inner[0] and inner[1] <= outer[1]  # type: ignore[operator]
