"""The read side of sources."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from biobank.records.people.models import PersonSource
from biobank.records.sources.models import Source
from biobank.records.sources.schemas import source_record

#: Ids of the sources of public records; the rows of a person are there only while it is public.
PUBLIC = select(PersonSource.source_id)


def by_ids(session: Session, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Sources by id; ids that name none are left out."""
    rows = session.scalars(select(Source).where(Source.id.in_(list(ids))))
    return {row.id: source_record(row) for row in rows}


def titles(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """The title of each of `ids` that is a source."""
    rows = session.execute(select(Source.id, Source.csl).where(Source.id.in_(list(ids))))
    return {id_: str(csl["title"]) for id_, csl in rows}


def is_public(session: Session, source_id: str) -> bool:
    """Whether a public record lists it: what only a draft brought is nobody's to see yet."""
    return bool(session.scalar(select(PUBLIC.where(PersonSource.source_id == source_id).exists())))


def page(session: Session, page: int, size: int) -> list[dict[str, Any]]:
    """Public sources in the order of their ids; `page` counts from 1."""
    query = select(Source).where(Source.id.in_(PUBLIC)).order_by(Source.id)
    found = session.scalars(query.limit(size).offset((page - 1) * size))
    return [source_record(row) for row in found]


def walk(session: Session, chunk: int = 500) -> Iterator[Sequence[Source]]:
    """All public sources in the order of their ids, a chunk at a time."""
    after = ""
    while True:
        query = select(Source).where(Source.id.in_(PUBLIC), Source.id > after)
        found = session.scalars(query.order_by(Source.id).limit(chunk)).all()
        if not found:
            return
        yield found
        after = found[-1].id
        session.expunge_all()


def count(session: Session) -> int:
    """How many sources are public."""
    query = select(func.count()).select_from(Source).where(Source.id.in_(PUBLIC))
    return session.scalar(query) or 0
