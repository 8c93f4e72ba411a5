"""The most recently published people and the most recently changed public records."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from biobank.editorial.models import Revision
from biobank.records.people.browse_queries import to_utc
from biobank.records.people.models import Person


@dataclass(frozen=True)
class PublishedPerson:
    """A public person with the times of first publication and of the last public change, in UTC."""

    person_id: str
    published: datetime
    updated: datetime


def recently_published(session: Session, offset: int, size: int) -> list[PublishedPerson]:
    """Return a page of the people published most recently, newest first.

    Uses the index on `Revision.published_at`; the number of scanned rows is the number of changes
    since the oldest person of the page.
    """
    first, before = aliased(Revision), aliased(Revision)
    earlier = select(before.id).where(
        before.person_id == first.person_id,
        before.published_at.is_not(None),
        before.number < first.number,
    )
    query = (
        select(first.person_id, first.published_at, Person.updated_at)
        .join(Person, Person.id == first.person_id)
        .where(first.published_at.is_not(None), Person.published.is_not(None), ~earlier.exists())
        .order_by(first.published_at.desc(), first.person_id)
    )
    rows = session.execute(query.offset(offset).limit(size))
    return [_published_person(row.person_id, row.published_at, row.updated_at) for row in rows]


def recently_changed(session: Session, offset: int, size: int) -> list[PublishedPerson]:
    """Return a page of the people whose public record changed most recently, newest first."""
    people = (
        select(Person.id, Person.updated_at)
        .where(Person.published.is_not(None), Person.updated_at.is_not(None))
        .order_by(Person.updated_at.desc(), Person.id)
        .offset(offset)
        .limit(size)
    )
    rows = list(session.execute(people))
    since = _first_published(session, [row.id for row in rows])
    return [
        _published_person(row.id, since.get(row.id, row.updated_at), row.updated_at) for row in rows
    ]


def _first_published(session: Session, ids: list[str]) -> dict[str, datetime]:
    query = (
        select(Revision.person_id, func.min(Revision.published_at).label("at"))
        .where(Revision.person_id.in_(ids), Revision.published_at.is_not(None))
        .group_by(Revision.person_id)
    )
    return {row.person_id: row.at for row in session.execute(query)}


def _published_person(
    person_id: str, published: datetime, updated: datetime | None
) -> PublishedPerson:
    return PublishedPerson(person_id, to_utc(published), to_utc(updated or published))
