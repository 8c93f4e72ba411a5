"""Similar people: by works, teachers, institutions, professions and towns.

A rarely shared feature says more than a common one, so each is weighted by its rarity in the bank;
the weight decreases with the number of years between births.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from biobank.records.dates import parse_date, year_of
from biobank.records.days import shift_years
from biobank.records.people import models as m
from biobank.records.people import queries
from biobank.search.shareable import Reason
from biobank.search.shared_ties import shared_ties

#: Years between births that reduce similarity to a third; about two generations.
GENERATIONS = 50
#: Assumed lifetime in years if only the death is known.
LIFE = 60
WEIGHTS = {
    "teacher": 1.6,
    "work": 1.5,
    "influence": 1.4,
    "patron": 1.4,
    "organisation": 1.2,
    "profession": 1.0,
    "city_decade": 0.9,
    "birthplace": 0.7,
}
#: Features that count across any time: a ballet on Nizami's poem after eight centuries.
TIMELESS = ("work",)
REASONS_MOST = 3
SIZE_DEFAULT, SIZE_MOST = 6, 50


@dataclass(frozen=True)
class Similar:
    """A similar person with the shared features, the most significant first."""

    id: str
    reasons: tuple[Reason, ...]


def acquainted(session: Session, record: Mapping[str, Any]) -> set[str]:
    """Return the person of `record` and everyone related, who do not count as similar."""
    inbound = select(m.Relation.person_id).where(m.Relation.other_id == record["id"])
    own = (part["person"] for part in record.get("relations", ()))
    return {record["id"], *own, *session.scalars(inbound)}


def similar_people(
    session: Session, record: Mapping[str, Any], size: int = SIZE_DEFAULT
) -> list[Similar]:
    """Return up to `size` public people similar to that of `record`, unrelated ones only."""
    born = _birth_day(record)
    shared = shared_ties(session, record, born)
    total = queries.count(session)
    weights = {
        reason: WEIGHTS[reason.kind] * log(1 + total / count)
        for reason, count in shared.counts.items()
    }
    nearby = acquainted(session, record)
    days = _birth_days(session, shared.people.keys() - nearby)
    found = {id_: _telling(shared.people[id_], weights) for id_ in days}
    ranked = sorted(
        found, key=lambda id_: (-_score(found[id_], weights, _near(born, days[id_])), id_)
    )
    return [Similar(id_, tuple(found[id_][:REASONS_MOST])) for id_ in ranked[:size]]


def _telling(reasons: Iterable[Reason], weights: Mapping[Reason, float]) -> list[Reason]:
    """Return the weightiest reasons first, one per place: a birthplace implies its decade."""
    ordered = sorted(reasons, key=lambda reason: (-weights[reason], reason.kind, reason.value))
    once: dict[tuple[str, str], Reason] = {}
    for reason in ordered:
        placed = reason.kind in ("city_decade", "birthplace")
        subject = (
            ("place", reason.value.partition("/")[0]) if placed else (reason.kind, reason.value)
        )
        once.setdefault(subject, reason)
    return list(once.values())


def _score(reasons: Iterable[Reason], weights: Mapping[Reason, float], near: float) -> float:
    return sum(weights[reason] * (1.0 if reason.kind in TIMELESS else near) for reason in reasons)


def _birth_days(session: Session, ids: Iterable[str]) -> dict[str, int | None]:
    """Return the day of birth of public people in `ids`, estimated from the death if unknown."""
    wanted = list(ids)
    public = select(m.Person.id).where(m.Person.id.in_(wanted), m.Person.published.is_not(None))
    days: dict[str, int | None] = dict.fromkeys(sorted(session.scalars(public)))
    day = func.coalesce(m.Event.earliest, m.Event.latest).label("day")
    query = select(m.Event.role, m.Event.person_id, day).where(
        m.Event.person_id.in_(wanted), m.Event.role.in_(("birth", "death")), day.is_not(None)
    )
    # Sorted here because the database would scan all births. Births come last and win.
    rows = sorted(session.execute(query), key=lambda row: str(row.role), reverse=True)
    for role, person_id, found in rows:
        if person_id in days:
            days[person_id] = shift_years(found, -LIFE) if role == "death" else found
    return days


def _birth_day(record: Mapping[str, Any]) -> int | None:
    for role, back in (("birth", 0), ("death", LIFE)):
        date = (record.get(role) or {}).get("date")
        parsed = parse_date(date) if date else None
        day = (parsed.earliest or parsed.latest) if parsed else None
        if day is not None:
            return shift_years(day, -back)
    return None


def _near(one: int | None, other: int | None) -> float:
    """Return 1 for contemporaries, less for distant generations, 0.5 if a birth is unknown."""
    if one is None or other is None:
        return 0.5
    return exp(-abs(year_of(one) - year_of(other)) / GENERATIONS)
