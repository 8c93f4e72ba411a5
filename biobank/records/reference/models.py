"""What was done to reference records at the desk, and where ids that are gone lead."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from biobank.store.base import Base

#: A term's key is its vocabulary, a stroke and its id.
KEY_MOST = 160
NAME_MOST = 200


class ReferenceRedirect(Base):
    """A key that was merged into another one leads there for ever."""

    __tablename__ = "reference_redirects"

    #: `term`, `place`, `organisation` or `source`.
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    old_key: Mapped[str] = mapped_column(String(KEY_MOST), primary_key=True)
    new_key: Mapped[str] = mapped_column(String(KEY_MOST), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ReferenceUnreviewed(Base):
    """What somebody added who may not change it: nobody's to see until an editor saw it.

    Or until a public record refers to it: whoever published that one saw it.
    """

    __tablename__ = "reference_unreviewed"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(KEY_MOST), primary_key=True)


class ReferenceEdit(Base):
    """One change of one record at the desk, and what the record said before and after.

    What has such a row belongs to the editors: the seed leaves it as they made it.
    """

    __tablename__ = "reference_edits"
    __table_args__ = (Index(None, "kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(KEY_MOST))
    #: `added`, `accepted`, `changed`, `removed`, `merged` into another, or `restored` from that.
    what: Mapped[str] = mapped_column(String(12))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    author: Mapped[str] = mapped_column(String(NAME_MOST))
    author_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ReferenceMerge(Base):
    """One merge, with all that is needed to undo it."""

    __tablename__ = "reference_merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    kept: Mapped[str] = mapped_column(String(KEY_MOST), index=True)
    gone: Mapped[str] = mapped_column(String(KEY_MOST), index=True)
    #: Whether the kept one was made by it, as a new id for the same thing.
    renamed: Mapped[bool]
    #: Reference records that were changed or removed: kind, key, before, after.
    changed: Mapped[list[Any]] = mapped_column(JSON)
    #: People whose records were changed: id, and the numbers of revisions before and after.
    people: Mapped[list[Any]] = mapped_column(JSON)
    #: Rows of other tables that were led over: table, column, keys of the rows.
    rows: Mapped[list[Any]] = mapped_column(JSON)
    #: Older redirects that led to what is gone.
    followed: Mapped[list[str]]
    author: Mapped[str] = mapped_column(String(NAME_MOST))
    author_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
