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

from biobank.accounts.clock import as_utc, now
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require, require_somewhere
from biobank.editorial.models import WorkingCopy
from biobank.editorial.saving import head, state
from biobank.errors import CopyRefused, Forbidden, NotFound
from biobank.records.people.models import Person
from biobank.store.session import Database

Pair = tuple[str, str]

#: Maximum size of the fields of a copy (names and values), in bytes.
SIZE_MOST = 1_000_000
#: Maximum number of copies per user.
COPIES_MOST = 50


@dataclass(frozen=True)
class Copy:
    """The saved contents of a form, and the revision that it was opened with."""

    key: str
    person_id: str | None
    base: int | None
    fields: tuple[Pair, ...]
    saved_at: datetime


def keep(
    database: Database,
    who: Identity,
    fields: Sequence[Pair],
    *,
    person_id: str | None = None,
    base: int | None = None,
    key: str = "",
) -> Copy:
    """Save the fields of a form under `key`, or under a new key if the actor has none with it.

    Raises:
        Forbidden: if the actor may not edit this record, or is not a user.
        NotFound: if the person does not exist.
        CopyRefused: if it is too large, or there are too many.
    """
    size = sum(len(part.encode("utf-8", "replace")) for pair in fields for part in pair)
    if size > SIZE_MOST:
        raise CopyRefused(f"This form holds {size} bytes; at most {SIZE_MOST} are kept.")
    with database.write() as session:
        _require(session, who, person_id)
        copy = _own(session, who, key) or _new(session, who)
        copy.person_id, copy.base = person_id, base
        copy.fields = [list(pair) for pair in fields]
        copy.saved_at = now()
        session.flush()
        return _told(copy)


def open_copy(database: Database, who: Identity, key: str) -> Copy:
    """Return a working copy of the actor.

    Raises:
        NotFound: if the actor has no such copy.
    """
    require_somewhere(who, Action.WRITE_PEOPLE)
    with database.read() as session:
        copy = _own(session, who, key)
        if copy is None:
            raise NotFound("There is no such working copy: it was saved, or thrown away.")
        return _told(copy)


def own(database: Database, who: Identity, person_id: str | None = None) -> list[Copy]:
    """Return all working copies of the actor, or those of one person, last saved first."""
    require_somewhere(who, Action.WRITE_PEOPLE)
    query = select(WorkingCopy).where(WorkingCopy.user_id == who.user_id)
    if person_id is not None:
        query = query.where(WorkingCopy.person_id == person_id)
    with database.read() as session:
        rows = session.scalars(query.order_by(WorkingCopy.saved_at.desc(), WorkingCopy.key))
        return [_told(row) for row in rows]


def throw_away(database: Database, who: Identity, key: str) -> None:
    """Delete a working copy of the actor; do nothing if it does not exist."""
    require_somewhere(who, Action.WRITE_PEOPLE)
    with database.write() as session:
        if copy := _own(session, who, key):
            session.delete(copy)


def _require(session: Session, who: Identity, person_id: str | None) -> None:
    person = session.get(Person, person_id) if person_id else None
    newest = head(session, person_id) if person_id else None
    require(who, Action.WRITE_PEOPLE, state(person, newest))
    if who.user_id is None:
        raise Forbidden("Working copies are kept for users.")
    if person_id and newest is None:
        raise NotFound(f"There is no person {person_id[:120]!r}.")


def _own(session: Session, who: Identity, key: str) -> WorkingCopy | None:
    query = select(WorkingCopy).where(WorkingCopy.key == key, WorkingCopy.user_id == who.user_id)
    found: WorkingCopy | None = session.scalar(query) if key else None
    return found


def _new(session: Session, who: Identity) -> WorkingCopy:
    mine = select(func.count()).where(WorkingCopy.user_id == who.user_id)
    if (session.scalar(mine) or 0) >= COPIES_MOST:
        message = f"You have {COPIES_MOST} working copies; throw some away first."
        raise CopyRefused(message, code="too_many_copies")
    copy = WorkingCopy(key=secrets.token_urlsafe(16), user_id=who.user_id)
    session.add(copy)
    return copy


def _told(copy: WorkingCopy) -> Copy:
    fields = tuple((str(name), str(value)) for name, value in copy.fields)
    return Copy(copy.key, copy.person_id, copy.base, fields, as_utc(copy.saved_at))
