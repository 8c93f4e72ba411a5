"""Tombstones: why a person has no public page (merged into another person, or withdrawn)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.merging.leading import public_redirects
from biobank.records.people.browsing import in_utc
from biobank.records.people.models import MERGED, Person


@dataclass(frozen=True)
class Absence:
    """The reason why a person is not public.

    `new_id` is set if the person was merged; otherwise `at` and `reason` describe the withdrawal.
    """

    new_id: str = ""
    at: datetime | None = None
    reason: str = ""


def absence(session: Session, person_id: str) -> Absence | None:
    """Return why the person is not public, or None if they are public or never were.

    A merged draft is treated as unknown, so that a guessed id reveals nothing.
    """
    target = public_redirects(session, [person_id]).get(person_id)
    if target is not None:
        return Absence(new_id=target)
    query = select(Person.withdrawn_at, Person.withdrawal).where(
        Person.id == person_id, Person.withdrawn_at.is_not(None), Person.published.is_(None)
    )
    row = session.execute(query).one_or_none()
    if row is None or row.withdrawal == MERGED:
        return None
    return Absence(at=in_utc(row.withdrawn_at), reason=row.withdrawal or "")
