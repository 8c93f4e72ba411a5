"""Models of revisions, review notes, working copies, redirects and import keys."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from biobank.records.people.models import MAX_REVISION_AUTHOR_CHARS as MAX_REVISION_AUTHOR_CHARS
from biobank.records.people.models import REVISION_STATES as REVISION_STATES
from biobank.records.people.models import UNPUBLISHED_STATES as UNPUBLISHED_STATES
from biobank.records.people.models import Revision as Revision
from biobank.records.people.models import TextAge as TextAge
from biobank.store.base import Base

#: The review actions that a note records; `comment` records none.
REVIEW_NOTE_KINDS = ("comment", "submitted", "returned", "published", "withdrawn", "reopened")


class ReviewNote(Base):
    """A comment on a revision, or a review action with its reason. Visible at the desk only."""

    __tablename__ = "review_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revisions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    #: The commented field in dotted notation (`events[2].place`); empty for the whole record.
    path: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(String(MAX_REVISION_AUTHOR_CHARS))
    author_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class WorkingCopy(Base):
    """The unsaved contents of a user's form; deleted when they are saved as a revision."""

    __tablename__ = "working_copies"

    #: The key in the URL; random, so that it cannot be guessed.
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    #: None for a person that does not exist yet.
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    #: The number of the revision that the form was opened with.
    base: Mapped[int | None]
    #: The submitted fields as pairs of name and value.
    fields: Mapped[list[Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class Redirect(Base):
    """A permanent redirect from a merged id to the remaining one."""

    __tablename__ = "redirects"

    old_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    new_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ImportKey(Base):
    """Maps an imported line without an id to its person, so that repeated imports match it."""

    __tablename__ = "import_keys"

    file: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
