"""Searches that somebody keeps by a name, and how long the lists of work were, day by day."""

from datetime import date, datetime

from sqlalchemy import Date, DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from biobank.store.base import Base

NAME_MOST = 100
#: Characters of the address of a question: its words, each of which may take nine, and its filters.
ADDRESS_MOST = 6000


class SavedSearch(Base):
    """A question that a user keeps by a name; the others see it where it is shared."""

    __tablename__ = "saved_searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    shared: Mapped[bool] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(NAME_MOST))
    #: The parameters of its one address, as they stand behind the question mark.
    address: Mapped[str] = mapped_column(String(ADDRESS_MOST))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class WorklistCount(Base):
    """How many people were on a list on a day; `list` is an id of `lists`."""

    __tablename__ = "worklist_counts"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    list: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]
