"""Queries of pictures and of their public visibility."""

from collections.abc import Iterable, Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from biobank.records.media.models import Picture
from biobank.records.media.urls import picture_path
from biobank.records.people import models as m

#: Pictures per page of the desk.
PICTURES_PER_PAGE = 24


def is_public(session: Session, sha: str) -> bool:
    """Return whether a published record shows the picture."""
    query = select(
        exists()
        .where(m.Media.url == picture_path(sha), m.Media.person_id == m.Person.id)
        .where(m.Person.published.is_not(None))
    )
    return bool(session.scalar(query))


def people_showing(session: Session, sha: str) -> list[str]:
    """Return the ids of the published people whose records show the picture."""
    query = (
        select(m.Person.id)
        .where(m.Media.url == picture_path(sha), m.Media.person_id == m.Person.id)
        .where(m.Person.published.is_not(None))
        .distinct()
        .order_by(m.Person.id)
    )
    return list(session.scalars(query))


def pictures_by_sha(session: Session, shas: Iterable[str]) -> dict[str, Picture]:
    """Return the stored pictures among `shas`."""
    wanted = list(shas)
    pictures = session.scalars(select(Picture).where(Picture.sha.in_(wanted))) if wanted else ()
    return {picture.sha: picture for picture in pictures}


def list_pictures_page(
    session: Session, number: int, uploader_id: int | None = None
) -> tuple[Sequence[Picture], int]:
    """Return one page of pictures, newest first, and their total; optionally of one uploader."""
    query = (
        select(Picture) if uploader_id is None else select(Picture).where(Picture.uploader_id == uploader_id)
    )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = (
        query.order_by(Picture.id.desc()).limit(PICTURES_PER_PAGE).offset((number - 1) * PICTURES_PER_PAGE)
    )
    return session.scalars(query).all(), total
