"""Decide what an import does with each record: save, merge with edits made here, or refuse; write it.

An import never undoes edits made here. Each imported revision carries the number of its run; the
last one is what the file contained at the last import. If the latest revision differs from it, the
record was edited since: the changes of the file and the edits are merged three-way, and the record
is refused if both changed the same field.

A merge writes two revisions of one run: the contents of the file, as the base of the next import,
and the merged record on top of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, and_, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from biobank.accounts.identity import Identity
from biobank.common.clock import now
from biobank.editorial.conflicts import merge_records
from biobank.editorial.merging.redirects import resolve_redirects
from biobank.editorial.models import ImportKey, Revision
from biobank.editorial.review.notes import add_note
from biobank.editorial.revisions.bulk_save import with_source_ids
from biobank.editorial.revisions.publication import publish_revisions
from biobank.errors import FieldError, RecordRefused
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.sources.models import Source
from biobank.records.validation import load_validated
from biobank.store.base import Base

Record = Mapping[str, Any]
ImportOutcome = Literal["new", "changed", "same", "refused"]


@dataclass(frozen=True)
class StoredPerson:
    """The stored state of a person: the latest revision and the record of the last import."""

    revision_id: int
    number: int
    state: str
    record: Record
    has_user_author: bool
    #: Ids of users with contributions in it that were never public.
    writers: tuple[int, ...]
    base: Record | None


@dataclass(frozen=True)
class ImportDecision:
    """What happens to one record: `record` is from the file, `merged` includes edits made here."""

    person_id: str
    outcome: ImportOutcome
    record: Record
    merged: Record | None = None
    #: Sources that the record contains in full, by id.
    sources: Mapping[str, Any] = field(default_factory=dict)
    #: Fields that were edited here and keep their edited value.
    preserved_edits: tuple[str, ...] = ()
    problems: tuple[FieldError, ...] = ()
    stored: StoredPerson | None = None


def decide_imports(session: Session, records: Sequence[Record], *, publish: bool) -> list[ImportDecision]:
    """Return what an import of validated `records` with ids would do, without writing anything."""
    resolved = resolve_redirects(session, records)
    clean = [with_source_ids(record) for record in resolved]
    ids = [record["id"] for record in clean]
    stored = load_stored_people(session, ids)
    public = _public_records(session, ids) if publish else {}
    return [
        replace(
            _decide(record, stored.get(record["id"]), public.get(record["id"]), publish=publish),
            sources={
                source["id"]: source["csl"]
                for source in original.get("sources", ())
                if isinstance(source, dict)
            },
        )
        for record, original in zip(clean, resolved, strict=True)
    ]


def load_stored_people(session: Session, ids: Collection[str]) -> dict[str, StoredPerson]:
    """Return the stored state of those of `ids` that have a revision."""
    rows = list(session.execute(_latest_with_previous(ids)))
    edited_ids = [row.person_id for row in rows if row.import_run is None or _is_merged_revision(row)]
    bases = _last_imported(session, edited_ids) if edited_ids else {}
    return {
        row.person_id: StoredPerson(
            row.id,
            row.number,
            row.state,
            row.record,
            row.author_id is not None and row.import_run is None,
            () if row.published_at else tuple(row.writers),
            bases.get(row.person_id) if row.person_id in set(edited_ids) else row.record,
        )
        for row in rows
    }


def _decide(
    record: Record, stored: StoredPerson | None, public: Record | None, *, publish: bool
) -> ImportDecision:
    def decision(outcome: ImportOutcome, **fields: Any) -> ImportDecision:
        return ImportDecision(record["id"], outcome, record, stored=stored, **fields)

    if stored is None:
        return decision("new")
    if record == (public if publish else stored.record):
        return decision("same")
    if stored.base is None and stored.has_user_author:
        message = (
            f"{record['id']!r} was created here, not imported. Edit it at the desk, or merge the two "
            "records there."
        )
        return decision("refused", problems=(FieldError("id", "written_here", message),))
    if stored.base is None or stored.base == stored.record:
        return decision("changed")
    if publish and stored.state in ("draft", "review"):
        message = (
            f"Revision {stored.number} of {record['id']!r} was edited here and is not published yet. "
            "Publish or withdraw it first."
        )
        return decision("refused", problems=(FieldError("id", "being_edited", message),))
    if record == stored.base:
        return decision("same")
    return _merge_edits(record, stored.base, stored)


def _merge_edits(record: Record, base: Record, stored: StoredPerson) -> ImportDecision:
    """Merge the changes of the file with the edits made here; refuse if they conflict."""
    result = merge_records(base, record, stored.record)
    problems = [
        FieldError(
            ".".join(conflict.path),
            "edited_here",
            "Was edited here since the last import, and differs in the file. "
            "Resolve the conflict at the desk.",
        )
        for conflict in result.conflicts
    ]
    merged: Record = result.record
    if not problems:
        try:
            merged = load_validated(person_schema, result.record)
        except RecordRefused as refused:
            problems = list(refused.problems)
    unchanged = ImportDecision(record["id"], "same", record, stored=stored)
    if problems:
        return replace(unchanged, outcome="refused", problems=tuple(problems))
    if merged == stored.record:
        return unchanged
    edits = tuple(".".join(path) for path in result.from_theirs)
    return replace(unchanged, outcome="changed", merged=merged, preserved_edits=edits)


def _public_records(session: Session, ids: Sequence[str]) -> dict[str, Record]:
    """Return the public record of each person that has one."""
    query = (
        select(Revision.person_id, Revision.number, Revision.record)
        .join(Person, and_(Person.id == Revision.person_id, Person.published == Revision.number))
        .where(Person.id.in_(ids))
    )
    return {row.person_id: row.record for row in session.execute(query)}


def _latest_with_previous(ids: Collection[str], *conditions: ColumnElement[bool]) -> Select[Any]:
    """Return a query for the latest matching revisions, with the import run of the previous one."""
    last = (
        select(Revision.person_id, func.max(Revision.number).label("number"))
        .where(Revision.person_id.in_(ids), *conditions)
        .group_by(Revision.person_id)
        .subquery()
    )
    before = aliased(Revision)
    return (
        select(
            Revision.id,
            Revision.person_id,
            Revision.number,
            Revision.state,
            Revision.record,
            Revision.author_id,
            Revision.writers,
            Revision.published_at,
            Revision.import_run,
            before.import_run.label("run_before"),
        )
        .join(last, (last.c.person_id == Revision.person_id) & (last.c.number == Revision.number))
        .outerjoin(before, (before.person_id == Revision.person_id) & (before.number == Revision.number - 1))
    )


def _is_merged_revision(row: Row[Any]) -> bool:
    """Return whether the revision is a merge: its predecessor belongs to the same import run."""
    return bool(row.import_run) and row.import_run == row.run_before


def _last_imported(session: Session, ids: Collection[str]) -> dict[str, Record]:
    """Return the record of each person's last import, unless redacted."""
    rows = list(session.execute(_latest_with_previous(ids, Revision.import_run.is_not(None))))
    records = {row.person_id: row.record for row in rows if not _is_merged_revision(row)}
    merged_numbers = {row.person_id: row.number - 1 for row in rows if _is_merged_revision(row)}
    if merged_numbers:
        query = select(Revision.person_id, Revision.number, Revision.record).where(
            Revision.person_id.in_(merged_numbers), Revision.import_run.is_not(None)
        )
        for row in session.execute(query):
            if merged_numbers[row.person_id] == row.number:
                records[row.person_id] = row.record
    return {id_: record for id_, record in records.items() if record.get("names")}


