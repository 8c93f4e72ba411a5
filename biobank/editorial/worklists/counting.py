"""The sizes of the worklists: current ones from the search index, and the stored daily ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.worklists.lists import LISTS, PEOPLE
from biobank.editorial.worklists.models import WorklistCount
from biobank.i18n import LANGUAGES
from biobank.search.query import SearchQuery
from biobank.search.service import SearchService
from biobank.store.session import Database

#: Number of days covered by the progress chart.
DAYS_SHOWN = 366


@dataclass(frozen=True)
class Noted:
    """The number of people on a list on one day."""

    day: date
    count: int


def counts(search: SearchService, day: date) -> dict[str, int]:
    """Return the number of people on each list by its id, and the total as ALL_PEOPLE."""
    lang = LANGUAGES[0]
    found = {each.id: search.total(each.question(lang, day)) for each in LISTS.values()}
    return {**found, PEOPLE: search.total(SearchQuery())}


def note_counts(database: Database, search: SearchService, day: date) -> bool:
    """Store the counts of a day once; return whether they were stored now."""
    with database.read() as session:
        known = session.scalar(select(func.count()).where(WorklistCount.day == day))
    if known:
        return False
    found = counts(search, day)
    try:
        with database.write() as session:
            session.add_all(WorklistCount(day=day, list=id_, count=n) for id_, n in found.items())
    except IntegrityError:
        return False  # another process stored them first
    return True


def progress(database: Database, who: Identity, day: date) -> Mapping[str, tuple[Noted, ...]]:
    """Return the daily counts of each list in the year before `day`, oldest first."""
    require(who, Action.SEE_DESK)
    since = day - timedelta(days=DAYS_SHOWN)
    query = select(WorklistCount).where(WorklistCount.day >= since).order_by(WorklistCount.day)
    found: dict[str, list[Noted]] = {}
    with database.read() as session:
        for row in session.scalars(query):
            found.setdefault(row.list, []).append(Noted(row.day, row.count))
    return {id_: tuple(noted) for id_, noted in found.items()}
