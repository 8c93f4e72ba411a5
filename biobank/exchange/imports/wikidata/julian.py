"""Conversion of Julian dates to the Gregorian calendar.

Source: the day numbers of E. G. Richards, "Calendars", in Explanatory Supplement to the
Astronomical Almanac (3rd ed., 2013), 15.11; here for astronomical years.
"""

from biobank.exchange.imports.messages import ImportMessage, import_message

#: The Julian Day Number of the day before 0001-01-01 of the (proleptic) Gregorian calendar.
JULIAN_DAY_OFFSET = 1_721_425
#: Days of each month in a common year of the Julian calendar.
JULIAN_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class UnsupportedDateError(ValueError):
    """A date that cannot be converted, with the reason."""

    def __init__(self, reason: ImportMessage) -> None:
        super().__init__(reason.message)
        self.reason = reason


def julian_to_ordinal(year: int, month: int, day: int) -> int:
    """Return the ordinal of a Julian date, as `records.days` counts days.

    Raises:
        UnsupportedDateError: if the calendar has no such day.
    """
    if not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        raise UnsupportedDateError(import_message("no_julian_day", day=f"{year}-{month}-{day}"))
    shift = (14 - month) // 12
    years = year + 4800 - shift
    months = month + 12 * shift - 3
    number = day + (153 * months + 2) // 5 + 365 * years + years // 4 - 32_083
    return number - JULIAN_DAY_OFFSET


def days_in_month(year: int, month: int) -> int:
    """Return the days of a month; every fourth year is a leap year."""
    return JULIAN_MONTH_DAYS[month - 1] + (month == 2 and year % 4 == 0)
