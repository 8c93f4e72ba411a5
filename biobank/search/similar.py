"""People alike: those who share a profession, an institution, a birthplace or a teacher.

What few people share says more than what many do, so each tie weighs by its rarity in the bank;
living generations apart takes weight away.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from biobank.records.dates import parse_date, year_of
from biobank.records.people import models as m
from biobank.records.people import queries
from biobank.records.vocabulary.models import term_id, term_key

#: Years apart that make two lives a third as alike; about two generations.
GENERATIONS = 50
#: Years a life is taken to have lasted where only its end is known.
LIFE = 60
#: Relations that pass something on, so that sharing one is a likeness.
FORMING = ("teacher", "influence", "patron")
WEIGHTS = {"teacher": 1.6, "organisation": 1.2, "profession": 1.0, "birthplace": 0.7}
REASONS_MOST = 3


@dataclass(frozen=True)
class Reason:
    """What is shared: `kind` profession, organisation, birthplace or teacher; `value` its id."""

    kind: str
    value: str


@dataclass(frozen=True)
class Similar:
    id: str
    reasons: tuple[Reason, ...]


def similar_people(
    session: Session, record: Mapping[str, Any], known: Iterable[str] = (), size: int = 6
) -> list[Similar]:
    """Up to `size` public people alike to that of `record`, none of `known`, most alike first."""
    total = queries.count(session)
    ties: dict[str, dict[Reason, float]] = defaultdict(dict)
    for kind, shared in _shared(session, record):
        for value, people in shared.items():
            weight = WEIGHTS[kind] * log((total + 1) / len(people))
            for person_id in people:
                ties[person_id][Reason(kind, value)] = weight
    for id_ in (record["id"], *known):
        ties.pop(id_, None)
    years = _birth_years(session, ties)
    own = _birth_year(record)
    ranked = sorted(
        ties, key=lambda id_: (-sum(ties[id_].values()) * _near(own, years.get(id_)), id_)
    )
    return [Similar(id_, _best(ties[id_])) for id_ in ranked[:size]]


def _shared(
    session: Session, record: Mapping[str, Any]
) -> Iterable[tuple[str, dict[str, set[str]]]]:
    keys = [term_key("profession", term) for term in record.get("professions", ())]
    found = _people(session, m.PersonProfession.term_key, keys)
    yield "profession", {term_id(key): people for key, people in found.items()}
    organisations = [part["organisation"] for part in record.get("memberships", ())]
    yield "organisation", _people(session, m.Membership.organisation_id, organisations)
    place = (record.get("birth") or {}).get("place")
    yield (
        "birthplace",
        _people(session, m.Event.place_id, [place] if place else [], m.Event.role == "birth"),
    )
    teachers = [part["person"] for part in record.get("relations", ()) if part["type"] in FORMING]
    forming = m.Relation.type_key.in_([term_key("relation", type_) for type_ in FORMING])
    yield "teacher", _people(session, m.Relation.other_id, teachers, forming)


def _people(
    session: Session,
    column: InstrumentedAttribute[Any],
    values: Iterable[str],
    *conditions: ColumnElement[bool],
) -> dict[str, set[str]]:
    """The public people that have each of `values` in `column`, where two or more share it."""
    person = column.class_.person_id
    query = (
        select(column, person)
        .join(m.Person, m.Person.id == person)
        .where(column.in_(list(values)), m.Person.published.is_not(None), *conditions)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for value, person_id in session.execute(query):
        found[value].add(person_id)
    return {value: people for value, people in found.items() if len(people) > 1}


def _birth_years(session: Session, ids: Iterable[str]) -> dict[str, int]:
    """When each was born, or would have been to die at LIFE."""
    day = func.coalesce(m.Event.earliest, m.Event.latest).label("day")
    query = (
        select(m.Event.person_id, m.Event.role, day)
        .where(
            m.Event.person_id.in_(list(ids)),
            m.Event.role.in_(("birth", "death")),
            day.is_not(None),
        )
        .order_by(m.Event.role)  # "birth" first, and what comes first is kept
    )
    years: dict[str, int] = {}
    for person_id, role, found in session.execute(query):
        years.setdefault(person_id, year_of(found) - (LIFE if role == "death" else 0))
    return years


def _birth_year(record: Mapping[str, Any]) -> int | None:
    for role, back in (("birth", 0), ("death", LIFE)):
        date = (record.get(role) or {}).get("date")
        parsed = parse_date(date) if date else None
        day = (parsed.earliest or parsed.latest) if parsed else None
        if day is not None:
            return year_of(day) - back
    return None


def _near(one: int | None, other: int | None) -> float:
    """1 for contemporaries, less for generations apart, a half where a birth is not known."""
    if one is None or other is None:
        return 0.5
    return exp(-abs(one - other) / GENERATIONS)


def _best(ties: Mapping[Reason, float]) -> tuple[Reason, ...]:
    ordered = sorted(ties, key=lambda reason: (-ties[reason], reason.kind, reason.value))
    return tuple(ordered[:REASONS_MOST])
