"""Closing of accepted corrections once their revision is published."""

from sqlalchemy import func, select

from biobank.accounts.identity import OPERATOR
from biobank.editorial.inbox.models import Message
from biobank.editorial.inbox.notes import note
from biobank.editorial.inbox.triage import move
from biobank.editorial.models import Revision
from biobank.store.session import Database


def close_published(database: Database) -> int:
    """Close accepted messages whose draft (or a later one) was published; return their number."""
    published = (
        select(func.min(Revision.number))
        .where(
            Revision.person_id == Message.person_id,
            Revision.number >= Message.revision,
            Revision.published_at.is_not(None),
        )
        .scalar_subquery()
    )
    query = select(Message, published).where(
        Message.state == "accepted", Message.revision.is_not(None), published.is_not(None)
    )
    with database.write() as session:
        found = session.execute(query).all()
        for message, number in found:
            message.revision = number
            move(message, "close")
            note(session, OPERATOR, message, "published", revision=number)
        return len(found)
