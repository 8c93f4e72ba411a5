"""Whom the bank tells of its changes, and how far each has been told."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from biobank.store.base import Base

ADDRESS_MOST = 2000


class Webhook(Base):
    """An address that changes are sent to. Its secret is made of the bank's own and `salt`."""

    __tablename__ = "webhooks"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(ADDRESS_MOST))
    salt: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: The number of the last change that was taken.
    position: Mapped[int] = mapped_column(BigInteger)
    #: Whether a message without changes is to be sent, so that one sees whether it comes through.
    ping: Mapped[bool]
    #: Why nothing is sent: `by_hand`, `failed` too often, `gone`; empty where it is.
    paused: Mapped[str] = mapped_column(String(20))
    #: Attempts that failed since the last one that did not; when the next one is due.
    failures: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: When something was sent last, and what came of it: a status, or a code of what went wrong.
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str] = mapped_column(String(40))
    #: Until when a process has it in hand, so that no other sends the same.
    held_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
