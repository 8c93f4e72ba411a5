"""Pairs of people of whom somebody said: these are two, however alike they look."""

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

#: People of whom a new record may be told apart at once.
AT_ONCE_MOST = 50

Pair = tuple[str, str]


class DistinctPeople(Base):
    """Two people who are not one. The lesser id comes first, by code points."""

    __tablename__ = "distinct_people"

    first_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    second_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    said_by: Mapped[str] = mapped_column(String(NAME_MOST))
    said_by_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def say_distinct(database: Database, who: Identity, one: str, other: str) -> None:
    """Remembers that two people are not the same; saying it twice is saying it once.

    Raises:
        NotFound: where one of them is not in the bank.
        BadQuery: where both are the same.
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
    """What was said while `person_id` had no id yet; ids that are nobody's are passed over."""
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
    """Takes back that two people are not the same; nothing happens where nobody said so."""
    first, second = pair(one, other)
    with database.write() as session:
        require(who, Action.WRITE_PEOPLE, "draft")
        found = session.get(DistinctPeople, (first, second))
        if found is not None:
            session.delete(found)
            audit.note_about(session, who, "forgot distinct", "person", first, other=second)


def pair(one: str, other: str) -> Pair:
    """Two ids in the order in which they are kept.

    Raises:
        BadQuery: where both are the same.
    """
    if one == other:
        raise BadQuery("A person is not distinct from themselves; name two.")
    return (one, other) if one < other else (other, one)


def distinct_from(session: Session, person_id: str) -> set[str]:
    """Everybody of whom it was said that they are not this person."""
    query = select(DistinctPeople.first_id, DistinctPeople.second_id).where(
        or_(DistinctPeople.first_id == person_id, DistinctPeople.second_id == person_id)
    )
    return {id_ for row in session.execute(query) for id_ in row if id_ != person_id}


def distinct_pairs(session: Session) -> set[Pair]:
    """Every pair that was said to be two people."""
    query = select(DistinctPeople.first_id, DistinctPeople.second_id)
    return {(row.first_id, row.second_id) for row in session.execute(query)}


def said(session: Session, most: int) -> Sequence[DistinctPeople]:
    """What was said last, the newest first."""
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
