"""Tables of edits, merges and redirects of reference records."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Index, String, true
from sqlalchemy.orm import Mapped, mapped_column

from biobank.store.base import Base

#: Widths in characters. A term's key is its vocabulary, a slash and its id.
MAX_REFERENCE_KEY_CHARS = 160
MAX_AUTHOR_NAME_CHARS = 200


class ReferenceRedirect(Base):
    """A permanent redirect from a merged key to its replacement."""

    __tablename__ = "reference_redirects"

    #: `term`, `place`, `organisation` or `source`.
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    old_key: Mapped[str] = mapped_column(String(MAX_REFERENCE_KEY_CHARS), primary_key=True)
    new_key: Mapped[str] = mapped_column(String(MAX_REFERENCE_KEY_CHARS), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ReferenceUnreviewed(Base):
    """A record added by a contributor, hidden from the public until an editor reviews it.

    It also becomes public when a published record refers to it: the publisher has reviewed it then.
    """

    __tablename__ = "reference_unreviewed"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(MAX_REFERENCE_KEY_CHARS), primary_key=True)


class ReferenceEdit(Base):
    """A change of a reference record at the desk, with its content before and after.

    Records with such a row belong to the editors: the seed no longer overwrites them.
    """

    __tablename__ = "reference_edits"
    __table_args__ = (Index(None, "kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(MAX_REFERENCE_KEY_CHARS))
    #: `added`, `accepted`, `changed`, `removed`, `merged` into another, or `restored` from that.
    what: Mapped[str] = mapped_column(String(12))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    author: Mapped[str] = mapped_column(String(MAX_AUTHOR_NAME_CHARS))
    author_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ReferenceMerge(Base):
    """A merge, with all data needed to undo it."""

    __tablename__ = "reference_merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    kept: Mapped[str] = mapped_column(String(MAX_REFERENCE_KEY_CHARS), index=True)
    gone: Mapped[str] = mapped_column(String(MAX_REFERENCE_KEY_CHARS), index=True)
    #: Whether the merge created the surviving record, as a new id of the same record.
    renamed: Mapped[bool]
    #: Whether the survivor keeps the names of the other record.
    keep_names: Mapped[bool] = mapped_column(server_default=true())
    #: Changed or removed reference records: kind, key, before, after.
    changed: Mapped[list[Any]] = mapped_column(JSON)
    #: People whose records were changed: id, revision numbers before and after.
    people: Mapped[list[Any]] = mapped_column(JSON)
    #: Updated rows of other tables: table, column, keys of the rows.
    rows: Mapped[list[Any]] = mapped_column(JSON)
    #: Older redirects to the merged key.
    followed: Mapped[list[str]]
    author: Mapped[str] = mapped_column(String(MAX_AUTHOR_NAME_CHARS))
    author_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: None while people are rewritten in batches, when both records exist, and after an undo.
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
