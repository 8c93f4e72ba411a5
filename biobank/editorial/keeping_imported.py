"""Keeping what an import decided: people, sources and revisions in bulk, public where asked."""

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
    """Who brings in, under which run, and how."""

    who: Identity
    run_id: int
    message: str
    publish: bool


def make_room(session: Session, records: Sequence[Record]) -> None:
    """Rows for people of whom there are none, whom records are about or point at; all are held.

    A bare row has no revision and shows nowhere, so a kill between two batches leaves no trace.
    Held are those that records are about, until the transaction ends: nobody edits them meanwhile.
    """
    about = {record["id"] for record in records}
    targets = {tie["person"] for record in records for tie in record.get("relations", ())}
    rows = [{"id": id_, "sort_key": "", "initial": ""} for id_ in sorted(about | targets)]
    add_missing(session, Person, rows)
    # In one order everywhere, so that two imports of the same people wait and never block.
    held = select(Person.id).where(Person.id.in_(about)).order_by(Person.id)
    session.execute(held.with_for_update(key_share=True)).all()


def add_missing(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds those of `rows` whose keys are not there yet."""
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(model).on_conflict_do_nothing(), list(rows))


def remember(session: Session, file: str, keys: Mapping[str, str]) -> None:
    """By which key a line without an id is found again: people by key."""
    rows = [{"file": file, "key": key, "person_id": id_} for key, id_ in keys.items()]
    add_missing(session, ImportKey, rows)


def keep(session: Session, decisions: Sequence[Decision], making: Making) -> None:
    """Writes what is new or changed. The caller made room for it, and owns the transaction."""
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
    """What the file says, and where somebody edited here, upon it both together."""
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
    """Whoever brings it in, and those whose drafts it stands upon."""
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
    """What is read by a reviewer is never another text than the one handed in."""
    ids = [
        it.standing.revision_id for it in written if it.standing and it.standing.state == "review"
    ]
    for revision in session.scalars(select(Revision).where(Revision.id.in_(ids))) if ids else ():
        session.execute(update(Revision).where(Revision.id == revision.id).values(state="draft"))
        note(session, who, revision, "reopened")
