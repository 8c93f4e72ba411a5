"""Queries of sources."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from biobank.records.people.models import PersonSource
from biobank.records.sources.models import Source
from biobank.records.sources.schemas import source_record

#: Ids of the sources of published records; a person has rows only while published.
PUBLIC_SOURCE_IDS = select(PersonSource.source_id)
_SOURCES = select(Source).where(Source.id.in_(bindparam("ids", expanding=True)))


def load_by_ids(session: Session, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return sources by id; unknown ids are left out."""
    rows = session.scalars(_SOURCES, {"ids": list(ids)})
    return {row.id: source_record(row) for row in rows}


def load_titles(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Return the titles of sources by id; unknown ids are left out."""
    rows = session.execute(select(Source.id, Source.csl).where(Source.id.in_(list(ids))))
    return {id_: str(csl["title"]) for id_, csl in rows}


def is_public(session: Session, source_id: str) -> bool:
    """Return whether a published record lists the source. Sources of drafts are not public."""
    return bool(session.scalar(select(PUBLIC_SOURCE_IDS.where(PersonSource.source_id == source_id).exists())))


def list_sources_page(session: Session, page: int, size: int) -> list[dict[str, Any]]:
    """Return a page of public sources, ordered by id; `page` counts from 1."""
    query = select(Source).where(Source.id.in_(PUBLIC_SOURCE_IDS)).order_by(Source.id)
    rows = session.scalars(query.limit(size).offset((page - 1) * size))
    return [source_record(row) for row in rows]


def iter_chunks(session: Session, chunk: int = 500) -> Iterator[Sequence[Source]]:
    """Yield all public sources in chunks, ordered by id."""
    last_id = ""
    while True:
        query = select(Source).where(Source.id.in_(PUBLIC_SOURCE_IDS), Source.id > last_id)
        rows = session.scalars(query.order_by(Source.id).limit(chunk)).all()
        if not rows:
            return
        yield rows
        last_id = rows[-1].id
        session.expunge_all()


def count(session: Session) -> int:
    """Return the number of public sources."""
    query = select(func.count()).select_from(Source).where(Source.id.in_(PUBLIC_SOURCE_IDS))
    return session.scalar(query) or 0
