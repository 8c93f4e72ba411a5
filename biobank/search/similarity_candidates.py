"""Features that similar people share, and candidates: a few statements, however many people.

Features shared by half the bank say little and would be slow to read. Candidates are therefore
selected by the rarest features, CANDIDATE_LIMIT rows in total; more common features only add to the
candidates already selected.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from biobank.records.catalogue import Catalogue
from biobank.records.people import models as m
from biobank.records.people.similarity_keys import CITY_DECADE, WORK, city_decades, title_keys
from biobank.records.vocabulary.models import term_key

#: Formative relation types; sharing one makes people similar.
FORMATIVE_RELATIONS = ("teacher", "influence", "patron")
#: Kinds of places too large to count as a common location.
WIDE_PLACE_KINDS = ("country", "region")


@dataclass(frozen=True)
class SimilarityReason:
    """A shared feature: a key of FEATURE_KINDS, and an id or, for works, the folded title."""

    kind: str
    value: str


@dataclass(frozen=True)
class FeatureKind:
    """The column that stores a feature, and the conditions that select its rows."""

    column: InstrumentedAttribute[Any]
    conditions: tuple[ColumnElement[bool], ...] = ()

    @property
    def person_column(self) -> InstrumentedAttribute[Any]:
        column: InstrumentedAttribute[Any] = self.column.class_.person_id
        return column

    def rows(self, keys: Any, *columns: Any) -> Select[Any]:
        """Select `columns` of the rows that have one of `keys`, a list or a parameter for one."""
        return select(*columns).where(self.column.in_(keys), *self.conditions)


FEATURE_KINDS: Mapping[str, FeatureKind] = {
    **{
        kind: FeatureKind(m.Relation.other_id, (m.Relation.type_key == term_key("relation", kind),))
        for kind in FORMATIVE_RELATIONS
    },
    "work": FeatureKind(m.SimilarityKey.key, (m.SimilarityKey.kind == WORK,)),
    "organisation": FeatureKind(m.Membership.organisation_id),
    "profession": FeatureKind(m.PersonProfession.term_key),
    "city_decade": FeatureKind(m.SimilarityKey.key, (m.SimilarityKey.kind == CITY_DECADE,)),
    "birthplace": FeatureKind(m.Event.place_id, (m.Event.role == "birth",)),
}
#: Column keys by kind, each with the feature it stands for.
Features = Mapping[str, Mapping[str, SimilarityReason]]


def person_features(session: Session, record: Mapping[str, Any], catalogue: Catalogue) -> Features:
    """Return all features of `record` that another person may share, without empty kinds."""
    place = (record.get("birth") or {}).get("place")
    keys_by_kind = {
        **_formative_people(session, record),
        "organisation": [part["organisation"] for part in record.get("memberships", ())],
        "city_decade": _town_keys(city_decades(record), catalogue),
        "birthplace": [place] if place else [],
    }
    features = {
        kind: {key: SimilarityReason(kind, key) for key in keys} for kind, keys in keys_by_kind.items()
    }
    features["profession"] = {
        term_key("profession", id_): SimilarityReason("profession", id_)
        for id_ in record.get("professions", ())
    }
    features["work"] = _distinctive_titles(record, catalogue)
    return {kind: keys for kind, keys in features.items() if keys}


def _formative_people(session: Session, record: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return public formative relations by type; people who are not public are left out."""
    relations = [entry for entry in record.get("relations", ()) if entry["type"] in FORMATIVE_RELATIONS]
    ids = [relation["person"] for relation in relations]
    query = select(m.Person.id).where(m.Person.id.in_(ids), m.Person.published.is_not(None))
    public = set(session.scalars(query)) if ids else set()
    return {
        kind: [
            formative["person"]
            for formative in relations
            if formative["type"] == kind and formative["person"] in public
        ]
        for kind in FORMATIVE_RELATIONS
    }


def _town_keys(keys: list[str], catalogue: Catalogue) -> list[str]:
    places = (catalogue.places.get(key.partition("/")[0], {}) for key in keys)
    return [key for key, place in zip(keys, places, strict=True) if place.get("kind") not in WIDE_PLACE_KINDS]


