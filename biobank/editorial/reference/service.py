"""Creation, update and deletion of reference records, with an edit log."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import exists, or_, select, text
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, is_allowed, require
from biobank.common.clock import now
from biobank.editorial.reference.person_rewrites import draft_ids_using
from biobank.editorial.reference.validation import check_record
from biobank.errors import NotFound, RecordRefused, ReferenceChanged, StillUsed
from biobank.records.reference.kinds import ReferenceKind, load_record_by_key
from biobank.records.reference.models import ReferenceEdit, ReferenceMerge
from biobank.records.reference.redirects import aliases_of, find_redirect
from biobank.records.reference.usage import (
    affected_people,
    external_columns,
    first_people_using,
    list_referring,
    mark_reviewed,
    mark_unreviewed,
)
from biobank.records.validation import load_validated
from biobank.store import outbox
from biobank.store.session import Database

Record = Mapping[str, Any]
#: Length of a version, in characters.
VERSION_CHARS: Final = 16


def add_record(database: Database, actor: Identity, kind: ReferenceKind, data: Record) -> str:
    """Save a new record and return its key; it is not public until an editor accepts it.

    Raises:
        RecordRefused: if it is invalid, or its id is taken or was merged into another.
    """
    require(actor, Action.ADD_REFERENCE)
    record = load_validated(kind.schema, data)
    key = kind.get_key(record)
    with database.write() as session:
        lock_reference_records(session)
        check_key_available(session, kind, key)
        check_record(session, kind, record)
        save_record(session, actor, kind, "added", None, record)
        if not is_allowed(actor, Action.EDIT_REFERENCE):
            mark_unreviewed(session, kind, key)
        audit.record_for(session, actor, "added", kind.name, key)
    return key


def update_record(
    database: Database, actor: Identity, kind: ReferenceKind, key: str, data: Record, seen_version: str
) -> str:
    """Update a record and return its new version; `seen_version` is the version that the actor saw.

    People who refer to it are indexed again. An equal record is not saved.

    Raises:
        NotFound: if the record does not exist.
        ReferenceChanged: if it was changed since.
        RecordRefused: if it is invalid.
    """
    require(actor, Action.EDIT_REFERENCE)
    record = load_validated(kind.schema, data)
    with database.write() as session:
        lock_reference_records(session)
        before = _get_seen_record(session, kind, key, seen_version)
        if kind.get_key(record) != key:
            raise RecordRefused.of_field("id", "id_changed", "An ID is changed by renaming.")
        if before != record:
            check_record(session, kind, record)
            save_record(session, actor, kind, "changed", before, record)
            mark_reviewed(session, kind, key)
            reindex_people(session, affected_people(session, kind, [key]))
            audit.record_for(session, actor, "changed", kind.name, key)
    return record_version(record)


def accept_record(database: Database, actor: Identity, kind: ReferenceKind, key: str) -> None:
    """Accept a record added by a contributor, which makes it public.

    Raises:
        NotFound: if the record does not exist.
    """
    require(actor, Action.EDIT_REFERENCE)
    with database.write() as session:
        lock_reference_records(session)
        record = get_reference_record(session, kind, key)
        if mark_reviewed(session, kind, key):
            _log_edit(session, actor, kind, "accepted", record, record)
            audit.record_for(session, actor, "accepted", kind.name, key)


def remove_record(
    database: Database, actor: Identity, kind: ReferenceKind, key: str, seen_version: str
) -> None:
    """Delete an unused record; its contents remain in the edit log.

    Raises:
        NotFound: if the record does not exist.
        ReferenceChanged: if it was changed since.
        StillUsed: if people, drafts or other records refer to it.
    """
    require(actor, Action.EDIT_REFERENCE)
    with database.write() as session:
        lock_reference_records(session)
        before = _get_seen_record(session, kind, key, seen_version)
        if find_unfinished_merge(session, kind, [key]) or is_referenced(session, kind, key):
            raise StillUsed("It is still in use. Merge it into another record instead.")
        delete_record(session, actor, kind, "removed", before)
        audit.record_for(session, actor, "removed", kind.name, key)


def record_version(record: Record) -> str:
    """Return a hash of a record, for the detection of concurrent changes."""
    serialized = json.dumps(record, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(serialized.encode()).hexdigest()[:VERSION_CHARS]


def is_referenced(session: Session, kind: ReferenceKind, key: str) -> bool:
    """Return whether anything in the bank refers to a record."""
    return bool(
        first_people_using(session, kind, key, 1)
        or list_referring(session, kind, key)
        or aliases_of(session, kind.name, key)
        or any(
            session.scalar(select(exists().where(column == key))) for _table, column in external_columns(kind)
        )
        or draft_ids_using(session, kind, key)
    )


def find_unfinished_merge(
    session: Session, kind: ReferenceKind, keys: Iterable[str]
) -> ReferenceMerge | None:
    """Return a merge of one of the records that has rewritten some people and not all."""
    query = select(ReferenceMerge).where(
        ReferenceMerge.kind == kind.name,
        ReferenceMerge.finished_at.is_(None),
        ReferenceMerge.undone_at.is_(None),
        or_(ReferenceMerge.kept.in_(keys), ReferenceMerge.gone.in_(keys)),
    )
    return session.scalars(query.limit(1)).first()


def lock_reference_records(session: Session) -> None:
    """Serialize changes of reference records: concurrent ones could create a cycle of parents."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE reference_edits IN EXCLUSIVE MODE"))


