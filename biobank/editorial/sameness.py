"""Scoring of the evidence for and against two records describing the same person.

Names alone do not establish identity: candidates are always decided on by a person.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date as day
from typing import Any, Final, Literal

from biobank.names.matches import Match
from biobank.records.dates import DateError, moment, year_of

Kind = Literal[
    "identifier",
    "birth_day",
    "birth",
    "birth_perhaps",
    "death_day",
    "death",
    "death_perhaps",
    "place",
    "profession",
]

#: Points of each shared fact, added to the name similarity, which is 1 for equal names.
SAME_DAY: Final = 0.45
SAME_YEAR: Final = 0.3
PERHAPS_SAME_YEAR: Final = 0.1
SAME_PLACE: Final = 0.15
SAME_PROFESSION: Final = 0.1
SAME_IDENTIFIER: Final = 2.0
#: Sources often differ by a year or two, rarely by ten; a larger difference rules out a match.
NEAR_YEARS, NEAR = 2, 0.0
FAR_YEARS, FAR = 10, -0.35
#: A different id in the same catalogue: its editors treat them as two people.
OTHER_IDENTIFIER: Final = -0.3
#: The fields of a record that are compared.
PARTS: Final = (
    "names",
    "birth",
    "death",
    "gender",
    "professions",
    "identifiers",
    "relations",
)
#: Minimum score of a candidate.
LEAST: Final = 0.95

Role = Literal["birth", "death"]
DAY: Final[Mapping[Role, Kind]] = {"birth": "birth_day", "death": "death_day"}
PERHAPS: Final[Mapping[Role, Kind]] = {"birth": "birth_perhaps", "death": "death_perhaps"}
_YEAR: Final = re.compile("[0-9]{4}")
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: Earliest and latest possible year; None for an open end.
Years = tuple[int | None, int | None]


@dataclass(frozen=True)
class Reason:
    """A shared fact: `value` is a year, a date, or the id of a place or a profession."""

    kind: Kind
    value: str = ""


@dataclass(frozen=True)
class Compared:
    """The compared parts of a record. `id` is empty for a new record."""

    id: str
    names: tuple[str, ...]
    birth: str | None = None
    death: str | None = None
    gender: str | None = None
    birthplace: str | None = None
    professions: frozenset[str] = frozenset()
    identifiers: Mapping[str, str] | None = None
    #: Ids of people in relations with this one, who cannot be the same person.
    related: frozenset[str] = frozenset()
    born: Years = (None, None)
    died: Years = (None, None)


@dataclass(frozen=True)
class Suspect:
    """A person who may be the same; `match` describes how the names match."""

    person_id: str
    score: float
    reasons: tuple[Reason, ...]
    match: Match | None = None


def compared(record: Mapping[str, Any], person_id: str = "") -> Compared:
    """Return the compared parts of a complete or partial record with names and EDTF dates."""
    birth, death = (_date(record, role) for role in ("birth", "death"))
    return Compared(
        id=person_id or record.get("id") or "",
        names=tuple(dict.fromkeys(name["text"] for name in _preferred_first(record["names"]))),
        birth=birth,
        death=death,
        gender=record.get("gender"),
        birthplace=(record.get("birth") or {}).get("place"),
        professions=frozenset(record.get("professions", ())),
        identifiers=record.get("identifiers"),
        related=frozenset(relation["person"] for relation in record.get("relations", ())),
        born=_years(birth),
        died=_years(death),
    )


def facts(one: Compared, other: Compared) -> tuple[float, tuple[Reason, ...]] | None:
    """Return points and reasons of the facts other than names; None if they rule out one person."""
    if other.id in one.related or (one.id and one.id in other.related):
        return None
    if {one.gender, other.gender} == {"male", "female"}:
        return None
    found = [_moments(one, other, "birth"), _moments(one, other, "death")]
    if None in found or _one_outlived(one, other) or _one_outlived(other, one):
        return None
    found += list(_shared(one, other))
    told = [part for part in found if part is not None]
    return sum(points for points, _ in told), tuple(reason for _, reason in told if reason)


def _moments(one: Compared, other: Compared, role: Role) -> tuple[float, Reason | None] | None:
    """Return points and reason of the birth or death dates; None if they contradict each other."""
    dates = (one.birth, other.birth) if role == "birth" else (one.death, other.death)
    years = (one.born, other.born) if role == "birth" else (one.died, other.died)
    if dates[0] == dates[1] and dates[0] and len(dates[0]) == len("1885-09-18"):
        return SAME_DAY, Reason(DAY[role], dates[0])
    gap = _gap(*years)
    if gap is None:
        return 0.0, None
    if gap == 0 and years[0] == years[1] and years[0][0] == years[0][1]:
        return SAME_YEAR, Reason(role, min((date or "" for date in dates), key=len))
    if gap == 0:
        return PERHAPS_SAME_YEAR, Reason(PERHAPS[role], dates[1] or "")
    if gap <= NEAR_YEARS:
        return NEAR, None
    return (FAR, None) if gap <= FAR_YEARS else None


def _gap(one: Years, other: Years) -> int | None:
    """Return the years between two ranges, or None if one of them is unknown."""
    if one == (None, None) or other == (None, None):
        return None
    gaps = [
        later[0] - earlier[1]
        for earlier, later in ((one, other), (other, one))
        if earlier[1] is not None and later[0] is not None
    ]
    return max([0, *gaps])


def _one_outlived(one: Compared, other: Compared) -> bool:
    """Return whether the first died before the second was born."""
    return one.died[1] is not None and other.born[0] is not None and one.died[1] < other.born[0]


def _shared(one: Compared, other: Compared) -> Iterator[tuple[float, Reason | None]]:
    if one.birthplace and one.birthplace == other.birthplace:
        yield SAME_PLACE, Reason("place", one.birthplace)
    if both := sorted(one.professions & other.professions):
        yield SAME_PROFESSION, Reason("profession", both[0])
    for scheme, value in (one.identifiers or {}).items():
        theirs = (other.identifiers or {}).get(scheme)
        if theirs == value:
            yield SAME_IDENTIFIER, Reason("identifier", f"{scheme}: {value}")
        elif theirs:
            yield OTHER_IDENTIFIER, None


def _preferred_first(names: list[Mapping[str, str]]) -> list[Mapping[str, str]]:
    return sorted(names, key=lambda name: name.get("kind") != "preferred")


def _date(record: Mapping[str, Any], role: str) -> str | None:
    return (record.get(role) or {}).get("date") or None


def _years(date: str | None) -> Years:
    if date and (year := _plain_year(date)) is not None:
        return year, year
    try:
        found = moment(date)[0] if date else None
    except DateError:
        found = None
    if found is None:
        return None, None
    days = found.earliest, found.latest
    return (
        None if days[0] is None else year_of(days[0]),
        None if days[1] is None else year_of(days[1]),
    )


def _plain_year(date: str) -> int | None:
    """Return the year of a plain year or day, or None if the date needs the EDTF parser."""
    if _YEAR.fullmatch(date):
        return int(date)
    if _DAY.fullmatch(date):
        with suppress(ValueError):
            return day.fromisoformat(date).year
    return None
