"""Evaluate the conditions of a plain question on the records, without the search."""

import re
from collections.abc import Callable, Mapping

from tests.relevance.date_conditions import day_range, of_century, possibly_born, possibly_died
from tests.relevance.fact_conditions import (
    folded_words,
    has_award,
    has_gender,
    has_profession,
    is_member_of,
    work_texts,
)
from tests.relevance.oracle import Condition, Record, RecordBank, any_of
from tests.relevance.place_conditions import born_in, died_in, has_place, lived_in

#: Fields of which the value is an id, and the kind of record that the id names.
ID_FIELDS: Mapping[str, str] = {
    "profession": "profession",
    "award": "award",
    "event": "event",
    "place": "place",
    "birthplace": "place",
    "deathplace": "place",
    "organisation": "organisation",
}
OTHER_FIELDS = ("gender", "country", "century", "born", "died", "alive", "work")

#: Years beyond those of everybody in the bank, for open ranges.
_FIRST_YEAR, _LAST_YEAR = 1, 2999
_SIMPLE: Mapping[str, Callable[..., Condition]] = {
    "profession": has_profession,
    "award": has_award,
    "place": has_place,
    "birthplace": born_in,
    "deathplace": died_in,
    "organisation": is_member_of,
    "gender": has_gender,
    "country": lived_in,
}


def split_condition(condition: str) -> list[tuple[str, str]]:
    """Return field and value of each alternative: one, or several of "(a:1 OR b:2)"."""
    inner = condition[1:-1] if condition.startswith("(") else condition
    return [(field, value) for field, _, value in (part.partition(":") for part in inner.split(" OR "))]


def condition_on_records(text: str) -> Condition:
    """Return a condition of the query language as a condition on records. Any field but the known ones names
    a relation: `teacher:X` are people one of whose teachers is X."""
    return any_of(*(_condition(field, value) for field, value in split_condition(text)))


def year_range(value: str) -> tuple[int, int]:
    """Return first and last year of `1900`, `1900..1910`, `..1913` or `1951..`. Raise ValueError for others."""
    match = re.fullmatch(r"(?P<year>\d{1,4})|(?P<first>\d{0,4})\.\.(?P<last>\d{0,4})", value)
    if match is None or value == "..":
        raise ValueError(f"not a year or range of years: {value!r}")
    if match["year"]:
        return int(match["year"]), int(match["year"])
    return int(match["first"] or _FIRST_YEAR), int(match["last"] or _LAST_YEAR)


def _condition(field: str, value: str) -> Condition:
    if field in _SIMPLE:
        return _SIMPLE[field](value)
    if field == "century":
        return of_century(int(value))
    if field == "born":
        return possibly_born(*year_range(value))
    if field == "died":
        return possibly_died(*year_range(value))
    if field == "alive":
        return _possibly_alive(*year_range(value))
    if field == "work":
        return _has_work(value)
    if field == "event":
        return lambda _, person: any(event.get("type") == value for event in person.get("events", []))
    return lambda bank, person: (field, value) in bank.relations(person)


def _has_work(value: str) -> Condition:
    """Match people with one work that has all the words in its title and type."""
    words = set(folded_words(value))

    def has_work(bank: RecordBank, person: Record) -> bool:
        works = (" ".join(work_texts(bank, {"works": [work]})) for work in person.get("works", []))
        return any(words <= set(folded_words(text)) for text in works)

    return has_work


def _possibly_alive(first: int, last: int) -> Condition:
    """Match lives that possibly overlap the years; an unknown end is at most 110 years from the known one."""

    def is_alive(_: RecordBank, person: Record) -> bool:
        years = [
            (bounds[0] / 365.2425, bounds[1] / 365.2425)
            for role in ("birth", "floruit", "death")
            if (bounds := day_range(person, role)) is not None
        ]
        if not years:
            return False
        born = years[0][0] if person.get("birth", {}).get("date") else years[0][0] - 110
        died = years[-1][1] if person.get("death", {}).get("date") else years[0][1] + 110
        return born <= last and died >= first - 1

    return is_alive
