"""Why a person is not there: merged into another one, or taken out of the bank."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.models import Redirect
from biobank.records.people.browsing import in_utc
from biobank.records.people.models import Person


@dataclass(frozen=True)
class Absence:
    """`new_id` where the person is found under another id; else when and why it was taken out."""

    new_id: str = ""
    at: datetime | None = None
    reason: str = ""


def absence(session: Session, person_id: str) -> Absence | None:
    """Why there is no public person of this id; none where there never was one, or there is."""
    target = session.scalar(select(Redirect.new_id).where(Redirect.old_id == person_id))
    if target is not None:
        return Absence(new_id=target)
    query = select(Person.withdrawn_at, Person.withdrawal).where(
        Person.id == person_id, Person.withdrawn_at.is_not(None), Person.published.is_(None)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    return Absence(at=in_utc(row.withdrawn_at), reason=row.withdrawal or "")
