"""The outbox: what changed, written in the change's own transaction, read by the indexer."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import BigInteger, DateTime, Index, Integer, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from biobank.store.base import Base

T = TypeVar("T")

#: What those who number rows wait for each other by, on PostgreSQL: any number of our own.
NUMBERING = 0x42_49_4F_42

#: Ids in one statement; SQLite takes 32,766 values, PostgreSQL 65,535.
PORTION = 5_000


class OutboxRow(Base):
    """One change of one person. A row is kept after it was applied, so that it can be replayed."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_number", "number", unique=True),
        Index("ix_outbox_person_id_number", "person_id", "number"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    person_id: Mapped[str] = mapped_column(String(120), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    #: Its place in the feed of changes, given when it is applied. Ids will not do: on PostgreSQL a
    #: lower one may be committed later, and who reads on from the higher one would never see it.
    number: Mapped[int | None] = mapped_column(BigInteger)


def now() -> datetime:
    return datetime.now(UTC)


def newest(session: Session) -> int:
    """The id of the newest change, applied or not; 0 where there was none."""
    return session.scalar(select(func.max(OutboxRow.id))) or 0


def changes(session: Session) -> int:
    """How many changes there ever were, applied or not: a number that grows with each of them.

    Numbers are given without gaps, and what waits has none yet. The greatest id would not do: a
    lower one may be committed later, and nobody who looked before would see it.
    """
    waiting = select(func.count()).where(OutboxRow.number.is_(None)).scalar_subquery()
    return session.scalar(select(func.coalesce(func.max(OutboxRow.number), 0) + waiting)) or 0


def add(session: Session, person_ids: Sequence[str]) -> None:
    """Tells the indexer that these people changed; the caller's transaction carries it."""
    session.add_all(OutboxRow(person_id=person_id, at=now()) for person_id in person_ids)


def pending(session: Session, limit: int) -> list[OutboxRow]:
    """The oldest rows that are not yet applied."""
    query = select(OutboxRow).where(OutboxRow.done_at.is_(None)).order_by(OutboxRow.id)
    return list(session.scalars(query.limit(limit)))


def pending_ids(session: Session) -> list[int]:
    """Ids of all rows that are not yet applied."""
    return list(session.scalars(select(OutboxRow.id).where(OutboxRow.done_at.is_(None))))


def unsettled_since(session: Session, moment: datetime) -> dict[int, str]:
    """People by row, of all rows that are not applied yet or were at `moment` or later."""
    query = select(OutboxRow.id, OutboxRow.person_id).where(
        OutboxRow.done_at.is_(None) | (OutboxRow.done_at >= moment)
    )
    return {row.id: row.person_id for row in session.execute(query.order_by(OutboxRow.id))}


def mark_done(session: Session, row_ids: Sequence[int]) -> None:
    """Says that these rows were applied, and gives each its number, unless it has one already.

    In portions, as databases bound a statement's values.
    """
    _alone(session)
    moment = now()
    newest = newest_number(session)
    for portion in batched(sorted(row_ids), PORTION):
        these = OutboxRow.id.in_(portion)
        session.execute(update(OutboxRow).where(these).values(done_at=moment))
        query = select(OutboxRow.id).where(these, OutboxRow.number.is_(None))
        fresh = session.scalars(query.order_by(OutboxRow.id)).all()
        numbers = range(newest + 1, newest + 1 + len(fresh))
        rows = [{"id": id_, "number": number} for id_, number in zip(fresh, numbers, strict=True)]
        if rows:
            session.execute(update(OutboxRow), rows)
        newest += len(fresh)


def newest_number(session: Session) -> int:
    """The number of the change that was applied last; 0 where none was."""
    return session.scalar(select(func.max(OutboxRow.number))) or 0


def _alone(session: Session) -> None:
    """Waits until nobody else numbers; whoever writes to SQLite is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(NUMBERING)))


def batched(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """`itertools.batched`, which Python 3.11 does not have yet."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
