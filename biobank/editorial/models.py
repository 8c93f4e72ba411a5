"""Revisions and what is said of them; copies that are being written; redirects."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from biobank.records.people.models import TextAge as TextAge
from biobank.store.base import Base

STATES = ("draft", "review", "published", "withdrawn")
#: Nearly all revisions are published: asked for by these, SQLite has an index worth taking.
NOT_PUBLISHED = tuple(state for state in STATES if state != "published")
#: The widest name of a user.
NAME_MOST = 200


class Revision(Base):
    """One state of one record, with who made it, when and why.

    Only its state ever changes, unless an administrator redacts it for legal reasons.
    """

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("person_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    #: Counts from 1 within a person.
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), index=True)
    record: Mapped[dict[str, Any]]
    author: Mapped[str] = mapped_column(String(NAME_MOST))
    #: The user who made it; none for the operator and for what came before there were users.
    author_id: Mapped[int | None] = mapped_column(index=True)
    #: Users who wrote any of what becomes public with it: its author, and those of the drafts
    #: that it took up. None of them publishes it; see `second_person`.
    writers: Mapped[list[int]] = mapped_column(JSON, default=list)
    message: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: The number of the revision that its author saw when writing it.
    base: Mapped[int | None]
    #: Languages whose biography was said to agree with the others as they are here.
    agrees: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Who is thanked in public for what changed.
    credit: Mapped[str] = mapped_column(String(NAME_MOST), default="")
    #: The user who published it, and when.
    reviewer: Mapped[str] = mapped_column(String(NAME_MOST), default="")
    reviewer_id: Mapped[int | None]
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    redacted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: The run of an import that made it; 0 for one of which nothing more is known.
    import_run: Mapped[int | None] = mapped_column(index=True)


#: What a note says was done; a comment says only what it says.
NOTE_KINDS = ("comment", "submitted", "returned", "published", "withdrawn", "reopened")


class ReviewNote(Base):
    """What somebody said of a revision, or did with it and why. Seen at the desk only."""

    __tablename__ = "review_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    #: The field it is about, as one would write it: `events[2].place`; empty for the whole.
    path: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(String(NAME_MOST))
    author_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class WorkingCopy(Base):
    """A form as one user left it, kept while they type; gone once it is saved as a revision."""

    __tablename__ = "working_copies"

    #: What its address carries: random, so that it is nobody else's to guess.
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    #: None for a person who is not in the bank yet.
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    #: The number of the revision it began from.
    base: Mapped[int | None]
    #: The fields of the form as they were typed: pairs of name and value.
    fields: Mapped[list[Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class Redirect(Base):
    """An id that was merged into another one leads there for ever."""

    __tablename__ = "redirects"

    old_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    new_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ImportKey(Base):
    """Which person a line without an id became, so that the same file again finds the same one."""

    __tablename__ = "import_keys"

    file: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
