"""Conditions on dates; a date may stand for many days, all of which count."""

from datetime import date

from biobank.records.dates import centuries, parse_date
from tests.relevance.bank import Bank, Condition, Record

#: First and last day.
Days = tuple[int, int]


def born(first: int, last: int) -> Condition:
    """Match births possibly in the years from `first` to `last`."""
    return lambda _, person: _possibly(person, "birth", first, last)


def died(first: int, last: int) -> Condition:
    return lambda _, person: _possibly(person, "death", first, last)


def certainly_born(first: int, last: int) -> Condition:
    """Match births certainly in these years."""
    return lambda _, person: _certainly(person, "birth", first, last)


def certainly_died(first: int, last: int) -> Condition:
    return lambda _, person: _certainly(person, "death", first, last)


def without_date_of(role: str) -> Condition:
    return lambda _, person: days(person, role) is None


def of_century(*numbers: int) -> Condition:
    """Match people possibly born, or else active, in one of the centuries."""

    def then(_: Bank, person: Record) -> bool:
        known = days(person, "birth") or days(person, "floruit")
        return known is not None and not set(numbers).isdisjoint(centuries(*known))

    return then


def lived_years(least: int, most: int) -> Condition:
    """Match deceased people who possibly lived between `minimum` and `maximum` whole years."""

    def lived(_: Bank, person: Record) -> bool:
        birth, death = days(person, "birth"), days(person, "death")
        if birth is None or death is None:
            return False
        fewest, greatest = years_between(birth[1], death[0]), years_between(birth[0], death[1])
        return fewest <= most and least <= greatest

    return lived


def days(person: Record, role: str) -> Days | None:
    """Return the first and the last day that a date may stand for."""
    text = person.get(role, {}).get("date")
    if text is None:
        return None
    found = parse_date(text)
    if found.earliest is None or found.latest is None:
        raise ValueError(f"{text}: no date of this bank is open")
    return found.earliest, found.latest


def _possibly(person: Record, role: str, first: int, last: int) -> bool:
    known, (earliest, latest) = days(person, role), _days_of(first, last)
    return known is not None and known[0] <= latest and earliest <= known[1]


def _certainly(person: Record, role: str, first: int, last: int) -> bool:
    known, (earliest, latest) = days(person, role), _days_of(first, last)
    return known is not None and earliest <= known[0] and known[1] <= latest


def _days_of(first: int, last: int) -> Days:
    return date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal()


def years_between(birth: int, death: int) -> int:
    """Return the number of birthdays reached."""
    born, died = date.fromordinal(birth), date.fromordinal(death)
    return died.year - born.year - ((died.month, died.day) < (born.month, born.day))
