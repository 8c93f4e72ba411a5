"""Published people ordered by id, for sitemaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from biobank.records.media.addresses import PREFIX, sha_of
from biobank.records.media.queries import by_sha
from biobank.records.people import models as m
from biobank.records.people.browsing import in_utc


@dataclass(frozen=True)
class Shown:
    """A stored picture and its licence as given in the record; empty if unknown."""

    sha: str
    licence: str


@dataclass(frozen=True)
class Listed:
    """A person, the time of the last published change in UTC, and the pictures."""

    id: str
    updated: datetime | None
    pictures: tuple[Shown, ...]


def last_changes(session: Session, size: int) -> list[datetime | None]:
    """Return the last change of each sitemap page of `size` people, in page order.

    Withdrawn people count for the page that would list them, since a withdrawal changes the page.
    """
    before = func.count(m.Person.published).over(order_by=m.Person.id)
    places = (
        select(m.Person.published, m.Person.updated_at, ((before - 1) // size).label("list"))
        .where(m.Person.published.is_not(None) | m.Person.updated_at.is_not(None))
        .subquery()
    )
    number = places.c.list
    query = (
        select(func.max(places.c.updated_at))
        .group_by(number)
        .having(func.count(places.c.published) > 0)
        .order_by(number)
    )
    return [in_utc(at) if at else None for at in session.scalars(query)]


def first_of(session: Session, offset: int) -> str | None:
    """Return the id of the person at an offset, or None if there are fewer people."""
    query = select(m.Person.id).where(m.Person.published.is_not(None)).order_by(m.Person.id)
    return session.scalar(query.offset(offset).limit(1))


def from_id(session: Session, first: str, size: int) -> list[Listed]:
    """Return `size` people from the id `first` on."""
    query = select(m.Person.id, m.Person.updated_at).where(
        m.Person.published.is_not(None), m.Person.id >= first
    )
    rows = list(session.execute(query.order_by(m.Person.id).limit(size)))
    pictures = _pictures(session, [row.id for row in rows])
    return [
        Listed(
            row.id,
            in_utc(row.updated_at) if row.updated_at else None,
            tuple(pictures.get(row.id, ())),
        )
        for row in rows
    ]


def _pictures(session: Session, ids: Sequence[str]) -> dict[str, list[Shown]]:
    query = (
        select(m.Media.person_id, m.Media.url, m.Media.licence)
        .where(m.Media.person_id.in_(ids), m.Media.type == "image", m.Media.url.startswith(PREFIX))
        .order_by(m.Media.person_id, m.Media.position)
    )
    rows = [row for row in session.execute(query) if sha_of(row.url)]
    kept = by_sha(session, {sha_of(row.url) for row in rows}) if rows else {}
    found: dict[str, list[Shown]] = {}
    for row in rows:
        if sha_of(row.url) in kept:
            shown = Shown(sha_of(row.url), row.licence or "")
            found.setdefault(row.person_id, []).append(shown)
    return found
