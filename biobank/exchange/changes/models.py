"""Webhooks: the receivers of changes, and the position of each in the feed."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from biobank.store.base import Base

MAX_WEBHOOK_ADDRESS_CHARS = 2000


class Webhook(Base):
    """An address that receives changes; its secret is derived from the bank's key and `salt`."""

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(MAX_WEBHOOK_ADDRESS_CHARS))
    salt: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: Number of the last acknowledged change.
    position: Mapped[int] = mapped_column(BigInteger)
    #: Whether to send a message without changes, to test the connection.
    ping: Mapped[bool]
    #: Why sending is paused: `by_hand`, `failed` or `gone`; empty if it is active.
    paused: Mapped[str] = mapped_column(String(20))
    #: Consecutive failed attempts, and when the next attempt is due.
    failures: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: Time and outcome of the last delivery: an HTTP status or an error code.
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str] = mapped_column(String(40))
    #: End of the lock of a process that is sending, so that no other sends the same message.
    held_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
