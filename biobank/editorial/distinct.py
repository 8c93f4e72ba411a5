"""Pairs of similar people that an editor confirmed to be different people."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.models import NAME_MOST
from biobank.editorial.saving import hold
from biobank.errors import BadQuery, NotFound
from biobank.records.people.models import Person
from biobank.store import outbox
from biobank.store.base import Base
from biobank.store.session import Database

#: Maximum number of people a new record can be marked distinct from in one request.
AT_ONCE_MOST = 50

Pair = tuple[str, str]


class DistinctPeople(Base):
    """Two people who are confirmed to be different. The smaller id (by code points) comes first."""

    __tablename__ = "distinct_people"

    first_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    second_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    said_by: Mapped[str] = mapped_column(String(NAME_MOST))
    said_by_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def say_distinct(database: Database, who: Identity, one: str, other: str) -> None:
    """Record that two people are not the same; repeated calls have no effect.

    Raises:
        NotFound: if one of them does not exist.
        BadQuery: if both ids are equal.
    """
    first, second = pair(one, other)
    with database.write() as session:
        require(who, Action.WRITE_PEOPLE, "draft")
        for id_ in (first, second):
            if hold(session, id_) is None:
                raise NotFound(f"There is no person {id_[:120]!r}.")
        _keep(session, who, first, second)


def say_distinct_from(
    database: Database, who: Identity, person_id: str, others: Iterable[str]
) -> None:
    """Record what was marked before `person_id` had an id; unknown ids are ignored."""
    wanted = list(dict.fromkeys(others))[:AT_ONCE_MOST]
    with database.write() as session:
        require(who, Action.WRITE_PEOPLE, "draft")
        if hold(session, person_id) is None:
            raise NotFound(f"There is no person {person_id[:120]!r}.")
        known = set(session.scalars(select(Person.id).where(Person.id.in_(wanted))))
        for other in wanted:
            if other in known and other != person_id:
                _keep(session, who, *pair(person_id, other))


def forget_distinct(database: Database, who: Identity, one: str, other: str) -> None:
    """Remove the mark that two people are not the same; do nothing if there is none."""
    first, second = pair(one, other)
    with database.write() as session:
        require(who, Action.WRITE_PEOPLE, "draft")
        found = session.get(DistinctPeople, (first, second))
        if found is not None:
            session.delete(found)
            audit.note_about(session, who, "forgot distinct", "person", first, other=second)


def pair(one: str, other: str) -> Pair:
    """Return two ids in their storage order.

    Raises:
        BadQuery: if both ids are equal.
    """
    if one == other:
        raise BadQuery("A person is not distinct from themselves; name two.")
    return (one, other) if one < other else (other, one)


def distinct_from(session: Session, person_id: str) -> set[str]:
    """Return the ids of all people marked as distinct from this person."""
    query = select(DistinctPeople.first_id, DistinctPeople.second_id).where(
        or_(DistinctPeople.first_id == person_id, DistinctPeople.second_id == person_id)
    )
    return {id_ for row in session.execute(query) for id_ in row if id_ != person_id}


def distinct_pairs(session: Session) -> set[Pair]:
    """Return every pair marked as distinct."""
    query = select(DistinctPeople.first_id, DistinctPeople.second_id)
    return {(row.first_id, row.second_id) for row in session.execute(query)}


def said(session: Session, most: int) -> Sequence[DistinctPeople]:
    """Return the latest marks, newest first."""
    query = select(DistinctPeople).order_by(
        DistinctPeople.at.desc(), DistinctPeople.first_id, DistinctPeople.second_id
    )
    return session.scalars(query.limit(most)).all()


def _keep(session: Session, who: Identity, first: str, second: str) -> None:
    if session.get(DistinctPeople, (first, second)) is not None:
        return
    session.add(
        DistinctPeople(
            first_id=first,
            second_id=second,
            said_by=who.name,
            said_by_id=who.user_id,
            at=outbox.now(),
        )
    )
    audit.note_about(session, who, "said distinct", "person", first, other=second)
