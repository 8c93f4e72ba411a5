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
from biobank.search.similarity_features import (
    FEATURE_KINDS,
    Features,
    SimilarityReason,
    person_features,
)

#: Maximum number of rows that candidates are selected from.
CANDIDATE_LIMIT = 400
#: Day difference assumed for people of unknown birth; larger than any real one.
UNKNOWN_BIRTH_DISTANCE = 10**9


@dataclass(frozen=True)
class SharedFeatures:
    """Row counts by feature, and the candidates with the features they share."""

    counts: Mapping[SimilarityReason, int]
    people: Mapping[str, set[SimilarityReason]]


def find_candidates(
    session: Session, record: Mapping[str, Any], born: int | None
) -> SharedFeatures:
    """Return candidates who share features with `record`, those born nearest to `born` first."""
    features = person_features(session, record)
    counts = _counts(session, features)
    rare, next_reason = _rarest_reasons(counts)
    people: dict[str, set[SimilarityReason]] = defaultdict(set)
    for kind, keys in _keys_by_kind(features, rare):
        rows = FEATURE_KINDS[kind].rows(
            keys, FEATURE_KINDS[kind].column, FEATURE_KINDS[kind].person_column
        )
        _add_rows(people, session.execute(rows), features[kind])
    if next_reason:
        remaining = CANDIDATE_LIMIT - sum(counts[reason] for reason in rare)
        for person_id in _nearest_by_birth(
            session, features[next_reason.kind], next_reason, born, remaining
        ):
            people[person_id].add(next_reason)
    for kind, keys in _keys_by_kind(features, counts.keys() - rare):
        rows = FEATURE_KINDS[kind].rows(
            keys, FEATURE_KINDS[kind].column, FEATURE_KINDS[kind].person_column
        )
        rows = rows.where(FEATURE_KINDS[kind].person_column.in_(list(people)))
        _add_rows(people, session.execute(rows), features[kind])
    return SharedFeatures(counts, people)


def _counts(session: Session, features: Features) -> dict[SimilarityReason, int]:
    """Return row counts by feature; of the titles of one work, the highest count."""
    counts: dict[SimilarityReason, int] = {}
    for kind, keys in features.items():
        column = FEATURE_KINDS[kind].column
        rows = FEATURE_KINDS[kind].rows(keys, column, func.count()).group_by(column)
        for key, count in session.execute(rows):
            counts[keys[key]] = max(count, counts.get(keys[key], 0))
    return counts


def _rarest_reasons(
    counts: Mapping[SimilarityReason, int],
) -> tuple[Set[SimilarityReason], SimilarityReason | None]:
    """Return the rarest features with at most CANDIDATE_LIMIT rows in total, and the next one."""
    rare: set[SimilarityReason] = set()
    remaining = CANDIDATE_LIMIT
    for reason in sorted(counts, key=lambda reason: (counts[reason], reason.kind, reason.value)):
        remaining -= counts[reason]
        if remaining < 0:
            return rare, reason
        rare.add(reason)
    return rare, None


def _keys_by_kind(
    features: Features, reasons: Set[SimilarityReason]
) -> Iterable[tuple[str, list[str]]]:
    """Yield the keys of `reasons` by kind."""
    for kind, keys in features.items():
        matching_keys = [key for key, reason in keys.items() if reason in reasons]
        if matching_keys:
            yield kind, matching_keys


def _add_rows(
    people: dict[str, set[SimilarityReason]],
    rows: Iterable[Sequence[Any]],
    keys: Mapping[str, SimilarityReason],
) -> None:
    for key, person_id in rows:
        people[person_id].add(keys[key])


def _nearest_by_birth(
    session: Session,
    keys: Mapping[str, SimilarityReason],
    reason: SimilarityReason,
    born: int | None,
    limit: int,
) -> Iterable[str]:
    """Return the people with feature `reason` born nearest to the day `born`."""
    kind = FEATURE_KINDS[reason.kind]
    matching_keys = [key for key, feature in keys.items() if feature == reason]
    query = kind.rows(matching_keys, kind.person_column)
    if born is not None:
        # A subquery, since a join would scan all births.
        births = aliased(m.Event)
        day = select(func.min(births.earliest)).where(
            births.person_id == kind.person_column, births.role == "birth"
        )
        distance = func.abs(day.scalar_subquery() - born)
        query = query.order_by(func.coalesce(distance, UNKNOWN_BIRTH_DISTANCE))
    return session.scalars(query.order_by(kind.person_column).limit(limit))
