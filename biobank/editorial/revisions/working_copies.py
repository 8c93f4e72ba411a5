"""Working copies: the unsaved contents of forms, visible to their author only.

A form saves itself here while it is edited. A copy ends when it is saved as a revision
(`drafts.save_draft`) or discarded.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require, require_in_any_state
from biobank.common.clock import as_utc, now
from biobank.editorial.models import WorkingCopy
from biobank.editorial.revisions.drafts import record_state
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.errors import CopyRefused, Forbidden, NotFound
from biobank.records.people.models import Person
from biobank.store.session import Database

FieldPair = tuple[str, str]

#: Maximum size of the fields of a copy (names and values), in bytes.
MAX_COPY_BYTES = 1_000_000
#: Maximum number of copies per user.
MAX_COPIES_PER_USER = 50


@dataclass(frozen=True)
class WorkingCopyData:
    """The saved contents of a form, and the revision that it was opened with."""

    key: str
    person_id: str | None
    base: int | None
    fields: tuple[FieldPair, ...]
    saved_at: datetime


def save_copy(
    database: Database,
    actor: Identity,
    fields: Sequence[FieldPair],
    *,
    person_id: str | None = None,
    base: int | None = None,
    key: str = "",
) -> WorkingCopyData:
    """Save the fields of a form under `key`, or under a new key if the actor has none with it.

    Raises:
        Forbidden: if the actor may not edit this record, or is not a user.
        NotFound: if the person does not exist.
        CopyRefused: if it is too large, or there are too many.
    """
    size = sum(len(part.encode("utf-8", "replace")) for pair in fields for part in pair)
    if size > MAX_COPY_BYTES:
        raise CopyRefused(f"This form has {size} bytes; the maximum is {MAX_COPY_BYTES}.")
    with database.write() as session:
        _require_write_access(session, actor, person_id)
        copy = _find_own(session, actor, key) or _create(session, actor)
        copy.person_id, copy.base = person_id, base
        copy.fields = [list(pair) for pair in fields]
        copy.saved_at = now()
        session.flush()
        return _to_data(copy)


def get_copy(database: Database, actor: Identity, key: str) -> WorkingCopyData:
    """Return a working copy of the actor.

    Raises:
        NotFound: if the actor has no such copy.
    """
    require_in_any_state(actor, Action.WRITE_PEOPLE)
    with database.read() as session:
        copy = _find_own(session, actor, key)
        if copy is None:
            raise NotFound("Working copy not found: it was saved or discarded.")
        return _to_data(copy)


def list_copies(database: Database, actor: Identity, person_id: str | None = None) -> list[WorkingCopyData]:
    """Return all working copies of the actor, or those of one person, last saved first."""
    require_in_any_state(actor, Action.WRITE_PEOPLE)
    query = select(WorkingCopy).where(WorkingCopy.user_id == actor.user_id)
    if person_id is not None:
        query = query.where(WorkingCopy.person_id == person_id)
    with database.read() as session:
        rows = session.scalars(query.order_by(WorkingCopy.saved_at.desc(), WorkingCopy.key))
        return [_to_data(row) for row in rows]


def discard_copy(database: Database, actor: Identity, key: str) -> None:
    """Delete a working copy of the actor; do nothing if it does not exist."""
    require_in_any_state(actor, Action.WRITE_PEOPLE)
    with database.write() as session:
        if copy := _find_own(session, actor, key):
            session.delete(copy)


def _require_write_access(session: Session, actor: Identity, person_id: str | None) -> None:
    person = session.get(Person, person_id) if person_id else None
    latest = latest_revision(session, person_id) if person_id else None
    require(actor, Action.WRITE_PEOPLE, record_state(person, latest))
    if actor.user_id is None:
        raise Forbidden("Only signed-in users have working copies.")
    if person_id and latest is None:
        raise NotFound.person(person_id)


def _find_own(session: Session, actor: Identity, key: str) -> WorkingCopy | None:
    query = select(WorkingCopy).where(WorkingCopy.key == key, WorkingCopy.user_id == actor.user_id)
    copy: WorkingCopy | None = session.scalar(query) if key else None
    return copy


def _create(session: Session, actor: Identity) -> WorkingCopy:
    count_query = select(func.count()).where(WorkingCopy.user_id == actor.user_id)
    if (session.scalar(count_query) or 0) >= MAX_COPIES_PER_USER:
        message = f"You have {MAX_COPIES_PER_USER} working copies, the maximum. Discard some first."
        raise CopyRefused(message, code="too_many_copies")
    copy = WorkingCopy(key=secrets.token_urlsafe(16), user_id=actor.user_id)
    session.add(copy)
    return copy


def _to_data(copy: WorkingCopy) -> WorkingCopyData:
    fields = tuple((str(name), str(value)) for name, value in copy.fields)
    return WorkingCopyData(copy.key, copy.person_id, copy.base, fields, as_utc(copy.saved_at))
