"""The pictures of the bank as a table; their files lie in the folder of media."""

from datetime import datetime

from sqlalchemy import JSON, DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from biobank.store.base import Base

AUTHOR_MOST, SOURCE_MOST, ALT_MOST = 300, 1000, 300


class Picture(Base):
    """One picture, with whose it is, under which licence, and what is to be seen."""

    __tablename__ = "pictures"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the file as it was sent: the same file again is the same picture.
    sha: Mapped[str] = mapped_column(String(64), unique=True)
    #: Of the largest file that is kept, in pixels.
    width: Mapped[int]
    height: Mapped[int]
    #: The long sides, in pixels, of the files that are kept, the smallest first.
    sizes: Mapped[list[int]] = mapped_column(JSON)
    #: An id of `licences`.
    licence: Mapped[str] = mapped_column(String(100))
    author: Mapped[str] = mapped_column(String(AUTHOR_MOST))
    source: Mapped[str] = mapped_column(String(SOURCE_MOST))
    alt: Mapped[dict[str, str]]
    uploader: Mapped[str] = mapped_column(String(200))
    uploader_id: Mapped[int | None] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