def _distinctive_titles(record: Mapping[str, Any], catalogue: Catalogue) -> dict[str, SimilarityReason]:
    """Return work titles, except those that only name the type of work: a divan, an opera."""
    reasons: dict[str, SimilarityReason] = {}
    for work in record.get("works", ()):
        keys = title_keys(work["title"])
        for key in keys:
            reasons.setdefault(key, SimilarityReason("work", keys[0]))
    return {key: reason for key, reason in reasons.items() if key not in catalogue.folded_work_types}


#: Maximum number of rows that candidates are selected from.
CANDIDATE_LIMIT = 400
#: Day difference assumed for people of unknown birth; larger than any real one.
UNKNOWN_BIRTH_DISTANCE = 10**9


@dataclass(frozen=True)
class SharedFeatures:
    """The number of public people, row counts by feature, and candidates with the shared features."""

    total: int
    counts: Mapping[SimilarityReason, int]
    people: Mapping[str, set[SimilarityReason]]


def find_candidates(
    session: Session, record: Mapping[str, Any], catalogue: Catalogue, born: int | None
) -> SharedFeatures:
    """Return candidates who share features with `record`, those born nearest to `born` first."""
    features = person_features(session, record, catalogue)
    total, counts = _counts(session, features)
    rare, next_reason = _rarest_reasons(counts)
    people: dict[str, set[SimilarityReason]] = defaultdict(set)
    _add_rows(people, session, features, rare)
    if next_reason:
        remaining = CANDIDATE_LIMIT - sum(counts[reason] for reason in rare)
        for person_id in _nearest_by_birth(session, features[next_reason.kind], next_reason, born, remaining):
            people[person_id].add(next_reason)
    _add_rows(people, session, features, counts.keys() - rare, list(people))
    return SharedFeatures(total, counts, people)


def _counts(session: Session, features: Features) -> tuple[int, dict[SimilarityReason, int]]:
    """Return the number of public people, and row counts by feature.

    Of the titles of one work, the highest count.
    """
    total = 0
    counts: dict[SimilarityReason, int] = {}
    parameters = {kind: list(keys) for kind, keys in features.items()}
    for kind, key, count in session.execute(_counts_statement(tuple(features)), parameters):
        if not kind:
            total = count
        else:
            reason = features[kind][key]
            counts[reason] = max(count, counts.get(reason, 0))
    return total, counts


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


def _add_rows(
    people: dict[str, set[SimilarityReason]],
    session: Session,
    features: Features,
    reasons: Set[SimilarityReason],
    among: list[str] | None = None,
) -> None:
    """Add the people who have `reasons`, optionally of `among` only."""
    parameters = {
        kind: matching_keys
        for kind, keys in features.items()
        if (matching_keys := [key for key, reason in keys.items() if reason in reasons])
    }
    if not parameters:
        return
    statement = _rows_statement(tuple(parameters), restricted=among is not None)
    for kind, key, person_id in session.execute(statement, {**parameters, "among": among}):
        people[person_id].add(features[kind][key])


# The statements are united, which takes a fifth of the time, and built once for each combination
# of kinds, since building them takes longer than executing them. Keys are parameters named by kind.


@lru_cache(maxsize=1 << len(FEATURE_KINDS))
def _counts_statement(kinds: tuple[str, ...]) -> CompoundSelect[Any]:
    """Return the statement that counts public people, and rows by kind and key."""
    columns: tuple[Any, ...] = (literal(""), literal(""), func.count())
    statements = [select(*columns).where(m.Person.published.is_not(None))]
    for kind in kinds:
        column = FEATURE_KINDS[kind].column
        rows = FEATURE_KINDS[kind].rows(bindparam(kind, expanding=True), literal(kind), column, func.count())
        statements.append(rows.group_by(column))
    return union_all(*statements)


@lru_cache(maxsize=2 << len(FEATURE_KINDS))
def _rows_statement(kinds: tuple[str, ...], *, restricted: bool) -> CompoundSelect[Any]:
    """Return the statement that selects kind, key and person, optionally of people `among` only."""
    statements = []
    for kind in kinds:
        feature = FEATURE_KINDS[kind]
        columns = (literal(kind), feature.column, feature.person_column)
        rows = feature.rows(bindparam(kind, expanding=True), *columns)
        among = feature.person_column.in_(bindparam("among", expanding=True))
        statements.append(rows.where(among) if restricted else rows)
    return union_all(*statements)


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
