"""Usage of reference records: by published people, other reference records and other tables."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Table, delete, func, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from biobank.common.grouping import group_pairs
from biobank.records.organisations.models import Organisation, OrganisationName
from biobank.records.people import models as m
from biobank.records.places.models import Place, PlaceName
from biobank.records.reference.kinds import (
    KINDS_BY_NAME,
    ORGANISATION_KIND,
    PLACE_KIND,
    SOURCE_KIND,
    TERM_KIND,
    ReferenceKind,
    load_records_by_key,
)
from biobank.records.reference.models import ReferenceUnreviewed
from biobank.records.vocabulary.models import Term, TermBroader, term_id
from biobank.store.base import Base
from biobank.store.outbox import MAX_STATEMENT_VALUES, batched

#: Columns of published rows with a key of each kind.
PERSON_KEY_COLUMNS: Final[dict[str, tuple[InstrumentedAttribute[Any], ...]]] = {
    TERM_KIND.name: (
        m.PersonProfession.term_key,
        m.Event.type_key,
        m.Relation.type_key,
        m.Work.type_key,
        m.PersonAward.award_key,
    ),
    PLACE_KIND.name: (m.Event.place_id,),
    ORGANISATION_KIND.name: (m.Membership.organisation_id,),
    SOURCE_KIND.name: (m.PersonSource.source_id, m.Citation.source_id),
}
#: Tables that are rewritten together with their reference records.
REFERENCE_TABLES: Final = frozenset(
    model.__tablename__ for model in (Term, TermBroader, Place, PlaceName, Organisation, OrganisationName)
)


@dataclass(frozen=True)
class ReferringRecord:
    """A reference record that refers to another one."""

    kind: ReferenceKind
    key: str
    record: dict[str, Any]


def people_using(session: Session, kind: ReferenceKind, keys: Iterable[str]) -> set[str]:
    """Return the ids of the published people whose records refer to any of `keys`."""
    person_ids: set[str] = set()
    for chunk in batched(list(keys), MAX_STATEMENT_VALUES):
        for column in PERSON_KEY_COLUMNS[kind.name]:
            query = select(column.class_.person_id).where(column.in_(chunk))
            person_ids.update(session.scalars(query.distinct()))
    return person_ids


def first_people_using(session: Session, kind: ReferenceKind, key: str, limit: int) -> list[str]:
    """Return the first of `people_using`, ordered by id."""
    person_ids: set[str] = set()
    for column in PERSON_KEY_COLUMNS[kind.name]:
        owner = column.class_.person_id
        query = select(owner).where(column == key).distinct().order_by(owner).limit(limit)
        person_ids.update(session.scalars(query))
    return sorted(person_ids)[:limit]


def keys_in_use(session: Session, kind: ReferenceKind) -> set[str]:
    """Return the keys of a kind that published records refer to."""
    columns = PERSON_KEY_COLUMNS[kind.name]
    return {key for column in columns for key in session.scalars(select(column).distinct()) if key}


def count_people(session: Session, kind: ReferenceKind, keys: Sequence[str]) -> dict[str, int]:
    """Return the number of published people by key; unused keys are left out."""
    pairs = union(
        *(
            select(column.label("key"), column.class_.person_id.label("person"))
            .where(column.in_(list(keys)))
            .distinct()
            for column in PERSON_KEY_COLUMNS[kind.name]
        )
    ).subquery()
    query = select(pairs.c.key, func.count()).group_by(pairs.c.key)
    return {row[0]: row[1] for row in session.execute(query)}


def list_referring(session: Session, kind: ReferenceKind, key: str) -> list[ReferringRecord]:
    """Return the reference records that refer to one: narrower, located there, inverse."""
    referrers: list[ReferringRecord] = []
    for referring_kind, query in _referring_queries(kind, key):
        keys = sorted(session.scalars(query))
        records = load_records_by_key(session, referring_kind, keys)
        referrers += [ReferringRecord(referring_kind, other, records[other]) for other in keys]
    return referrers


def with_narrower(session: Session, kind: ReferenceKind, keys: Iterable[str]) -> set[str]:
    """Return `keys` and all narrower ones."""
    collected, frontier = set[str](), set(keys)
    while frontier := frontier - collected:
        collected |= frontier
        if kind is TERM_KIND:
            query = select(TermBroader.term_key).where(TermBroader.broader_key.in_(frontier))
        elif kind is PLACE_KIND:
            query = select(Place.id).where(Place.broader_id.in_(frontier))
        else:
            return collected
        frontier = set(session.scalars(query))
    return collected


def with_broader(session: Session, kind: ReferenceKind, keys: Iterable[str]) -> set[str]:
    """Return `keys` and all broader ones."""
    parents_by_key = load_parents(session, kind)
    collected, frontier = set[str](), set(keys)
    while frontier := frontier - collected:
        collected |= frontier
        frontier = {broader for key in frontier for broader in parents_by_key.get(key, ())}
    return collected


def affected_people(session: Session, kind: ReferenceKind, keys: Iterable[str]) -> set[str]:
    """Return the published people to reindex when the labels of `keys` change."""
    affected_keys = with_narrower(session, kind, keys)
    if kind is TERM_KIND:
        # Relations are shown at both ends: people related by the inverse type carry this label.
        ids = [term_id(key) for key in affected_keys if key.startswith("relation/")]
        affected_keys |= set(session.scalars(select(Term.key).where(Term.inverse.in_(ids))))
    return people_using(session, kind, affected_keys)


def load_parents(session: Session, kind: ReferenceKind) -> dict[str, set[str]]:
    """Return the direct parents of each record of a kind."""
    columns: tuple[Any, Any]
    if kind is TERM_KIND:
        columns = (TermBroader.term_key, TermBroader.broader_key)
    elif kind is PLACE_KIND:
        columns = (Place.id, Place.broader_id)
    else:
        return {}
    rows = session.execute(select(*columns).where(columns[1].is_not(None)))
    parents_by_key = group_pairs((key, str(broader)) for key, broader in rows)
    return {key: set(parents) for key, parents in parents_by_key.items()}


def external_columns(kind: ReferenceKind) -> Iterator[tuple[Table, Column[Any]]]:
    """Yield columns of other tables with keys of a kind: neither people's nor reference tables."""
    person_tables = {column.class_.__tablename__ for column in PERSON_KEY_COLUMNS[kind.name]}
    for table in Base.metadata.sorted_tables:
        if table.name in person_tables or table.name in REFERENCE_TABLES:
            continue
        for foreign in table.foreign_keys:
            if foreign.column is kind.key_column:
                yield table, foreign.parent


