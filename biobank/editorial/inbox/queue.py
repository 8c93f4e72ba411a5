"""The message queue: filtered lists with counts, and single messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, case, func, select

from biobank.accounts.clock import now
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, allows, require
from biobank.editorial.inbox.models import Message, MessageNote
from biobank.editorial.inbox.notes import find
from biobank.errors import NotFound
from biobank.store.session import Database

PAGE = 50
#: Filters by age: the minimum number of days since a message was sent.
AGES: Final[Mapping[str, int]] = {"week": 7, "month": 30}


@dataclass(frozen=True)
class Asked:
    """Filters of messages; an empty value matches all, `age` is a key of AGE_FILTER_DAYS."""

    kind: str = ""
    state: str = "new"
    age: str = ""
    page: int = 1


@dataclass(frozen=True)
class Queue:
    """A page of messages, and facet counts by kind, state and age."""

    messages: Sequence[Message]
    total: int
    kinds: Mapping[str, int]
    states: Mapping[str, int]
    ages: Mapping[str, int]


def queue(database: Database, who: Identity, asked: Asked) -> Queue:
    """Return a page of messages: objections first, then the longest waiting.

    Settled messages are sorted newest first. Spam is included only if the state is requested.
    """
    require(who, Action.TRIAGE)
    moment = now()
    order = Message.sent_at if asked.state == "new" else Message.sent_at.desc()
    found = select(Message).where(*_within(asked, moment))
    first = case((Message.kind == "objection", 0), else_=1)
    page = found.order_by(first, order, Message.id).limit(PAGE).offset((asked.page - 1) * PAGE)
    with database.read() as session:

        def count(*conditions: ColumnElement[bool]) -> int:
            query = select(func.count()).select_from(Message).where(*conditions)
            return session.scalar(query) or 0

        def by(column: ColumnElement[str], leave: str) -> dict[str, int]:
            query = select(column, func.count()).where(*_within(asked, moment, leave))
            return {str(value): number for value, number in session.execute(query.group_by(column))}

        any_age = _within(asked, moment, "age")
        ages = {age: count(*any_age, _older(days, moment)) for age, days in AGES.items()}
        return Queue(
            messages=session.scalars(page).all(),
            total=count(*_within(asked, moment)),
            kinds=by(Message.kind.expression, "kind"),
            states=by(Message.state.expression, "state"),
            ages={"": count(*any_age), **ages},
        )


def waiting(database: Database, who: Identity) -> int:
    """Return the number of messages waiting for a decision by the actor."""
    if not allows(who, Action.TRIAGE):
        return 0
    with database.read() as session:
        query = select(func.count()).select_from(Message).where(Message.state == "new")
        return session.scalar(query) or 0


def one(
    database: Database, who: Identity, message_id: int
) -> tuple[Message, Sequence[MessageNote], int]:
    """Return a message, its notes, and the number of other messages with equal contents.

    Raises:
        NotFound: if the message does not exist.
    """
    require(who, Action.TRIAGE)
    with database.read() as session:
        message = find(session, message_id)
        notes = select(MessageNote).where(MessageNote.message_id == message_id)
        same = (
            select(func.count())
            .select_from(Message)
            .where(Message.content_hash == message.content_hash, Message.id != message_id)
        )
        done = session.scalars(notes.order_by(MessageNote.id)).all()
        return message, done, session.scalar(same) or 0


def by_reference(database: Database, reference: str) -> Message:
    """Return the message with a reference, for display to its sender.

    Raises:
        NotFound: if there is none.
    """
    with database.read() as session:
        found = session.scalar(select(Message).where(Message.reference == reference))
    if found is None:
        raise NotFound("There is no message with this number.")
    return found


def _within(asked: Asked, moment: datetime, leave: str = "") -> list[ColumnElement[bool]]:
    """Return the filter conditions except that of the facet `skip`."""
    conditions: list[ColumnElement[bool]] = []
    if asked.kind and leave != "kind":
        conditions.append(Message.kind == asked.kind)
    if asked.state and leave != "state":
        conditions.append(Message.state == asked.state)
    elif not asked.state:
        conditions.append(Message.state != "spam")
    if asked.age in AGES and leave != "age":
        conditions.append(_older(AGES[asked.age], moment))
    return conditions


def _older(days: int, moment: datetime) -> ColumnElement[bool]:
    return Message.sent_at < moment - timedelta(days=days)
