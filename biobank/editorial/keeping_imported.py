"""Bulk writes of an import: people, sources and revisions, published if requested."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.editorial.imported import Decision, Record
from biobank.editorial.making_public import make_public
from biobank.editorial.models import ImportKey, Revision
from biobank.editorial.notes import note
from biobank.records.people.models import Person
from biobank.records.sources.models import Source
from biobank.store import outbox
from biobank.store.base import Base


@dataclass(frozen=True)
class Making:
    """The settings of an import: actor, run, revision message and whether to publish."""

    who: Identity
    run_id: int
    message: str
    publish: bool


def make_room(session: Session, records: Sequence[Record]) -> None:
    """Insert missing people whom the records describe or refer to; lock the former.

    A row without a revision is shown nowhere, so that an import killed between batches leaves no
    trace. The locks last until the transaction ends and prevent concurrent edits.
    """
    about = {record["id"] for record in records}
    targets = {tie["person"] for record in records for tie in record.get("relations", ())}
    rows = [{"id": id_, "sort_key": "", "initial": ""} for id_ in sorted(about | targets)]
    add_missing(session, Person, rows)
    # Lock in a fixed order, so that two imports of the same people cannot deadlock.
    held = select(Person.id).where(Person.id.in_(about)).order_by(Person.id)
    session.execute(held.with_for_update(key_share=True)).all()


def add_missing(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those of `rows` whose keys do not exist yet."""
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(model).on_conflict_do_nothing(), list(rows))


def remember(session: Session, file: str, keys: Mapping[str, str]) -> None:
    """Store the keys by which lines without an id are matched to people in later imports."""
    rows = [{"file": file, "key": key, "person_id": id_} for key, id_ in keys.items()]
    add_missing(session, ImportKey, rows)


def keep(session: Session, decisions: Sequence[Decision], making: Making) -> None:
    """Write new and changed records.

    The caller must call `prepare_people` first, and owns the transaction.
    """
    written = [it for it in decisions if it.outcome in ("new", "changed")]
    if not written:
        return
    moment = outbox.now()
    whole = {id_: csl for decision in written for id_, csl in decision.sources.items()}
    add_missing(session, Source, [{"id": id_, "csl": csl} for id_, csl in whole.items()])
    _take_out_of_review(session, making.who, written)
    rows = [row for decision in written for row in _rows(decision, making, moment)]
    if making.publish:
        _publish(session, rows, moment)
    else:
        session.execute(insert(Revision), rows)


def _rows(decision: Decision, making: Making, moment: datetime) -> list[dict[str, Any]]:
    """Return the revision with the contents of the file, and the merged one if any."""
    before = decision.standing.number if decision.standing else 0
    said = _row(decision, decision.record, before, making, moment)
    if decision.joined is None:
        return [{**said, "state": "published" if making.publish else "draft"}]
    both = _row(decision, decision.joined, before + 1, making, moment)
    return [said, {**both, "state": "published" if making.publish else "draft"}]


def _row(
    decision: Decision, record: Record, before: int, making: Making, moment: datetime
) -> dict[str, Any]:
    return {
        "person_id": decision.person_id,
        "number": before + 1,
        "state": "draft",
        "record": record,
        "author": making.who.name,
        "author_id": making.who.user_id,
        "writers": _writers(decision, making.who),
        "message": making.message,
        "at": moment,
        "base": before or None,
        "import_run": making.run_id,
    }


def _writers(decision: Decision, who: Identity) -> list[int]:
    """Return the ids of the importing user and of the authors of unpublished revisions below."""
    before = decision.standing.writers if decision.standing else ()
    return sorted({*before, *([] if who.user_id is None else [who.user_id])})


def _publish(session: Session, rows: Sequence[Mapping[str, Any]], moment: datetime) -> None:
    revisions = [Revision(**row) for row in rows]
    session.add_all(revisions)
    session.flush()
    public = [revision for revision in revisions if revision.state == "published"]
    ids: Collection[str] = [revision.person_id for revision in public]
    people = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(ids)))}
    make_public(session, [(people[it.person_id], it) for it in public], moment)


def _take_out_of_review(session: Session, who: Identity, written: Sequence[Decision]) -> None:
    """Return records in review to draft, since reviewers must not see the text change."""
    ids = [
        it.standing.revision_id for it in written if it.standing and it.standing.state == "review"
    ]
    for revision in session.scalars(select(Revision).where(Revision.id.in_(ids))) if ids else ():
        session.execute(update(Revision).where(Revision.id == revision.id).values(state="draft"))
        note(session, who, revision, "reopened")
