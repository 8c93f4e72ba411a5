"""Queries of whole records, and the writing of published rows. Published people only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from biobank.common.grouping import group_pairs
from biobank.records.people import models as m
from biobank.records.people.mapping import build_row_values, set_person_columns
from biobank.records.people.models import TextAge
from biobank.records.people.record import PersonRecord
from biobank.store.base import Base

#: People loaded at a time while all are read, which bounds memory.
CHUNK_PEOPLE = 200

#: The tables of a published record.
ROW_MODELS: tuple[type[m.PersonRow], ...] = tuple(m.PersonRow.__subclasses__())


# The statements of a person's page are built once: building one takes longer than executing it.
_STORED_RECORDS = (
    select(m.Person.id, func.coalesce(m.Person.redirected_record, m.Revision.record).label("record"))
    .join(m.Revision, (m.Revision.person_id == m.Person.id) & (m.Revision.number == m.Person.published))
    .where(m.Person.id.in_(bindparam("ids", expanding=True)))
)
_HIDDEN_RELATIONS = (
    select(m.Relation.person_id, m.Relation.other_id)
    .join(m.Person, m.Person.id == m.Relation.other_id)
    .where(m.Relation.person_id.in_(bindparam("ids", expanding=True)), m.Person.published.is_(None))
)
_INBOUND_RELATIONS = (
    select(m.Relation)
    .join(m.Person, m.Person.id == m.Relation.person_id)
    .where(m.Relation.other_id.in_(bindparam("ids", expanding=True)), m.Person.published.is_not(None))
    .order_by(m.Relation.person_id, m.Relation.position)
)
_WORK_TITLES = (
    select(m.Work.title)
    .where(m.Work.person_id.in_(bindparam("ids", expanding=True)))
    .order_by(m.Work.person_id, m.Work.position)
)
_TEXT_AGES = select(TextAge).where(TextAge.person_id.in_(bindparam("ids", expanding=True)))

_PUBLISHED_REVISIONS = select(m.Person.id, m.Person.published).where(
    m.Person.id.in_(bindparam("ids", expanding=True)), m.Person.published.is_not(None)
)


def load_records(session: Session, ids: Sequence[str]) -> dict[str, PersonRecord]:
    """Return the published records of `ids`, in that order; unpublished ids are left out.

    Relations to unpublished people are left out too, because their ids contain names.
    """
    records = load_stored_records(session, ids)
    hidden = hidden_relations(session, list(records))
    return {id_: _drop_relations(record, hidden.get(id_)) for id_, record in records.items()}


def load_stored_records(session: Session, ids: Sequence[str]) -> dict[str, PersonRecord]:
    """Return the published records of `ids` as stored, with relations to unpublished people."""
    stored = {row.id: row.record for row in session.execute(_STORED_RECORDS, {"ids": ids})}
    return {id_: stored[id_] for id_ in ids if id_ in stored}


def hidden_relations(session: Session, ids: Sequence[str]) -> dict[str, set[str]]:
    """Return the unpublished people that each of `ids` is related to."""
    hidden = group_pairs(
        (row.person_id, row.other_id) for row in session.execute(_HIDDEN_RELATIONS, {"ids": ids})
    )
    return {id_: set(others) for id_, others in hidden.items()}


def drop_hidden_relations(session: Session, stored: PersonRecord) -> tuple[PersonRecord, tuple[int, ...]]:
    """Return a stored record without relations to unpublished people, and the positions of the others."""
    hidden = hidden_relations(session, [stored["id"]]).get(stored["id"], set())
    relations = enumerate(stored.get("relations", ()))
    positions = tuple(position for position, relation in relations if relation["person"] not in hidden)
    return _drop_relations(stored, hidden), positions


def without_hidden_relations(session: Session, record: PersonRecord) -> PersonRecord:
    """Return an older record without its relations to people who are unpublished now."""
    related_ids = {relation["person"] for relation in record.get("relations", ())}
    query = select(m.Person.id).where(m.Person.id.in_(related_ids), m.Person.published.is_not(None))
    return _drop_relations(record, related_ids - set(session.scalars(query)) if related_ids else None)


def _drop_relations(record: PersonRecord, hidden: set[str] | None) -> PersonRecord:
    if not hidden:
        return record
    visible = [relation for relation in record["relations"] if relation["person"] not in hidden]
    remaining: PersonRecord = {**record, "relations": visible}
    if not visible:
        del remaining["relations"]
    return remaining


def load_record(session: Session, person_id: str) -> PersonRecord | None:
    """Return the published record of a person, if any."""
    return load_records(session, [person_id]).get(person_id)


def iter_chunks(session: Session, chunk: int = CHUNK_PEOPLE) -> Iterator[dict[str, PersonRecord]]:
    """Yield all published records by id in chunks, ordered by id."""
    last_id = ""
    while True:
        query = select(m.Person.id).where(m.Person.published.is_not(None), m.Person.id > last_id)
        ids = list(session.scalars(query.order_by(m.Person.id).limit(chunk)))
        if not ids:
            return
        yield load_records(session, ids)
        last_id = ids[-1]


def list_records_page(session: Session, page: int, size: int) -> dict[str, PersonRecord]:
    """Return a page of published records, ordered by id; `page` counts from 1."""
    query = select(m.Person.id).where(m.Person.published.is_not(None)).order_by(m.Person.id)
    ids = list(session.scalars(query.limit(size).offset((page - 1) * size)))
    return load_records(session, ids)


def count(session: Session) -> int:
    """Return the number of published people."""
    query = select(func.count()).select_from(m.Person).where(m.Person.published.is_not(None))
    return session.scalar(query) or 0


def published_revisions(session: Session, ids: Iterable[str]) -> dict[str, int]:
    """Return the number of the published revision by id."""
    rows = session.execute(_PUBLISHED_REVISIONS, {"ids": list(ids)})
    return {row.id: row.published for row in rows}


def preferred_names(session: Session, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the preferred names by language of the published people among `ids`."""
    query = (
        select(m.PersonName.person_id, m.PersonName.lang, m.PersonName.text)
        .join(m.Person, m.Person.id == m.PersonName.person_id)
        .where(m.Person.id.in_(ids), m.Person.published.is_not(None))
        .where(m.PersonName.kind == "preferred")
        .order_by(m.PersonName.person_id, m.PersonName.position)
    )
    names_by_person: dict[str, dict[str, str]] = {}
    for row in session.execute(query):
        names_by_person.setdefault(row.person_id, {}).setdefault(row.lang, row.text)
    return names_by_person


