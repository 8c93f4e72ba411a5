"""Whether two records may be of one person: what speaks for it, what against, what rules it out.

A name alone is no identity: what is found here is shown to somebody who decides.
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

#: What each fact in common adds to the likeness of the names, which is 1 where they are equal.
SAME_DAY: Final = 0.45
SAME_YEAR: Final = 0.3
PERHAPS_SAME_YEAR: Final = 0.1
SAME_PLACE: Final = 0.15
SAME_PROFESSION: Final = 0.1
SAME_IDENTIFIER: Final = 2.0
#: Sources often differ by a year or two, seldom by ten; more is another life.
NEAR_YEARS, NEAR = 2, 0.0
FAR_YEARS, FAR = 10, -0.35
#: Another id in the same catalogue: its makers took them for two people.
OTHER_IDENTIFIER: Final = -0.3
#: What of a record is compared.
PARTS: Final = (
    "names",
    "birth",
    "death",
    "gender",
    "professions",
    "identifiers",
    "relations",
)
#: Less than this is not worth somebody's time.
LEAST: Final = 0.95

Role = Literal["birth", "death"]
DAY: Final[Mapping[Role, Kind]] = {"birth": "birth_day", "death": "death_day"}
PERHAPS: Final[Mapping[Role, Kind]] = {"birth": "birth_perhaps", "death": "death_perhaps"}
_YEAR: Final = re.compile("[0-9]{4}")
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: First and last year in which something may have been; None where an end is open.
Years = tuple[int | None, int | None]


@dataclass(frozen=True)
class Reason:
    """Something that both have: `value` is a year, a date, an id of a place or a profession."""

    kind: Kind
    value: str = ""


@dataclass(frozen=True)
class Compared:
    """What of a record is compared. `id` is empty for one that has none yet."""

    id: str
    names: tuple[str, ...]
    birth: str | None = None
    death: str | None = None
    gender: str | None = None
    birthplace: str | None = None
    professions: frozenset[str] = frozenset()
    identifiers: Mapping[str, str] | None = None
    #: People to whom a relation is told: nobody is their own father.
    related: frozenset[str] = frozenset()
    born: Years = (None, None)
    died: Years = (None, None)


@dataclass(frozen=True)
class Suspect:
    """Somebody who may be the same; `match` is how the names go together."""

    person_id: str
    score: float
    reasons: tuple[Reason, ...]
    match: Match | None = None


def compared(record: Mapping[str, Any], person_id: str = "") -> Compared:
    """Of a record, whole, in the making or PARTS alone: names at least, dates in EDTF."""
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
    """What the facts besides the names add, and why; None where they rule out one person."""
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
    """What the births, or the deaths, add; None where they cannot be the same."""
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
    """Years that lie between two spans; None where one of them tells nothing."""
    if one == (None, None) or other == (None, None):
        return None
    gaps = [
        later[0] - earlier[1]
        for earlier, later in ((one, other), (other, one))
        if earlier[1] is not None and later[0] is not None
    ]
    return max([0, *gaps])


def _one_outlived(one: Compared, other: Compared) -> bool:
    """Whether one died before the other was born."""
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
    """The year of a plain year or day, which most dates are; None for one that takes a parser."""
    if _YEAR.fullmatch(date):
        return int(date)
    if _DAY.fullmatch(date):
        with suppress(ValueError):
            return day.fromisoformat(date).year
    return None
