"""Proleptic Gregorian ordinals of days, also before the year 1.

``datetime.date`` supports only the years 1–9999, which excludes antiquity. The Gregorian calendar
repeats exactly every 400 years (146,097 days), so a year is moved into the first cycle, converted
there and moved back. Day 1 is 0001-01-01, as in ``date.toordinal``; the year 0 is 1 BCE
(ISO 8601-1, 3.2.1), the year -43 is 44 BCE.
"""

from __future__ import annotations

from datetime import date

CYCLE_YEARS = 400
CYCLE_DAYS = 146_097


def day_of(year: int, month: int, day: int) -> int:
    """Return the ordinal of a calendar day.

    Raises:
        ValueError: the calendar has no such day.
    """
    cycle, rest = divmod(year - 1, CYCLE_YEARS)
    return date(rest + 1, month, day).toordinal() + cycle * CYCLE_DAYS


def _calendar_day(days: int) -> tuple[int, int, int]:
    cycle, rest = divmod(days - 1, CYCLE_DAYS)
    found = date.fromordinal(rest + 1)
    return found.year + cycle * CYCLE_YEARS, found.month, found.day


def year_of(days: int) -> int:
    """Return the astronomical year of a day: 0 is 1 BCE, -43 is 44 BCE."""
    return _calendar_day(days)[0]


def iso_day(days: int) -> str:
    """Format a day in ISO 8601, BCE with a sign: 1885-09-18, -0043-03-15."""
    year, month, day = _calendar_day(days)
    return f"{'-' if year < 0 else ''}{abs(year):04}-{month:02}-{day:02}"


def last_day_of_month(year: int, month: int) -> int:
    """Return the ordinal of the last day of a month (1–12)."""
    if month == 12:
        return day_of(year, 12, 31)
    return day_of(year, month + 1, 1) - 1


def shift_years(days: int, years: int) -> int:
    """Move a day by whole years; 29 February becomes 28 February in common years."""
    year, month, day = _calendar_day(days)
    try:
        return day_of(year + years, month, day)
    except ValueError:
        return day_of(year + years, month, 28)


def years_between(earlier: int, later: int) -> int:
    """Return the whole years between two days, as ages are counted; negative if reversed."""
    year, month, day = _calendar_day(earlier)
    end_year, end_month, end_day = _calendar_day(later)
    return end_year - year - ((end_month, end_day) < (month, day))
