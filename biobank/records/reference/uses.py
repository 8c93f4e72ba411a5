"""Usage of reference records: by published people, other reference records and other tables."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Table, func, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from biobank.records.organisations.models import Organisation, OrganisationName
from biobank.records.people import models as m
from biobank.records.places.models import Place, PlaceName
from biobank.records.reference.kinds import (
    ORGANISATION,
    PLACE,
    SOURCE,
    TERM,
    Kind,
    records_of,
)
from biobank.records.vocabulary.models import Term, TermBroader, term_id
from biobank.store.base import Base
from biobank.store.outbox import PORTION, batched

#: Columns of published rows with a key of each kind.
OF_PEOPLE: Final[dict[str, tuple[InstrumentedAttribute[Any], ...]]] = {
    TERM.name: (
        m.PersonProfession.term_key,
        m.Event.type_key,
        m.Relation.type_key,
        m.Work.type_key,
        m.PersonAward.award_key,
    ),
    PLACE.name: (m.Event.place_id,),
    ORGANISATION.name: (m.Membership.organisation_id,),
    SOURCE.name: (m.PersonSource.source_id, m.Citation.source_id),
}
#: Tables that are rewritten together with their reference records.
OF_RECORDS: Final = frozenset(
    table.name
    for model in (Term, TermBroader, Place, PlaceName, Organisation, OrganisationName)
    for table in (model.__table__,)
    if isinstance(table, Table)
)


@dataclass(frozen=True)
class Referring:
    """A reference record that refers to another one."""

    kind: Kind
    key: str
    record: dict[str, Any]


def people_using(session: Session, kind: Kind, keys: Iterable[str]) -> set[str]:
    """Return the ids of the published people whose records refer to any of `keys`."""
    found: set[str] = set()
    for portion in batched(list(keys), PORTION):
        for column in OF_PEOPLE[kind.name]:
            query = select(column.class_.person_id).where(column.in_(portion))
            found.update(session.scalars(query.distinct()))
    return found


def first_people_using(session: Session, kind: Kind, key: str, most: int) -> list[str]:
    """Return the first of `people_using`, ordered by id."""
    found: set[str] = set()
    for column in OF_PEOPLE[kind.name]:
        owner = column.class_.person_id
        query = select(owner).where(column == key).distinct().order_by(owner).limit(most)
        found.update(session.scalars(query))
    return sorted(found)[:most]


def keys_in_use(session: Session, kind: Kind) -> set[str]:
    """Return the keys of a kind that published records refer to."""
    columns = OF_PEOPLE[kind.name]
    return {key for column in columns for key in session.scalars(select(column).distinct()) if key}


def people_counts(session: Session, kind: Kind, keys: Sequence[str]) -> dict[str, int]:
    """Return the number of published people by key; unused keys are left out."""
    pairs = union(
        *(
            select(column.label("key"), column.class_.person_id.label("person"))
            .where(column.in_(list(keys)))
            .distinct()
            for column in OF_PEOPLE[kind.name]
        )
    ).subquery()
    query = select(pairs.c.key, func.count()).group_by(pairs.c.key)
    return {row[0]: row[1] for row in session.execute(query)}


def referring(session: Session, kind: Kind, key: str) -> list[Referring]:
    """Return the reference records that refer to one: narrower, located there, inverse."""
    found: list[Referring] = []
    for other, query in _referring(kind, key):
        keys = sorted(session.scalars(query))
        records = records_of(session, other, keys)
        found += [Referring(other, each, records[each]) for each in keys]
    return found


def with_narrower(session: Session, kind: Kind, keys: Iterable[str]) -> set[str]:
    """Return `keys` and all narrower ones."""
    found, new = set[str](), set(keys)
    while new := new - found:
        found |= new
        if kind is TERM:
            query = select(TermBroader.term_key).where(TermBroader.broader_key.in_(new))
        elif kind is PLACE:
            query = select(Place.id).where(Place.broader_id.in_(new))
        else:
            return found
        new = set(session.scalars(query))
    return found


def with_broader(session: Session, kind: Kind, keys: Iterable[str]) -> set[str]:
    """Return `keys` and all broader ones."""
    above = parents(session, kind)
    found, new = set[str](), set(keys)
    while new := new - found:
        found |= new
        new = {broader for key in new for broader in above.get(key, ())}
    return found


def affected(session: Session, kind: Kind, keys: Iterable[str]) -> set[str]:
    """Return the published people to reindex when the labels of `keys` change."""
    wider = with_narrower(session, kind, keys)
    if kind is TERM:
        # Relations are shown at both ends: people related by the inverse type carry this label.
        ids = [term_id(key) for key in wider if key.startswith("relation/")]
        wider |= set(session.scalars(select(Term.key).where(Term.inverse.in_(ids))))
    return people_using(session, kind, wider)


def parents(session: Session, kind: Kind) -> dict[str, set[str]]:
    """Return the direct parents of each record of a kind."""
    found: dict[str, set[str]] = {}
    pairs: list[Any] = []
    if kind is TERM:
        pairs = list(session.execute(select(TermBroader.term_key, TermBroader.broader_key)))
    elif kind is PLACE:
        pairs = list(session.execute(select(Place.id, Place.broader_id)))
    for key, broader in pairs:
        if broader:
            found.setdefault(key, set()).add(broader)
    return found


def outside(kind: Kind) -> Iterator[tuple[Table, Column[Any]]]:
    """Yield columns of other tables with keys of a kind: neither people's nor reference tables."""
    of_people = {column.class_.__tablename__ for column in OF_PEOPLE[kind.name]}
    for table in Base.metadata.sorted_tables:
        if table.name in of_people or table.name in OF_RECORDS:
            continue
        for foreign in table.foreign_keys:
            if foreign.column is kind.key_column:
                yield table, foreign.parent


def _referring(kind: Kind, key: str) -> Iterator[tuple[Kind, Any]]:
    if kind is TERM:
        yield TERM, select(TermBroader.term_key).where(TermBroader.broader_key == key)
        if key.startswith("relation/"):
            inverse = select(Term.key).where(Term.inverse == term_id(key), Term.key != key)
            yield TERM, inverse.where(Term.vocabulary == "relation")
    elif kind is PLACE:
        yield PLACE, select(Place.id).where(Place.broader_id == key)
        yield ORGANISATION, select(Organisation.id).where(Organisation.place_id == key)