@dataclass(frozen=True)
class ImportContext:
    """The settings of an import: actor, run, revision message and whether to publish."""

    actor: Identity
    run_id: int
    message: str
    publish: bool


def prepare_people(session: Session, records: Sequence[Record]) -> None:
    """Insert missing people whom the records describe or refer to; lock the former.

    A row without a revision is shown nowhere, so that an import killed between batches leaves no
    trace. The locks last until the transaction ends and prevent concurrent edits.
    """
    record_ids = {record["id"] for record in records}
    related_ids = {relation["person"] for record in records for relation in record.get("relations", ())}
    rows = [{"id": id_, "sort_key": "", "initial": ""} for id_ in sorted(record_ids | related_ids)]
    insert_missing(session, Person, rows)
    # Lock in a fixed order, so that two imports of the same people cannot deadlock.
    lock_query = select(Person.id).where(Person.id.in_(record_ids)).order_by(Person.id)
    session.execute(lock_query.with_for_update(key_share=True)).all()


def insert_missing(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those of `rows` whose keys do not exist yet."""
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(model).on_conflict_do_nothing(), list(rows))


def store_import_keys(session: Session, file: str, keys: Mapping[str, str]) -> None:
    """Store the keys by which lines without an id are matched to people in later imports."""
    rows = [{"file": file, "key": key, "person_id": id_} for key, id_ in keys.items()]
    insert_missing(session, ImportKey, rows)


def save_decisions(session: Session, decisions: Sequence[ImportDecision], context: ImportContext) -> None:
    """Write new and changed records.

    The caller must call `prepare_people` first, and owns the transaction.
    """
    to_write = [decision for decision in decisions if decision.outcome in ("new", "changed")]
    if not to_write:
        return
    timestamp = now()
    inline_sources = {id_: csl for decision in to_write for id_, csl in decision.sources.items()}
    insert_missing(session, Source, [{"id": id_, "csl": csl} for id_, csl in inline_sources.items()])
    _return_to_draft(session, context.actor, to_write)
    rows = [row for decision in to_write for row in _rows(decision, context, timestamp)]
    if context.publish:
        _publish(session, rows, timestamp)
    else:
        session.execute(insert(Revision), rows)


def _rows(decision: ImportDecision, context: ImportContext, timestamp: datetime) -> list[dict[str, Any]]:
    """Return the revision with the contents of the file, and the merged one if any."""
    before = decision.stored.number if decision.stored else 0
    records = [decision.record] if decision.merged is None else [decision.record, decision.merged]
    rows = [_row(decision, record, before + i, context, timestamp) for i, record in enumerate(records)]
    rows[-1]["state"] = "published" if context.publish else "draft"
    return rows


def _row(
    decision: ImportDecision, record: Record, before: int, context: ImportContext, timestamp: datetime
) -> dict[str, Any]:
    return {
        "person_id": decision.person_id,
        "number": before + 1,
        "state": "draft",
        "record": record,
        "author": context.actor.name,
        "author_id": context.actor.user_id,
        "writers": _writers(decision, context.actor),
        "message": context.message,
        "at": timestamp,
        "base": before or None,
        "import_run": context.run_id,
    }


def _writers(decision: ImportDecision, actor: Identity) -> list[int]:
    """Return the ids of the importing user and of the authors of unpublished revisions below."""
    before = decision.stored.writers if decision.stored else ()
    return sorted({*before, *([] if actor.user_id is None else [actor.user_id])})


def _publish(session: Session, rows: Sequence[Mapping[str, Any]], timestamp: datetime) -> None:
    revisions = [Revision(**row) for row in rows]
    session.add_all(revisions)
    session.flush()
    public = [revision for revision in revisions if revision.state == "published"]
    ids = [revision.person_id for revision in public]
    people = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(ids)))}
    publish_revisions(session, [(people[revision.person_id], revision) for revision in public], timestamp)


def _return_to_draft(session: Session, actor: Identity, decisions: Sequence[ImportDecision]) -> None:
    """Return records in review to draft, since reviewers must not see the text change."""
    ids = [
        decision.stored.revision_id
        for decision in decisions
        if decision.stored and decision.stored.state == "review"
    ]
    for revision in session.scalars(select(Revision).where(Revision.id.in_(ids))) if ids else ():
        session.execute(update(Revision).where(Revision.id == revision.id).values(state="draft"))
        add_note(session, actor, revision, "reopened")