def get_reference_record(session: Session, kind: ReferenceKind, key: str) -> dict[str, Any]:
    """Return the record.

    Raises:
        NotFound: if the record does not exist.
    """
    record = load_record_by_key(session, kind, key)
    if record is None:
        raise NotFound(f"There is no {kind.name} {key[:120]!r}.")
    return record


def _get_seen_record(session: Session, kind: ReferenceKind, key: str, seen_version: str) -> dict[str, Any]:
    """Return the record, if it is the version that the actor saw."""
    record = get_reference_record(session, kind, key)
    if record_version(record) != seen_version:
        raise ReferenceChanged(record)
    return record


def save_record(
    session: Session, actor: Identity, kind: ReferenceKind, action: str, before: Record | None, after: Record
) -> None:
    """Save `after` in place of `before`, and log the edit."""
    session.merge(kind.to_row(after))
    _log_edit(session, actor, kind, action, before, after)


def delete_record(
    session: Session, actor: Identity, kind: ReferenceKind, action: str, before: Record
) -> None:
    """Delete an unreferenced record, and log the edit."""
    session.flush()
    session.delete(session.get_one(kind.model, kind.get_key(before)))
    mark_reviewed(session, kind, kind.get_key(before))
    _log_edit(session, actor, kind, action, before, None)


def reindex_people(session: Session, people: Iterable[str]) -> None:
    """Queue people for reindexing."""
    for batch in outbox.batched(sorted(people), outbox.MAX_STATEMENT_VALUES):
        outbox.add(session, batch)
        session.flush()


def _log_edit(
    session: Session,
    actor: Identity,
    kind: ReferenceKind,
    action: str,
    before: Record | None,
    after: Record | None,
) -> None:
    session.add(
        ReferenceEdit(
            kind=kind.name,
            key=kind.get_key(after or before or {}),
            what=action,
            before=before,
            after=after,
            author=actor.name,
            author_id=actor.user_id,
            at=now(),
        )
    )
    session.flush()


def check_key_available(session: Session, kind: ReferenceKind, key: str) -> None:
    """Check that a key is neither taken nor redirected.

    Raises:
        RecordRefused: if it is.
    """
    if load_record_by_key(session, kind, key) is not None:
        raise RecordRefused.of_field("id", "id_taken", "This ID is already taken. Choose another one.")
    if find_redirect(session, kind.name, key):
        message = "This ID redirects to the record it was merged into. Choose another ID."
        raise RecordRefused.of_field("id", "id_merged", message)
