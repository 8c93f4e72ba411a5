"""Candidates for similar people: a few statements, however many people there are.

Features shared by half the bank say little and would be slow to read. Candidates are therefore
selected by the rarest features, CANDIDATE_LIMIT rows in total; more common features only add to the
candidates already selected.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from biobank.records.people import models as m
from biobank.search.shareable import KINDS, Reason, Shareable, shareable

#: Maximum number of rows that candidates are selected from.
DRAWN = 400
#: Day difference assumed for people of unknown birth; larger than any real one.
NEVER = 10**9


@dataclass(frozen=True)
class Shared:
    """Row counts by feature, and the candidates with the features they share."""

    counts: Mapping[Reason, int]
    people: Mapping[str, set[Reason]]


def shared_ties(session: Session, record: Mapping[str, Any], born: int | None) -> Shared:
    """Return candidates who share features with `record`, those born nearest to `born` first."""
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
    """Return row counts by feature; of the titles of one work, the highest count."""
    counts: dict[Reason, int] = {}
    for kind, keys in wanted.items():
        column = KINDS[kind].column
        rows = KINDS[kind].rows(keys, column, func.count()).group_by(column)
        for key, count in session.execute(rows):
            counts[keys[key]] = max(count, counts.get(keys[key], 0))
    return counts


def _within(counts: Mapping[Reason, int]) -> tuple[Set[Reason], Reason | None]:
    """Return the rarest features with at most CANDIDATE_LIMIT rows in total, and the next one."""
    rare: set[Reason] = set()
    room = DRAWN
    for reason in sorted(counts, key=lambda reason: (counts[reason], reason.kind, reason.value)):
        room -= counts[reason]
        if room < 0:
            return rare, reason
        rare.add(reason)
    return rare, None


def _of(wanted: Shareable, reasons: Set[Reason]) -> Iterable[tuple[str, list[str]]]:
    """Yield the keys of `reasons` by kind."""
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
    """Return the people with feature `reason` born nearest to the day `born`."""
    kind = KINDS[reason.kind]
    own = [key for key, stands_for in keys.items() if stands_for == reason]
    query = kind.rows(own, kind.person)
    if born is not None:
        # A subquery, since a join would scan all births.
        births = aliased(m.Event)
        day = select(func.min(births.earliest)).where(
            births.person_id == kind.person, births.role == "birth"
        )
        apart = func.abs(day.scalar_subquery() - born)
        query = query.order_by(func.coalesce(apart, NEVER))
    return session.scalars(query.order_by(kind.person).limit(most))
