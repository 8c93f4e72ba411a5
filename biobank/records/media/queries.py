"""Queries of pictures and of their public visibility."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from biobank.records.media.models import Picture
from biobank.records.media.urls import picture_path
from biobank.records.people import models as m
from biobank.store.session import read_page

#: Pictures per page of the desk.
PICTURES_PER_PAGE = 24


def is_public(session: Session, sha: str) -> bool:
    """Return whether a published record shows the picture."""
    return bool(session.scalar(select(_people_showing(sha).exists())))


def people_showing(session: Session, sha: str) -> list[str]:
    """Return the ids of the published people whose records show the picture."""
    return list(session.scalars(_people_showing(sha).distinct().order_by(m.Person.id)))


def _people_showing(sha: str) -> Select[str]:
    query = select(m.Person.id).join(m.Media, m.Media.person_id == m.Person.id)
    return query.where(m.Media.url == picture_path(sha), m.Person.published.is_not(None))


def pictures_by_sha(session: Session, shas: Iterable[str]) -> dict[str, Picture]:
    """Return the stored pictures among `shas`."""
    wanted = list(shas)
    pictures = session.scalars(select(Picture).where(Picture.sha.in_(wanted))) if wanted else ()
    return {picture.sha: picture for picture in pictures}


def list_pictures_page(
    session: Session, number: int, uploader_id: int | None = None
) -> tuple[Sequence[Picture], int]:
    """Return one page of pictures, newest first, and their total; optionally of one uploader."""
    query = select(Picture).order_by(Picture.id.desc())
    if uploader_id is not None:
        query = query.where(Picture.uploader_id == uploader_id)
    return read_page(session, query, number, PICTURES_PER_PAGE)
