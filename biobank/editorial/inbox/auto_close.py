"""Closing of accepted corrections once their revision is published."""

from sqlalchemy import func, select

from biobank.accounts.identity import OPERATOR
from biobank.editorial.inbox.models import InboxMessage
from biobank.editorial.inbox.notes import add_message_note
from biobank.editorial.inbox.triage import apply_step
from biobank.editorial.models import Revision
from biobank.store.session import Database


def close_published(database: Database) -> int:
    """Close accepted messages whose draft (or a later one) was published; return their number."""
    published = (
        select(func.min(Revision.number))
        .where(
            Revision.person_id == InboxMessage.person_id,
            Revision.number >= InboxMessage.revision,
            Revision.published_at.is_not(None),
        )
        .scalar_subquery()
    )
    query = select(InboxMessage, published).where(
        InboxMessage.state == "accepted", InboxMessage.revision.is_not(None), published.is_not(None)
    )
    with database.write() as session:
        rows = session.execute(query).all()
        for message, number in rows:
            message.revision = number
            apply_step(message, "close")
            add_message_note(session, OPERATOR, message, "published", revision=number)
        return len(rows)
