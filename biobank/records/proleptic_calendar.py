"""Proleptic Gregorian ordinals of days, also before the year 1.

``datetime.date`` supports only the years 1–9999, which excludes antiquity. The Gregorian calendar
repeats exactly every 400 years (146,097 days), so a year is moved into the first cycle, converted
there and moved back. Day 1 is 0001-01-01, as in ``date.toordinal``; the year 0 is 1 BCE
(ISO 8601-1, 3.2.1), the year -43 is 44 BCE.
"""

from datetime import date

CYCLE_YEARS = 400
CYCLE_DAYS = 146_097


def to_ordinal(year: int, month: int, day: int) -> int:
    """Return the ordinal of a calendar day.

    Raises:
        ValueError: the calendar has no such day.
    """
    cycle, year_in_cycle = divmod(year - 1, CYCLE_YEARS)
    return date(year_in_cycle + 1, month, day).toordinal() + cycle * CYCLE_DAYS


def _calendar_day(ordinal: int) -> tuple[int, int, int]:
    cycle, day_in_cycle = divmod(ordinal - 1, CYCLE_DAYS)
    calendar_date = date.fromordinal(day_in_cycle + 1)
    return calendar_date.year + cycle * CYCLE_YEARS, calendar_date.month, calendar_date.day


def year_of(ordinal: int) -> int:
    """Return the astronomical year of a day: 0 is 1 BCE, -43 is 44 BCE."""
    return _calendar_day(ordinal)[0]


def format_iso(ordinal: int) -> str:
    """Format a day in ISO 8601, BCE with a sign: 1885-09-18, -0043-03-15."""
    year, month, day = _calendar_day(ordinal)
    return f"{'-' if year < 0 else ''}{abs(year):04}-{month:02}-{day:02}"


def last_day_of_month(year: int, month: int) -> int:
    """Return the ordinal of the last day of a month (1–12)."""
    if month == 12:
        return to_ordinal(year, 12, 31)
    return to_ordinal(year, month + 1, 1) - 1


def shift_years(ordinal: int, years: int) -> int:
    """Move a day by whole years; 29 February becomes 28 February in common years."""
    year, month, day = _calendar_day(ordinal)
    try:
        return to_ordinal(year + years, month, day)
    except ValueError:
        return to_ordinal(year + years, month, 28)


def years_between(earlier: int, later: int) -> int:
    """Return the whole years between two days, as ages are counted; negative if reversed."""
    year, month, day = _calendar_day(earlier)
    end_year, end_month, end_day = _calendar_day(later)
    return end_year - year - ((end_month, end_day) < (month, day))
