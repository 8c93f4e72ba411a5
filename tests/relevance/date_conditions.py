"""Conditions on dates; a date may stand for many days, all of which count."""

from datetime import date

from biobank.records.dates import centuries, parse_date
from tests.relevance.oracle import Condition, Record, RecordBank

#: First and last day.
DayRange = tuple[int, int]


def possibly_born(first: int, last: int) -> Condition:
    """Match births possibly in the years from `first` to `last`."""
    return lambda _, person: _possibly(person, "birth", first, last)


def possibly_died(first: int, last: int) -> Condition:
    return lambda _, person: _possibly(person, "death", first, last)


def certainly_born(first: int, last: int) -> Condition:
    """Match births certainly in these years."""
    return lambda _, person: _certainly(person, "birth", first, last)


def certainly_died(first: int, last: int) -> Condition:
    return lambda _, person: _certainly(person, "death", first, last)


def without_date_of(role: str) -> Condition:
    return lambda _, person: day_range(person, role) is None


def of_century(*numbers: int) -> Condition:
    """Match people possibly born, or else active, in one of the centuries."""

    def is_in_century(_: RecordBank, person: Record) -> bool:
        known = day_range(person, "birth") or day_range(person, "floruit")
        return known is not None and not set(numbers).isdisjoint(centuries(*known))

    return is_in_century


def possibly_alive(first: int, last: int) -> Condition:
    """Match people with both dates who were possibly alive in the years from `first` to `last`."""

    def is_alive(_: RecordBank, person: Record) -> bool:
        birth, death = day_range(person, "birth"), day_range(person, "death")
        start, end = _year_range(first, last)
        return birth is not None and death is not None and birth[0] <= end and start <= death[1]

    return is_alive


def lived_years(minimum: int, maximum: int) -> Condition:
    """Match deceased people who possibly lived between `minimum` and `maximum` whole years."""

    def has_age(_: RecordBank, person: Record) -> bool:
        birth, death = day_range(person, "birth"), day_range(person, "death")
        if birth is None or death is None:
            return False
        fewest, greatest = years_between(birth[1], death[0]), years_between(birth[0], death[1])
        return fewest <= maximum and minimum <= greatest

    return has_age


def day_range(person: Record, role: str) -> DayRange | None:
    """Return the first and the last day that a date may stand for."""
    text = person.get(role, {}).get("date")
    if text is None:
        return None
    parsed = parse_date(text)
    if parsed.earliest is None or parsed.latest is None:
        raise ValueError(f"{text}: no date of this bank is open")
    return parsed.earliest, parsed.latest


def _possibly(person: Record, role: str, first: int, last: int) -> bool:
    known, (earliest, latest) = day_range(person, role), _year_range(first, last)
    return known is not None and known[0] <= latest and earliest <= known[1]


def _certainly(person: Record, role: str, first: int, last: int) -> bool:
    known, (earliest, latest) = day_range(person, role), _year_range(first, last)
    return known is not None and earliest <= known[0] and known[1] <= latest


def _year_range(first: int, last: int) -> DayRange:
    return date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal()


def years_between(birth: int, death: int) -> int:
    """Return the number of birthdays reached."""
    born, died = date.fromordinal(birth), date.fromordinal(death)
    return died.year - born.year - ((died.month, died.day) < (born.month, born.day))
