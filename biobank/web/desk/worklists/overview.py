"""The overview of worklists: counts, shares and trends, and the saved searches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import g, url_for

from biobank.common.clock import now
from biobank.editorial.worklists import counts, saved_searches
from biobank.editorial.worklists.counts import DailyCount
from biobank.editorial.worklists.definitions import ALL_PEOPLE, WORKLISTS
from biobank.editorial.worklists.saved_searches import SavedSearchView
from biobank.errors import BadQuery
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.core.urls import search_url
from biobank.web.desk.worklists.chart import LineChart, build_line_chart
from biobank.web.desk.worklists.forms import query_from_address
from biobank.web.desk.worklists.labels import LIST_GROUPS, list_title

#: The period of the trend of a list, in days.
TREND_DAYS = 30


@dataclass(frozen=True)
class WorklistRow:
    """A worklist; `share` is in percent, `change` covers TREND_DAYS and is None if unknown."""

    id: str
    title: str
    count: int
    share: float
    change: int | None
    url: str
    search_url: str
    chart: LineChart | None


@dataclass(frozen=True)
class WorklistGroup:
    title: str
    rows: tuple[WorklistRow, ...]


@dataclass(frozen=True)
class SavedSearchRow:
    """A saved search; `count` is None if its query is no longer valid."""

    id: int
    name: str
    owner: str
    shared: bool
    own: bool
    count: int | None
    url: str


@dataclass(frozen=True)
class WorklistOverview:
    people: int
    #: Undecided duplicate pairs; None during the first scan of the bank.
    duplicates: int | None
    groups: tuple[WorklistGroup, ...]
    saved: tuple[SavedSearchRow, ...]


def today() -> date:
    """Return the current day in UTC."""
    return now().date()


def build_overview() -> WorklistOverview:
    """Return the overview.

    Raises:
        NotSignedIn, Forbidden: if the current user may not see the desk.
    """
    day = today()
    history = counts.list_progress(services.database, identity(), day)
    count_by_list = counts.count_worklists(services.search, day)
    people = count_by_list[ALL_PEOPLE]
    pairs = services.duplicate_scans.undecided_pairs(identity())
    return WorklistOverview(
        people,
        None if pairs is None else len(pairs),
        tuple(
            WorklistGroup(
                str(title),
                tuple(_row(id_, count_by_list[id_], people, history, day) for id_ in ids),
            )
            for title, ids in LIST_GROUPS
        ),
        tuple(_saved_rows(saved_searches.list_searches(services.database, identity()))),
    )


def list_chart(list_id: str, history: Mapping[str, Sequence[DailyCount]]) -> LineChart | None:
    return build_line_chart(
        f"progress-{list_id}", list_title(list_id), history.get(list_id, ()), g.lang
    )


def _row(
    list_id: str, count: int, people: int, history: Mapping[str, Sequence[DailyCount]], day: date
) -> WorklistRow:
    return WorklistRow(
        id=list_id,
        title=list_title(list_id),
        count=count,
        share=round(100 * count / people, 1) if people else 0,
        change=_trend(count, history.get(list_id, ()), day),
        url=url_for("web.desk_worklist", lang=g.lang, list_id=list_id),
        search_url=search_url(services.search.normalize(WORKLISTS[list_id].to_query(g.lang, day))),
        chart=list_chart(list_id, history),
    )


def _trend(count: int, history: Sequence[DailyCount], day: date) -> int | None:
    """Return the difference to the oldest count of the period before today."""
    recent = [entry for entry in history if day - timedelta(days=TREND_DAYS) <= entry.day < day]
    return count - recent[0].count if recent else None


def _saved_rows(searches: Sequence[SavedSearchView]) -> Iterator[SavedSearchRow]:
    for search in searches:
        try:
            query = query_from_address(search.address, g.lang)
        except BadQuery:
            count, url = None, ""
        else:
            count, url = services.search.total(query), search_url(query)
        yield SavedSearchRow(
            search.id, search.name, search.owner, search.shared, search.own, count, url
        )
