"""Erasing: the address of a sender goes 90 days after the message was settled."""

from datetime import datetime, timedelta

from sqlalchemy import select

from biobank.editorial.inbox.models import Message
from biobank.store.session import Database

KEPT = timedelta(days=90)


def erase_addresses(database: Database, moment: datetime) -> int:
    """Erases addresses whose term is over at `moment`; gives how many they were."""
    due = select(Message).where(Message.settled_at < moment - KEPT, Message.address != "")
    with database.write() as session:
        messages = session.scalars(due).all()
        for message in messages:
            message.address = ""
        return len(messages)
