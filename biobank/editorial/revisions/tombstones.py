"""Tombstones: why a person has no public page (merged into another person, or withdrawn)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.merging.redirects import find_public_redirects
from biobank.records.people.browse_queries import to_utc
from biobank.records.people.models import MERGED, Person


@dataclass(frozen=True)
class Tombstone:
    """The reason why a person is not public.

    `new_id` is set if the person was merged; otherwise `at` and `reason` describe the withdrawal.
    """

    new_id: str = ""
    at: datetime | None = None
    reason: str = ""


def find_tombstone(session: Session, person_id: str) -> Tombstone | None:
    """Return why the person is not public, or None if they are public or never were.

    A merged draft is treated as unknown, so that a guessed id reveals nothing.
    """
    target = find_public_redirects(session, [person_id]).get(person_id)
    if target is not None:
        return Tombstone(new_id=target)
    query = select(Person.withdrawn_at, Person.withdrawal).where(
        Person.id == person_id, Person.withdrawn_at.is_not(None), Person.published.is_(None)
    )
    row = session.execute(query).one_or_none()
    if row is None or row.withdrawal == MERGED:
        return None
    return Tombstone(at=to_utc(row.withdrawn_at), reason=row.withdrawal or "")
