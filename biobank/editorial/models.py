"""Revisions: immutable snapshots of records."""

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from biobank.store.base import Base

STATES = ("draft", "review", "published", "withdrawn")


class Revision(Base):
    """One state of one record, with who made it, when and why. Never changed but for its state."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("person_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    #: Counts from 1 within a person.
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), index=True)
    record: Mapped[dict[str, Any]]
    author: Mapped[str] = mapped_column(String(200))
    message: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ImportKey(Base):
    """Which person a line without an id became, so that the same file again finds the same one."""

    __tablename__ = "import_keys"

    file: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
