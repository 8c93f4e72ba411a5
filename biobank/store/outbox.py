"""The outbox: changes that are written in their own transaction and read by the indexer."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import BigInteger, DateTime, Index, Integer, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from biobank.common.clock import as_utc, now
from biobank.store.base import Base

T = TypeVar("T")

#: PostgreSQL advisory lock that serialises numbering: an arbitrary constant.
NUMBERING_LOCK_ID = 0x42_49_4F_42

#: Values in one statement; SQLite accepts 32,766, PostgreSQL 65,535.
MAX_STATEMENT_VALUES = 5_000


class OutboxRow(Base):
    """One change of one person. Applied rows are kept, so that changes can be replayed."""

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
    #: Position in the change feed, assigned when the row is applied. Ids would not do: PostgreSQL
    #: may commit a lower id later, and a reader that has passed it would miss the change.
    number: Mapped[int | None] = mapped_column(BigInteger)


def latest_id(session: Session) -> int:
    """Return the id of the latest change, applied or not; 0 if there is none."""
    return session.scalar(select(func.max(OutboxRow.id))) or 0


def count_changes(session: Session) -> int:
    """Return the total number of changes, applied or not. It grows with every change.

    Numbers have no gaps, and pending rows have none yet. The greatest id would not do: a lower id
    may be committed later without changing it.
    """
    unnumbered = select(func.count()).where(OutboxRow.number.is_(None)).scalar_subquery()
    return session.scalar(select(func.coalesce(func.max(OutboxRow.number), 0) + unnumbered)) or 0


def add(session: Session, person_ids: Sequence[str]) -> None:
    """Queue these people for indexing, in the caller's transaction."""
    session.add_all(OutboxRow(person_id=person_id, at=now()) for person_id in person_ids)


def pending(session: Session, limit: int) -> list[OutboxRow]:
    """Return the oldest rows that are not applied yet."""
    query = select(OutboxRow).where(OutboxRow.done_at.is_(None)).order_by(OutboxRow.id)
    return list(session.scalars(query.limit(limit)))


def pending_ids(session: Session) -> list[int]:
    """Return the ids of all rows that are not applied yet."""
    return list(session.scalars(select(OutboxRow.id).where(OutboxRow.done_at.is_(None))))


def first_pending_at(session: Session) -> datetime | None:
    """Return the time of the oldest change that is not applied yet."""
    at = session.scalar(select(func.min(OutboxRow.at)).where(OutboxRow.done_at.is_(None)))
    return as_utc(at) if at else None


def pending_people(session: Session) -> set[str]:
    """Return the ids of people with changes that are not applied yet."""
    return set(session.scalars(select(OutboxRow.person_id).where(OutboxRow.done_at.is_(None)).distinct()))


def latest_applied_id(session: Session) -> int:
    """Return the greatest id of an applied change; 0 if there is none."""
    query = select(OutboxRow.id).where(OutboxRow.done_at.is_not(None)).order_by(OutboxRow.id.desc())
    return session.scalar(query.limit(1)) or 0


def describe(session: Session, change_id: int) -> str:
    """Return a text that identifies a change among those of all copies of the database.

    It is `0` for no change, and empty if the change does not exist.
    """
    if change_id == 0:
        return "0"
    row = session.get(OutboxRow, change_id)
    return f"{row.id} {row.person_id} {as_utc(row.at):%Y-%m-%dT%H:%M:%S.%f}" if row else ""


def parse_id(description: str) -> int:
    """Return the id in a text of `describe`; 0 if it has none."""
    number = description.partition(" ")[0]
    # An id has 64 bits, hence at most 19 digits.
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0


def unapplied_since(session: Session, timestamp: datetime) -> dict[int, str]:
    """Return the person id by row id of all rows not applied before `timestamp`."""
    query = select(OutboxRow.id, OutboxRow.person_id).where(
        OutboxRow.done_at.is_(None) | (OutboxRow.done_at >= timestamp)
    )
    return {row.id: row.person_id for row in session.execute(query.order_by(OutboxRow.id))}


def mark_applied(session: Session, row_ids: Sequence[int]) -> None:
    """Mark rows as applied and number those that have no number yet.

    Rows are updated in chunks, as databases limit the values of a statement.
    """
    _lock_numbering(session)
    applied_at = now()
    last_number = latest_number(session)
    for chunk in batched(sorted(row_ids), MAX_STATEMENT_VALUES):
        in_chunk = OutboxRow.id.in_(chunk)
        session.execute(update(OutboxRow).where(in_chunk).values(done_at=applied_at))
        query = select(OutboxRow.id).where(in_chunk, OutboxRow.number.is_(None))
        unnumbered_ids = session.scalars(query.order_by(OutboxRow.id)).all()
        numbers = range(last_number + 1, last_number + 1 + len(unnumbered_ids))
        rows = [{"id": id_, "number": number} for id_, number in zip(unnumbered_ids, numbers, strict=True)]
        if rows:
            session.execute(update(OutboxRow), rows)
        last_number += len(unnumbered_ids)


def latest_number(session: Session) -> int:
    """Return the number of the last applied change; 0 if there is none."""
    return session.scalar(select(func.max(OutboxRow.number))) or 0


def _lock_numbering(session: Session) -> None:
    """Serialise numbering until the transaction ends. SQLite serialises writers already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(NUMBERING_LOCK_ID)))


def batched(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield chunks of `size` values: `itertools.batched`, which Python 3.11 lacks."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
