"""Tables of vocabulary terms and their hierarchy."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from biobank.store.base import Base

VOCABULARIES = ("profession", "relation", "event", "work", "award")


def term_key(vocabulary: str, term_id: str) -> str:
    """Return the key of a term in the store: ids repeat between vocabularies (teacher, award)."""
    return f"{vocabulary}/{term_id}"


def term_id(key: str) -> str:
    """Return the id of a term as used in records: the key without its vocabulary."""
    return key.partition("/")[2]


class TermBroader(Base):
    """`broader` is a broader term of `term`: a composer is a musician."""

    __tablename__ = "term_broader"

    term_key: Mapped[str] = mapped_column(ForeignKey("terms.key", ondelete="CASCADE"), primary_key=True)
    broader_key: Mapped[str] = mapped_column(
        ForeignKey("terms.key", deferrable=True, initially="DEFERRED"), primary_key=True, index=True
    )


class Term(Base):
    """A term of a vocabulary."""

    __tablename__ = "terms"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    vocabulary: Mapped[str] = mapped_column(String(20), index=True)
    labels: Mapped[dict[str, str]]
    #: Alternative labels, lists by language: `{"en": ["poetess"]}`.
    alt: Mapped[dict[str, Any]]
    #: Labels shown for women, by language: `{"ru": "поэтесса"}`.
    feminine: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    #: Inverse of a relation type: teacher, student.
    inverse: Mapped[str | None] = mapped_column(String(60))
    country: Mapped[str | None] = mapped_column(String(2))

    broader: Mapped[list[TermBroader]] = relationship(
        foreign_keys=TermBroader.term_key, cascade="all, delete-orphan", order_by=TermBroader.broader_key
    )

    @property
    def id(self) -> str:
        return term_id(self.key)
