"""Data retention: the sender's address is erased 90 days after a message is settled."""

from datetime import datetime, timedelta

from sqlalchemy import select

from biobank.editorial.inbox.models import InboxMessage
from biobank.store.session import Database

ADDRESS_RETENTION = timedelta(days=90)


def erase_addresses(database: Database, timestamp: datetime) -> int:
    """Erase addresses whose retention period has ended at `timestamp`; return their number."""
    due = select(InboxMessage).where(
        InboxMessage.settled_at < timestamp - ADDRESS_RETENTION, InboxMessage.address != ""
    )
    with database.write() as session:
        messages = session.scalars(due).all()
        for message in messages:
            message.address = ""
        return len(messages)
