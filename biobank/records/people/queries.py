"""Queries of whole records, and the writing of published rows. Published people only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, selectinload

from biobank.records.people import models as m
from biobank.records.people.mapping import Record, rows_of, to_record, write_fields

#: People loaded at a time while all are read, which bounds memory.
CHUNK = 200

WHOLE = tuple(
    selectinload(part)
    for part in (
        m.Person.names,
        m.Person.biographies,
        m.Person.professions,
        m.Person.countries,
        m.Person.events,
        m.Person.relations,
        m.Person.memberships,
        m.Person.works,
        m.Person.awards,
        m.Person.media,
        m.Person.identifiers,
        m.Person.sources,
        m.Person.citations,
    )
)
ROW_MODELS: tuple[type[m.OfPerson], ...] = (
    m.PersonName,
    m.Biography,
    m.PersonProfession,
    m.PersonCountry,
    m.Event,
    m.Relation,
    m.Membership,
    m.Work,
    m.PersonAward,
    m.Media,
    m.Identifier,
    m.PersonSource,
    m.Citation,
    m.Likeness,
)


def records(session: Session, ids: Sequence[str]) -> dict[str, Record]:
    """Return the published records of `ids`, in that order; unpublished ids are left out.

    Relations to unpublished people are left out too, because their ids contain names.
    """
    query = select(m.Person).where(m.Person.id.in_(ids), m.Person.published.is_not(None))
    people = {person.id: person for person in session.scalars(query.options(*WHOLE))}
    found = {id_: to_record(people[id_]) for id_ in ids if id_ in people}
    hidden = hidden_ties(session, list(found))
    return {id_: _without(record, hidden.get(id_)) for id_, record in found.items()}


def hidden_ties(session: Session, ids: Sequence[str]) -> dict[str, set[str]]:
    """Return the unpublished people that each of `ids` is related to."""
    query = (
        select(m.Relation.person_id, m.Relation.other_id)
        .join(m.Person, m.Person.id == m.Relation.other_id)
        .where(m.Relation.person_id.in_(ids), m.Person.published.is_(None))
    )
    found: dict[str, set[str]] = {}
    for row in session.execute(query):
        found.setdefault(row.person_id, set()).add(row.other_id)
    return found


def shown(session: Session, record: Record) -> Record:
    """Return an older record without its relations to people who are unpublished now."""
    tied = {tie["person"] for tie in record.get("relations", ())}
    query = select(m.Person.id).where(m.Person.id.in_(tied), m.Person.published.is_not(None))
    return _without(record, tied - set(session.scalars(query)) if tied else None)


def _without(record: Record, hidden: set[str] | None) -> Record:
    if not hidden:
        return record
    ties = [tie for tie in record["relations"] if tie["person"] not in hidden]
    left = {name: value for name, value in record.items() if name != "relations"}
    return left | ({"relations": ties} if ties else {})


def record(session: Session, person_id: str) -> Record | None:
    """Return the published record of a person, if any."""
    return records(session, [person_id]).get(person_id)


def walk(session: Session, chunk: int = CHUNK) -> Iterator[dict[str, Record]]:
    """Yield all published records by id in chunks, ordered by id."""
    after = ""
    while True:
        query = select(m.Person.id).where(m.Person.published.is_not(None), m.Person.id > after)
        ids = list(session.scalars(query.order_by(m.Person.id).limit(chunk)))
        if not ids:
            return
        yield records(session, ids)
        session.expunge_all()
        after = ids[-1]


def page(session: Session, page: int, size: int) -> dict[str, Record]:
    """Return a page of published records, ordered by id; `page` counts from 1."""
    query = select(m.Person.id).where(m.Person.published.is_not(None)).order_by(m.Person.id)
    ids = list(session.scalars(query.limit(size).offset((page - 1) * size)))
    return records(session, ids)


def count(session: Session) -> int:
    """Return the number of published people."""
    query = select(func.count()).select_from(m.Person).where(m.Person.published.is_not(None))
    return session.scalar(query) or 0


def versions(session: Session, ids: Iterable[str]) -> dict[str, int]:
    """Return the number of the published revision by id."""
    query = select(m.Person.id, m.Person.published).where(
        m.Person.id.in_(list(ids)), m.Person.published.is_not(None)
    )
    return {row.id: row.published for row in session.execute(query)}


def names(session: Session, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the preferred names by language of the published people among `ids`."""
    query = (
        select(m.PersonName.person_id, m.PersonName.lang, m.PersonName.text)
        .join(m.Person, m.Person.id == m.PersonName.person_id)
        .where(m.Person.id.in_(ids), m.Person.published.is_not(None))
        .where(m.PersonName.kind == "preferred")
        .order_by(m.PersonName.person_id, m.PersonName.position)
    )
    found: dict[str, dict[str, str]] = {}
    for row in session.execute(query):
        found.setdefault(row.person_id, {}).setdefault(row.lang, row.text)
    return found


def relations_to(session: Session, ids: Sequence[str]) -> dict[str, list[m.Relation]]:
    """Return relations of published people to `ids`, by the id they refer to."""
    query = (
        select(m.Relation)
        .join(m.Person, m.Person.id == m.Relation.person_id)
        .where(m.Relation.other_id.in_(ids), m.Person.published.is_not(None))
        .order_by(m.Relation.person_id, m.Relation.position)
    )
    found: dict[str, list[m.Relation]] = {}
    for relation in session.scalars(query):
        found.setdefault(relation.other_id, []).append(relation)
    return found


def write(session: Session, records: Sequence[tuple[m.Person, Mapping[str, Any]]]) -> None:
    """Replace the published rows of each person by those of the record."""
    _delete_rows(session, [person.id for person, _ in records])
    for person, record in records:
        write_fields(person, record)
        session.add_all(rows_of(person.id, record))


def clear(session: Session, person: m.Person) -> None:
    """Delete the published rows of a person and clear its columns."""
    _delete_rows(session, [person.id])
    person.gender = person.headline = person.connection = person.checked = None
    person.sort_key = person.initial = ""


def _delete_rows(session: Session, ids: Sequence[str]) -> None:
    for model in ROW_MODELS:
        # One statement per table, not per person: these took three quarters of an import's time.
        old = delete(model).where(model.person_id.in_(ids))
        session.execute(old, execution_options={"synchronize_session": False})
