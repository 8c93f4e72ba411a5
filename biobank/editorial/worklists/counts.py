"""The sizes of the worklists: current ones from the search index, and the stored daily ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.i18n import LANGUAGES
from biobank.editorial.worklists.members import ALL_PEOPLE, WORKLISTS
from biobank.editorial.worklists.models import WorklistCount
from biobank.search.query import SearchQuery
from biobank.search.service import SearchService
from biobank.store.session import Database

#: Number of days covered by the progress chart.
PROGRESS_DAYS = 366


@dataclass(frozen=True)
class DailyCount:
    """The number of people on a list on one day."""

    day: date
    count: int


def count_worklists(search: SearchService, day: date) -> dict[str, int]:
    """Return the number of people on each list by its id, and the total as ALL_PEOPLE."""
    lang = LANGUAGES[0]
    totals = {worklist.id: search.total(worklist.to_query(lang, day)) for worklist in WORKLISTS.values()}
    return {**totals, ALL_PEOPLE: search.total(SearchQuery())}


def store_counts(database: Database, search: SearchService, day: date) -> bool:
    """Store the counts of a day once; return whether they were stored now."""
    with database.read() as session:
        existing = session.scalar(select(func.count()).where(WorklistCount.day == day))
    if existing:
        return False
    totals = count_worklists(search, day)
    try:
        with database.write() as session:
            session.add_all(WorklistCount(day=day, list=id_, count=n) for id_, n in totals.items())
    except IntegrityError:
        return False  # another process stored them first
    return True


def list_progress(database: Database, actor: Identity, day: date) -> Mapping[str, tuple[DailyCount, ...]]:
    """Return the daily counts of each list in the year before `day`, oldest first."""
    require(actor, Action.SEE_DESK)
    since = day - timedelta(days=PROGRESS_DAYS)
    query = select(WorklistCount).where(WorklistCount.day >= since).order_by(WorklistCount.day)
    by_list: dict[str, list[DailyCount]] = {}
    with database.read() as session:
        for row in session.scalars(query):
            by_list.setdefault(row.list, []).append(DailyCount(row.day, row.count))
    return {id_: tuple(counts) for id_, counts in by_list.items()}