def _referring_queries(kind: ReferenceKind, key: str) -> Iterator[tuple[ReferenceKind, Any]]:
    if kind is TERM_KIND:
        yield TERM_KIND, select(TermBroader.term_key).where(TermBroader.broader_key == key)
        if key.startswith("relation/"):
            inverse = select(Term.key).where(Term.inverse == term_id(key), Term.key != key)
            yield TERM_KIND, inverse.where(Term.vocabulary == "relation")
    elif kind is PLACE_KIND:
        yield PLACE_KIND, select(Place.id).where(Place.broader_id == key)
        yield ORGANISATION_KIND, select(Organisation.id).where(Organisation.place_id == key)


def load_unreviewed(session: Session) -> dict[str, frozenset[str]]:
    """Return the keys by kind of unreviewed records that no published record refers to."""
    rows = group_pairs((row.kind, row.key) for row in session.scalars(select(ReferenceUnreviewed)))
    hidden_by_kind = {}
    for name, keys in rows.items():
        kind = KINDS_BY_NAME[name]
        if hidden := frozenset(keys) - with_broader(session, kind, keys_in_use(session, kind)):
            hidden_by_kind[name] = hidden
    return hidden_by_kind


def mark_unreviewed(session: Session, kind: ReferenceKind, key: str) -> None:
    """Mark a record as unreviewed."""
    session.merge(ReferenceUnreviewed(kind=kind.name, key=key))


def mark_reviewed(session: Session, kind: ReferenceKind, key: str) -> bool:
    """Mark a record as reviewed and return whether it was unreviewed."""
    matching = (ReferenceUnreviewed.kind == kind.name, ReferenceUnreviewed.key == key)
    was_unreviewed = session.get(ReferenceUnreviewed, (kind.name, key)) is not None
    if was_unreviewed:
        session.execute(delete(ReferenceUnreviewed).where(*matching))
    return was_unreviewed
