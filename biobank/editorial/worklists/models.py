"""Models of saved searches and of the daily sizes of worklists."""

from datetime import date, datetime

from sqlalchemy import Date, DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from biobank.store.base import Base

MAX_SEARCH_NAME_CHARS = 100
#: Maximum length of the parameters of a search, in characters: the text, with up to nine characters
#: per encoded one, and the filters.
MAX_SEARCH_ADDRESS_CHARS = 6000


class SavedSearch(Base):
    """A named search of a user; visible to others if shared."""

    __tablename__ = "saved_searches"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    shared: Mapped[bool] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(MAX_SEARCH_NAME_CHARS))
    #: The query string of its canonical URL.
    address: Mapped[str] = mapped_column(String(MAX_SEARCH_ADDRESS_CHARS))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class WorklistCount(Base):
    """The number of people on a list on one day; `list` is an id from `definitions`."""

    __tablename__ = "worklist_counts"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    list: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]
