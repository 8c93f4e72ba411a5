"""Who shares something with a life: a few statements, however many people there are.

What half the bank shares tells little and would take long to walk through. So people are drawn by
the rarest of what is shared, DRAWN rows in all; what is more common only adds to those drawn.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from biobank.records.people import models as m
from biobank.search.shareable import KINDS, Reason, Shareable, shareable

#: Rows that people are drawn from at most.
DRAWN = 400
#: Days apart of those whose birth is not known: more than of anybody else.
NEVER = 10**9


@dataclass(frozen=True)
class Shared:
    """How many rows have each reason, and the people who have it, as far as they were drawn."""

    counts: Mapping[Reason, int]
    people: Mapping[str, set[Reason]]


def shared_ties(session: Session, record: Mapping[str, Any], born: int | None) -> Shared:
    """Who shares what with the person of `record`; of many, those born nearest to `born`, a day."""
    wanted = shareable(session, record)
    counts = _counts(session, wanted)
    rare, next_ = _within(counts)
    people: dict[str, set[Reason]] = defaultdict(set)
    for kind, keys in _of(wanted, rare):
        rows = KINDS[kind].rows(keys, KINDS[kind].column, KINDS[kind].person)
        _add(people, session.execute(rows), wanted[kind])
    if next_:
        room = DRAWN - sum(counts[reason] for reason in rare)
        for person_id in _nearest(session, wanted[next_.kind], next_, born, room):
            people[person_id].add(next_)
    for kind, keys in _of(wanted, counts.keys() - rare):
        rows = KINDS[kind].rows(keys, KINDS[kind].column, KINDS[kind].person)
        rows = rows.where(KINDS[kind].person.in_(list(people)))
        _add(people, session.execute(rows), wanted[kind])
    return Shared(counts, people)


def _counts(session: Session, wanted: Shareable) -> dict[Reason, int]:
    """How many rows have each reason; of the titles of one work, the one that most have."""
    counts: dict[Reason, int] = {}
    for kind, keys in wanted.items():
        column = KINDS[kind].column
        rows = KINDS[kind].rows(keys, column, func.count()).group_by(column)
        for key, count in session.execute(rows):
            counts[keys[key]] = max(count, counts.get(keys[key], 0))
    return counts


def _within(counts: Mapping[Reason, int]) -> tuple[Set[Reason], Reason | None]:
    """The rarest reasons whose rows are no more than DRAWN, and the next one."""
    rare: set[Reason] = set()
    room = DRAWN
    for reason in sorted(counts, key=lambda reason: (counts[reason], reason.kind, reason.value)):
        room -= counts[reason]
        if room < 0:
            return rare, reason
        rare.add(reason)
    return rare, None


def _of(wanted: Shareable, reasons: Set[Reason]) -> Iterable[tuple[str, list[str]]]:
    """The keys of `reasons` by kind."""
    for kind, keys in wanted.items():
        found = [key for key, reason in keys.items() if reason in reasons]
        if found:
            yield kind, found


def _add(
    people: dict[str, set[Reason]], rows: Iterable[Sequence[Any]], keys: Mapping[str, Reason]
) -> None:
    for key, person_id in rows:
        people[person_id].add(keys[key])


def _nearest(
    session: Session, keys: Mapping[str, Reason], reason: Reason, born: int | None, most: int
) -> Iterable[str]:
    """Those who have `reason` and were born nearest to the day `born`."""
    kind = KINDS[reason.kind]
    own = [key for key, stands_for in keys.items() if stands_for == reason]
    query = kind.rows(own, kind.person)
    if born is not None:
        # Not a join, which would begin with every birth there is.
        births = aliased(m.Event)
        day = select(func.min(births.earliest)).where(
            births.person_id == kind.person, births.role == "birth"
        )
        apart = func.abs(day.scalar_subquery() - born)
        query = query.order_by(func.coalesce(apart, NEVER))
    return session.scalars(query.order_by(kind.person).limit(most))
