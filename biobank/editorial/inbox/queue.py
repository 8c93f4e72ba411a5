"""The message queue: filtered lists with counts, and single messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, case, func, select

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, is_allowed, require
from biobank.common.clock import now
from biobank.editorial.inbox.triage import get_message
from biobank.editorial.models import InboxMessage, MessageNote
from biobank.errors import NotFound
from biobank.store.session import Database, read_page

QUEUE_PAGE_SIZE = 50
#: Filters by age: the minimum number of days since a message was sent.
AGE_FILTER_DAYS: Final[Mapping[str, int]] = {"week": 7, "month": 30}


@dataclass(frozen=True)
class QueueFilter:
    """Filters of messages; an empty value matches all, `age` is a key of AGE_FILTER_DAYS."""

    kind: str = ""
    state: str = "new"
    age: str = ""
    page: int = 1


@dataclass(frozen=True)
class QueuePage:
    """A page of messages, and facet counts by kind, state and age."""

    messages: Sequence[InboxMessage]
    total: int
    kinds: Mapping[str, int]
    states: Mapping[str, int]
    ages: Mapping[str, int]


def list_messages(database: Database, actor: Identity, filters: QueueFilter) -> QueuePage:
    """Return a page of messages: objections first, then the longest waiting.

    Settled messages are sorted newest first. Spam is included only if the state is requested.
    """
    require(actor, Action.TRIAGE)
    timestamp = now()
    order = InboxMessage.sent_at if filters.state == "new" else InboxMessage.sent_at.desc()
    messages_query = select(InboxMessage).where(*_conditions(filters, timestamp))
    objections_first = case((InboxMessage.kind == "objection", 0), else_=1)
    query = messages_query.order_by(objections_first, order, InboxMessage.id)
    with database.read() as session:

        def count(*conditions: ColumnElement[bool]) -> int:
            return session.scalar(select(func.count(InboxMessage.id)).where(*conditions)) or 0

        def count_by(column: ColumnElement[str], skip: str) -> dict[str, int]:
            query = select(column, func.count()).where(*_conditions(filters, timestamp, skip))
            return {str(value): number for value, number in session.execute(query.group_by(column))}

        any_age = _conditions(filters, timestamp, "age")
        ages = {age: count(*any_age, _older_than(days, timestamp)) for age, days in AGE_FILTER_DAYS.items()}
        messages, total = read_page(session, query, filters.page, QUEUE_PAGE_SIZE)
        return QueuePage(
            messages=messages,
            total=total,
            kinds=count_by(InboxMessage.kind.expression, "kind"),
            states=count_by(InboxMessage.state.expression, "state"),
            ages={"": count(*any_age), **ages},
        )


def count_waiting(database: Database, actor: Identity) -> int:
    """Return the number of messages waiting for a decision by the actor."""
    if not is_allowed(actor, Action.TRIAGE):
        return 0
    with database.read() as session:
        return session.scalar(select(func.count()).where(InboxMessage.state == "new")) or 0


def get_message_detail(
    database: Database, actor: Identity, message_id: int
) -> tuple[InboxMessage, Sequence[MessageNote], int]:
    """Return a message, its notes, and the number of other messages with equal contents.

    Raises:
        NotFound: if the message does not exist.
    """
    require(actor, Action.TRIAGE)
    with database.read() as session:
        message = get_message(session, message_id)
        notes_query = select(MessageNote).where(MessageNote.message_id == message_id)
        duplicates_query = select(func.count()).where(
            InboxMessage.content_hash == message.content_hash, InboxMessage.id != message_id
        )
        note_rows = session.scalars(notes_query.order_by(MessageNote.id)).all()
        return message, note_rows, session.scalar(duplicates_query) or 0


def get_by_reference(database: Database, reference: str) -> InboxMessage:
    """Return the message with a reference, for display to its sender.

    Raises:
        NotFound: if there is none.
    """
    with database.read() as session:
        message = session.scalar(select(InboxMessage).where(InboxMessage.reference == reference))
    if message is None:
        raise NotFound("There is no message with this reference.")
    return message


def _conditions(filters: QueueFilter, timestamp: datetime, skip: str = "") -> list[ColumnElement[bool]]:
    """Return the filter conditions except that of the facet `skip`."""
    conditions: list[ColumnElement[bool]] = []
    if filters.kind and skip != "kind":
        conditions.append(InboxMessage.kind == filters.kind)
    if filters.state and skip != "state":
        conditions.append(InboxMessage.state == filters.state)
    elif not filters.state:
        conditions.append(InboxMessage.state != "spam")
    if filters.age in AGE_FILTER_DAYS and skip != "age":
        conditions.append(_older_than(AGE_FILTER_DAYS[filters.age], timestamp))
    return conditions


def _older_than(days: int, timestamp: datetime) -> ColumnElement[bool]:
    return InboxMessage.sent_at < timestamp - timedelta(days=days)
