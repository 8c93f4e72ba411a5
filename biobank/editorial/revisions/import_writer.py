"""Bulk writes of an import: people, sources and revisions, published if requested."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.editorial.models import ImportKey, Revision
from biobank.editorial.review.notes import add_note
from biobank.editorial.revisions.import_decisions import ImportDecision, Record
from biobank.editorial.revisions.publication import publish_revisions
from biobank.records.people.models import Person
from biobank.records.sources.models import Source
from biobank.store import outbox
from biobank.store.base import Base


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
    timestamp = outbox.now()
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
    file_row = _row(decision, decision.record, before, context, timestamp)
    if decision.merged is None:
        return [{**file_row, "state": "published" if context.publish else "draft"}]
    merged_row = _row(decision, decision.merged, before + 1, context, timestamp)
    return [file_row, {**merged_row, "state": "published" if context.publish else "draft"}]


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
    ids: Collection[str] = [revision.person_id for revision in public]
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
