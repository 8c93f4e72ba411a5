"""The table of pictures; their files are in the media folder."""

from datetime import datetime

from sqlalchemy import JSON, DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from biobank.store.base import Base

MAX_MEDIA_AUTHOR_CHARS, MAX_MEDIA_SOURCE_CHARS, MAX_ALT_CHARS = 300, 1000, 300


class Picture(Base):
    """A picture with its author, licence and description."""

    __tablename__ = "pictures"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: SHA-256 of the uploaded file: the same file is the same picture.
    sha: Mapped[str] = mapped_column(String(64), unique=True)
    #: Size of the largest stored file in pixels.
    width: Mapped[int]
    height: Mapped[int]
    #: Long sides of the stored files in pixels, in ascending order.
    sizes: Mapped[list[int]] = mapped_column(JSON)
    #: Id of a licence in `licences`.
    licence: Mapped[str] = mapped_column(String(100))
    author: Mapped[str] = mapped_column(String(MAX_MEDIA_AUTHOR_CHARS))
    source: Mapped[str] = mapped_column(String(MAX_MEDIA_SOURCE_CHARS))
    alt: Mapped[dict[str, str]]
    uploader: Mapped[str] = mapped_column(String(200))
    uploader_id: Mapped[int | None] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