def work_titles(session: Session, ids: Sequence[str]) -> list[dict[str, str]]:
    """Return the titles by language of the works of `ids`; only published people have rows."""
    return list(session.scalars(_WORK_TITLES, {"ids": ids}))


def relations_to(session: Session, ids: Sequence[str]) -> dict[str, list[m.Relation]]:
    """Return relations of published people to `ids`, by the id they refer to."""
    relations = session.scalars(_INBOUND_RELATIONS, {"ids": ids})
    return group_pairs((relation.other_id, relation) for relation in relations)


def write_records(
    session: Session,
    records: Sequence[tuple[m.Person, Mapping[str, Any]]],
    previous: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Replace the published rows of each person by those of the record.

    With the `previous` published record of each person, only in the tables whose rows differ.
    """
    values_by_model: dict[type[m.PersonRow], list[dict[str, Any]]] = {}
    ids_by_model: dict[type[m.PersonRow], list[str]] = {}
    for person, record in records:
        set_person_columns(person, record)
        values = build_row_values(person.id, record, previous[person.id] if previous else None)
        for model, rows in values.items():
            values_by_model.setdefault(model, []).extend(rows)
            ids_by_model.setdefault(model, []).append(person.id)
    session.flush()
    for model, ids in ids_by_model.items():
        _delete_rows(session, model, ids)
        _insert_rows(session, model, values_by_model[model])


def _insert_rows(session: Session, model: type[m.PersonRow], rows: Sequence[Mapping[str, Any]]) -> None:
    table = Base.metadata.tables[model.__tablename__]
    names = [column.name for column in table.columns if column.name != "id"]
    if rows:
        # Objects would be inserted by one statement each on SQLite: their new ids are asked for.
        session.execute(insert(table), [{name: values.get(name) for name in names} for values in rows])


def clear_record(session: Session, person: m.Person) -> None:
    """Delete the published rows of a person and clear its columns."""
    for model in ROW_MODELS:
        _delete_rows(session, model, [person.id])
    person.gender = person.headline = person.connection = person.checked = None
    person.redirected_record = None
    for column in (*m.SORT_KEY_COLUMNS.values(), *m.INITIAL_COLUMNS.values()):
        setattr(person, column.key, "")


def _delete_rows(session: Session, model: type[m.PersonRow], ids: Sequence[str]) -> None:
    # One statement per table, not per person: these took three quarters of an import's time.
    statement = delete(model).where(model.person_id.in_(ids))
    session.execute(statement, execution_options={"synchronize_session": False})


def stale_translations(ages: Iterable[TextAge]) -> dict[str, str]:
    """Return, by language of a stale text, the language that changed last."""
    known = list(ages)
    latest = max(known, key=lambda age: (age.changed, age.lang), default=None)
    return {
        age.lang: latest.lang
        for age in known
        if latest is not None and latest.changed > max(age.changed, age.agrees)
    }


def stale_translations_by_person(session: Session, ids: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """Return the stale texts of each person that has any."""
    ages = session.scalars(_TEXT_AGES, {"ids": list(ids)})
    ages_by_person = group_pairs((age.person_id, age) for age in ages)
    return {id_: older for id_, ages in ages_by_person.items() if (older := stale_translations(ages))}
