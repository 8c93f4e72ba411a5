"""Conversion of Julian dates to the Gregorian calendar.

Source: the day numbers of E. G. Richards, "Calendars", in Explanatory Supplement to the
Astronomical Almanac (3rd ed., 2013), 15.11; here for astronomical years.
"""

from biobank.exchange.importing.said import Said, say

#: The Julian Day Number of the day before 0001-01-01 of the (proleptic) Gregorian calendar.
EPOCH = 1_721_425
#: Days of each month in a common year of the Julian calendar.
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Unread(ValueError):
    """A date that cannot be converted, with the reason."""

    def __init__(self, said: Said) -> None:
        super().__init__(said.message)
        self.said = said


def julian_day(year: int, month: int, day: int) -> int:
    """Return the ordinal of a Julian date, as `records.days` counts days.

    Raises:
        UnsupportedDateError: if the calendar has no such day.
    """
    if not 1 <= month <= 12 or not 1 <= day <= days_of_month(year, month):
        raise Unread(say("no_julian_day", day=f"{year}-{month}-{day}"))
    before = (14 - month) // 12
    years = year + 4800 - before
    months = month + 12 * before - 3
    number = day + (153 * months + 2) // 5 + 365 * years + years // 4 - 32_083
    return number - EPOCH


def days_of_month(year: int, month: int) -> int:
    """Return the days of a month; every fourth year is a leap year."""
    return LENGTHS[month - 1] + (month == 2 and year % 4 == 0)
