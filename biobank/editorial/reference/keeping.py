"""Creation, update and deletion of reference records, with an edit log."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, allows, require
from biobank.editorial.reference.checking import check
from biobank.editorial.reference.drafts import drafts_using
from biobank.errors import NotFound, Problem, RecordRefused, ReferenceChanged, StillUsed
from biobank.records.problems import load
from biobank.records.reference.kinds import Kind, one_record
from biobank.records.reference.models import ReferenceEdit
from biobank.records.reference.redirects import led_here, where_now
from biobank.records.reference.unreviewed import mark_reviewed, mark_unreviewed
from biobank.records.reference.uses import affected, first_people_using, outside, referring
from biobank.store import outbox
from biobank.store.session import Database

Record = Mapping[str, Any]
#: Length of a version, in characters.
VERSION: Final = 16


def add(database: Database, who: Identity, kind: Kind, data: Record) -> str:
    """Save a new record and return its key; it is not public until an editor accepts it.

    Raises:
        RecordRefused: if it is invalid, or its id is taken or was merged into another.
    """
    require(who, Action.ADD_REFERENCE)
    record = load(kind.schema, data)
    key = kind.key(record)
    with database.write() as session:
        lock(session)
        check_free(session, kind, key)
        check(session, kind, record)
        put(session, who, kind, "added", None, record)
        if not allows(who, Action.EDIT_REFERENCE):
            mark_unreviewed(session, kind, key)
        audit.note_about(session, who, "added", kind.name, key)
    return key


def change(database: Database, who: Identity, kind: Kind, key: str, data: Record, seen: str) -> str:
    """Update a record and return its new version; `seen_version` is the version that the actor saw.

    People who refer to it are indexed again. An equal record is not saved.

    Raises:
        NotFound: if the record does not exist.
        ReferenceChanged: if it was changed since.
        RecordRefused: if it is invalid.
    """
    require(who, Action.EDIT_REFERENCE)
    record = load(kind.schema, data)
    with database.write() as session:
        lock(session)
        before = existing(session, kind, key)
        if version(before) != seen:
            raise ReferenceChanged(before)
        if kind.key(record) != key:
            raise RecordRefused([Problem("id", "id_changed", "An id is changed by renaming.")])
        if before != record:
            check(session, kind, record)
            put(session, who, kind, "changed", before, record)
            mark_reviewed(session, kind, key)
            index_anew(session, affected(session, kind, [key]))
            audit.note_about(session, who, "changed", kind.name, key)
    return version(record)


def accept(database: Database, who: Identity, kind: Kind, key: str) -> None:
    """Accept a record added by a contributor, which makes it public.

    Raises:
        NotFound: if the record does not exist.
    """
    require(who, Action.EDIT_REFERENCE)
    with database.write() as session:
        lock(session)
        record = existing(session, kind, key)
        if mark_reviewed(session, kind, key):
            _note(session, who, kind, "accepted", record, record)
            audit.note_about(session, who, "accepted", kind.name, key)


def remove(database: Database, who: Identity, kind: Kind, key: str, seen: str) -> None:
    """Delete an unused record; its contents remain in the edit log.

    Raises:
        NotFound: if the record does not exist.
        ReferenceChanged: if it was changed since.
        StillUsed: if people, drafts or other records refer to it.
    """
    require(who, Action.EDIT_REFERENCE)
    with database.write() as session:
        lock(session)
        before = existing(session, kind, key)
        if version(before) != seen:
            raise ReferenceChanged(before)
        if is_used(session, kind, key):
            raise StillUsed("Something refers to it still. Merge it into another one instead.")
        take_away(session, who, kind, "removed", before)
        audit.note_about(session, who, "removed", kind.name, key)


def version(record: Record) -> str:
    """Return a hash of a record, for the detection of concurrent changes."""
    said = json.dumps(record, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:VERSION]


def is_used(session: Session, kind: Kind, key: str) -> bool:
    """Return whether anything in the bank refers to a record."""
    if first_people_using(session, kind, key, 1) or referring(session, kind, key):
        return True
    if led_here(session, kind.name, key):
        return True
    for table, column in outside(kind):
        if session.scalar(select(func.count()).select_from(table).where(column == key)):
            return True
    return bool(drafts_using(session, kind, key))


def lock(session: Session) -> None:
    """Serialize changes of reference records: concurrent ones could create a cycle of parents."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE reference_edits IN EXCLUSIVE MODE"))


def existing(session: Session, kind: Kind, key: str) -> dict[str, Any]:
    """Return the record.

    Raises:
        NotFound: if the record does not exist.
    """
    record = one_record(session, kind, key)
    if record is None:
        raise NotFound(f"There is no {kind.name} {key[:120]!r}.")
    return record


def put(
    session: Session,
    who: Identity,
    kind: Kind,
    what: str,
    before: Record | None,
    after: Record,
) -> None:
    """Save `after` in place of `before`, and log the edit."""
    session.merge(kind.row(after))
    _note(session, who, kind, what, before, after)


def take_away(session: Session, who: Identity, kind: Kind, what: str, before: Record) -> None:
    """Delete an unreferenced record, and log the edit."""
    session.flush()
    session.delete(session.get_one(kind.model, kind.key(before)))
    mark_reviewed(session, kind, kind.key(before))
    _note(session, who, kind, what, before, None)


def index_anew(session: Session, people: Iterable[str]) -> None:
    """Queue people for reindexing."""
    for portion in outbox.batched(sorted(people), outbox.PORTION):
        outbox.add(session, portion)
        session.flush()


def _note(
    session: Session,
    who: Identity,
    kind: Kind,
    what: str,
    before: Record | None,
    after: Record | None,
) -> None:
    session.add(
        ReferenceEdit(
            kind=kind.name,
            key=kind.key(after or before or {}),
            what=what,
            before=before,
            after=after,
            author=who.name,
            author_id=who.user_id,
            at=outbox.now(),
        )
    )
    session.flush()


def check_free(session: Session, kind: Kind, key: str) -> None:
    """Check that a key is neither taken nor redirected.

    Raises:
        RecordRefused: if it is.
    """
    if one_record(session, kind, key) is not None:
        raise RecordRefused([Problem("id", "id_taken", "This id is taken; choose another one.")])
    if where_now(session, kind.name, key):
        message = "This id was merged into another one and leads there; choose another one."
        raise RecordRefused([Problem("id", "id_merged", message)])
