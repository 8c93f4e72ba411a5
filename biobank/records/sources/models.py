"""The table of sources."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from biobank.store.base import Base


class Source(Base):
    """A cited work as a CSL-JSON item without its id."""

    __tablename__ = "sources"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    csl: Mapped[dict[str, Any]]
