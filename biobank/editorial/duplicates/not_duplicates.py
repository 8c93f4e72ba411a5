"""Pairs of similar people that an editor confirmed to be different people."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.editorial.models import MAX_REVISION_AUTHOR_CHARS
from biobank.editorial.revisions.drafts import lock_existing_person
from biobank.errors import BadQuery
from biobank.records.people.models import Person
from biobank.store.base import Base
from biobank.store.session import Database

#: Maximum number of people a new record can be marked distinct from in one request.
MAX_MARKED_PEOPLE = 50

IdPair = tuple[str, str]


class DistinctPeople(Base):
    """Two people who are confirmed to be different. The smaller id (by code points) comes first."""

    __tablename__ = "distinct_people"

    first_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    second_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    said_by: Mapped[str] = mapped_column(String(MAX_REVISION_AUTHOR_CHARS))
    said_by_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def mark_distinct(database: Database, actor: Identity, person_id: str, other_id: str) -> None:
    """Record that two people are not the same; repeated calls have no effect.

    Raises:
        NotFound: if one of them does not exist.
        BadQuery: if both ids are equal.
    """
    first, second = ordered_pair(person_id, other_id)
    with database.write() as session:
        require(actor, Action.WRITE_PEOPLE, "draft")
        for id_ in (first, second):
            lock_existing_person(session, id_)
        _store_pair(session, actor, first, second)


def mark_distinct_from(database: Database, actor: Identity, person_id: str, other_ids: Iterable[str]) -> None:
    """Record what was marked before `person_id` had an id; unknown ids are ignored."""
    unique_ids = list(dict.fromkeys(other_ids))[:MAX_MARKED_PEOPLE]
    with database.write() as session:
        require(actor, Action.WRITE_PEOPLE, "draft")
        lock_existing_person(session, person_id)
        existing_ids = set(session.scalars(select(Person.id).where(Person.id.in_(unique_ids))))
        for other_id in unique_ids:
            if other_id in existing_ids and other_id != person_id:
                _store_pair(session, actor, *ordered_pair(person_id, other_id))


def unmark_distinct(database: Database, actor: Identity, person_id: str, other_id: str) -> None:
    """Remove the mark that two people are not the same; do nothing if there is none."""
    first, second = ordered_pair(person_id, other_id)
    with database.write() as session:
        require(actor, Action.WRITE_PEOPLE, "draft")
        row = session.get(DistinctPeople, (first, second))
        if row is not None:
            session.delete(row)
            audit.record_for(session, actor, "forgot distinct", "person", first, other=second)


def ordered_pair(person_id: str, other_id: str) -> IdPair:
    """Return two ids in their storage order.

    Raises:
        BadQuery: if both ids are equal.
    """
    if person_id == other_id:
        raise BadQuery("Choose two different people.")
    return (person_id, other_id) if person_id < other_id else (other_id, person_id)


def distinct_from(session: Session, person_id: str) -> set[str]:
    """Return the ids of all people marked as distinct from this person."""
    query = select(DistinctPeople.first_id, DistinctPeople.second_id).where(
        or_(DistinctPeople.first_id == person_id, DistinctPeople.second_id == person_id)
    )
    return {id_ for row in session.execute(query) for id_ in row if id_ != person_id}


def distinct_pairs(session: Session) -> set[IdPair]:
    """Return every pair marked as distinct."""
    query = select(DistinctPeople.first_id, DistinctPeople.second_id)
    return {(row.first_id, row.second_id) for row in session.execute(query)}


def recent_distinct_pairs(session: Session, limit: int) -> Sequence[DistinctPeople]:
    """Return the latest marks, newest first."""
    query = select(DistinctPeople).order_by(
        DistinctPeople.at.desc(), DistinctPeople.first_id, DistinctPeople.second_id
    )
    return session.scalars(query.limit(limit)).all()


def _store_pair(session: Session, actor: Identity, first: str, second: str) -> None:
    if session.get(DistinctPeople, (first, second)) is not None:
        return
    session.add(
        DistinctPeople(
            first_id=first, second_id=second, said_by=actor.name, said_by_id=actor.user_id, at=now()
        )
    )
    audit.record_for(session, actor, "said distinct", "person", first, other=second)
