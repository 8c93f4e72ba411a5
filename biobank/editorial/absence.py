"""Why a person is not there, as everybody may know: merged into another one, or taken out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial.merging.leading import public_redirects
from biobank.records.people.browsing import in_utc
from biobank.records.people.models import MERGED, Person


@dataclass(frozen=True)
class Absence:
    """`new_id` where the person is found under another id; else when and why it was taken out."""

    new_id: str = ""
    at: datetime | None = None
    reason: str = ""


def absence(session: Session, person_id: str) -> Absence | None:
    """Why there is no public person of this id; none where there never was one, or there is.

    A draft that was merged is as one that never was: whoever guesses its id learns nothing.
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
