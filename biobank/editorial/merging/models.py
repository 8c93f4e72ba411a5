"""The model of merges, with all data needed to undo them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from biobank.editorial.models import MAX_REVISION_AUTHOR_CHARS
from biobank.store.base import Base


class Merge(Base):
    """A record that was merged into another. The contents are in the revisions."""

    __tablename__ = "merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    gone_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    #: The numbers of the latest and of the public revision of the duplicate.
    gone_number: Mapped[int]
    gone_published: Mapped[int | None]
    #: The state of the latest revision of the duplicate.
    gone_state: Mapped[str] = mapped_column(String(10))
    #: The rewritten records: `[person, before, after]` with two revision numbers, the survivor
    #: first; a person occurs twice if there was a draft on top of the public revision.
    rewritten: Mapped[list[Any]] = mapped_column(JSON)
    #: Ids that redirected to the duplicate, and imported lines that were matched to it.
    redirects: Mapped[list[Any]] = mapped_column(JSON)
    lines: Mapped[list[Any]] = mapped_column(JSON)
    #: Ids of open messages from the public about the duplicate.
    messages: Mapped[list[Any]] = mapped_column(JSON)
    #: The text ages of the survivor: `[lang, changed, agrees]`, as in `text_ages`.
    ages: Mapped[list[Any]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    by: Mapped[str] = mapped_column(String(MAX_REVISION_AUTHOR_CHARS))
    by_id: Mapped[int | None]
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by: Mapped[str] = mapped_column(String(MAX_REVISION_AUTHOR_CHARS), default="")
    undone_by_id: Mapped[int | None]
