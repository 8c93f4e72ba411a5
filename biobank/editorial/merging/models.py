"""Merges that were done, with all that is needed to undo them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from biobank.editorial.models import NAME_MOST
from biobank.store.base import Base


class Merge(Base):
    """One record that was merged into another. What they said stands in their revisions."""

    __tablename__ = "merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    gone_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    #: The numbers of the newest and of the public revision of the one that went.
    gone_number: Mapped[int]
    gone_published: Mapped[int | None]
    #: The state of the newest revision of the one that went.
    gone_state: Mapped[str] = mapped_column(String(10))
    #: Whose records were rewritten: `[person, before, after]`, the numbers of two revisions of a
    #: person, the kept one first; twice where a draft stood above what was public.
    rewritten: Mapped[list[Any]] = mapped_column(JSON)
    #: Ids that led to the one that went, and lines of imported files that had become it.
    redirects: Mapped[list[Any]] = mapped_column(JSON)
    lines: Mapped[list[Any]] = mapped_column(JSON)
    #: Ids of messages of the public about the one that went, that nobody had decided on.
    messages: Mapped[list[Any]] = mapped_column(JSON)
    #: How old the texts of the kept one were: `[lang, changed, agrees]`, as in `text_ages`.
    ages: Mapped[list[Any]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    by: Mapped[str] = mapped_column(String(NAME_MOST))
    by_id: Mapped[int | None]
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by: Mapped[str] = mapped_column(String(NAME_MOST), default="")
    undone_by_id: Mapped[int | None]
