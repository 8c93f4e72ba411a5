"""Published people ordered by id, for sitemaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from biobank.common.clock import as_utc
from biobank.common.grouping import group_pairs
from biobank.records.media.queries import pictures_by_sha
from biobank.records.media.urls import MEDIA_URL_PREFIX, sha_from_url
from biobank.records.people import models as m


@dataclass(frozen=True)
class SitemapPicture:
    """A stored picture and its licence as given in the record; empty if unknown."""

    sha: str
    licence: str


@dataclass(frozen=True)
class SitemapEntry:
    """A person, the time of the last published change in UTC, and the pictures."""

    id: str
    updated: datetime | None
    pictures: tuple[SitemapPicture, ...]


def last_changes(session: Session, size: int) -> list[datetime | None]:
    """Return the last change of each sitemap page of `size` people, in page order.

    Withdrawn people count for the page that would list them, since a withdrawal changes the page.
    """
    before = func.count(m.Person.published).over(order_by=m.Person.id)
    ranked = (
        select(m.Person.published, m.Person.updated_at, ((before - 1) // size).label("list"))
        .where(m.Person.published.is_not(None) | m.Person.updated_at.is_not(None))
        .subquery()
    )
    number = ranked.c.list
    query = (
        select(func.max(ranked.c.updated_at))
        .group_by(number)
        .having(func.count(ranked.c.published) > 0)
        .order_by(number)
    )
    return [as_utc(at) if at else None for at in session.scalars(query)]


def first_id_at(session: Session, offset: int) -> str | None:
    """Return the id of the person at an offset, or None if there are fewer people."""
    query = select(m.Person.id).where(m.Person.published.is_not(None)).order_by(m.Person.id)
    return session.scalar(query.offset(offset).limit(1))


def entries_from(session: Session, first: str, size: int) -> list[SitemapEntry]:
    """Return `size` people from the id `first` on."""
    query = select(m.Person.id, m.Person.updated_at).where(
        m.Person.published.is_not(None), m.Person.id >= first
    )
    rows = list(session.execute(query.order_by(m.Person.id).limit(size)))
    pictures = _pictures(session, [row.id for row in rows])
    return [
        SitemapEntry(row.id, row.updated_at and as_utc(row.updated_at), tuple(pictures.get(row.id, ())))
        for row in rows
    ]


def _pictures(session: Session, ids: Sequence[str]) -> dict[str, list[SitemapPicture]]:
    query = (
        select(m.Media.person_id, m.Media.url, m.Media.licence)
        .where(m.Media.person_id.in_(ids), m.Media.type == "image", m.Media.url.startswith(MEDIA_URL_PREFIX))
        .order_by(m.Media.person_id, m.Media.position)
    )
    rows = [row for row in session.execute(query) if sha_from_url(row.url)]
    stored = pictures_by_sha(session, {sha_from_url(row.url) for row in rows}) if rows else {}
    return group_pairs(
        (row.person_id, SitemapPicture(sha, row.licence or ""))
        for row in rows
        if (sha := sha_from_url(row.url)) in stored
    )
