"""The read side of sources."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from biobank.records.sources.models import Source
from biobank.records.sources.schemas import source_record


def by_ids(session: Session, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Sources by id; ids that name none are left out."""
    rows = session.scalars(select(Source).where(Source.id.in_(list(ids))))
    return {row.id: source_record(row) for row in rows}


def titles(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """The title of each of `ids` that is a source."""
    rows = session.execute(select(Source.id, Source.csl).where(Source.id.in_(list(ids))))
    return {id_: str(csl["title"]) for id_, csl in rows}


def page(session: Session, page: int, size: int) -> list[dict[str, Any]]:
    """Sources in the order of their ids; `page` counts from 1."""
    query = select(Source).order_by(Source.id).limit(size).offset((page - 1) * size)
    return [source_record(row) for row in session.scalars(query)]


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Source)) or 0
