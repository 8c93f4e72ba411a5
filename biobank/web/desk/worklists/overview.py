"""The overview of worklists: counts, shares and trends, and the saved searches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import g, url_for

from biobank.access import identity
from biobank.accounts.clock import now
from biobank.editorial.worklists import counting, saved
from biobank.editorial.worklists.counting import Noted
from biobank.editorial.worklists.lists import LISTS, PEOPLE
from biobank.editorial.worklists.saved import Saved
from biobank.errors import BadQuery
from biobank.extensions import services
from biobank.web.desk.worklists.chart import LineChart, line_chart
from biobank.web.desk.worklists.keeping import query_of
from biobank.web.desk.worklists.titles import GROUPS, title_of
from biobank.web.links import search_url

#: The period of the trend of a list, in days.
LATELY = 30


@dataclass(frozen=True)
class ListRow:
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
class ListGroup:
    title: str
    rows: tuple[ListRow, ...]


@dataclass(frozen=True)
class SavedRow:
    """A saved search; `count` is None if its query is no longer valid."""

    id: int
    name: str
    owner: str
    shared: bool
    own: bool
    count: int | None
    url: str


@dataclass(frozen=True)
class Overview:
    people: int
    #: Undecided duplicate pairs; None during the first scan of the bank.
    duplicates: int | None
    groups: tuple[ListGroup, ...]
    saved: tuple[SavedRow, ...]


def today() -> date:
    """Return the current day in UTC."""
    return now().date()


def make_overview() -> Overview:
    """Return the overview.

    Raises:
        NotSignedIn, Forbidden: if the current user may not see the desk.
    """
    day = today()
    noted = counting.progress(services.database, identity(), day)
    counts = counting.counts(services.search, day)
    people = counts[PEOPLE]
    suspects = services.suspects.undecided(identity())
    return Overview(
        people,
        None if suspects is None else len(suspects),
        tuple(
            ListGroup(str(title), tuple(_row(id_, counts[id_], people, noted, day) for id_ in ids))
            for title, ids in GROUPS
        ),
        tuple(_saved(saved.kept_for(services.database, identity()))),
    )


def chart_of(list_id: str, noted: Mapping[str, Sequence[Noted]]) -> LineChart | None:
    return line_chart(f"progress-{list_id}", title_of(list_id), noted.get(list_id, ()), g.lang)


def _row(
    list_id: str, count: int, people: int, noted: Mapping[str, Sequence[Noted]], day: date
) -> ListRow:
    return ListRow(
        id=list_id,
        title=title_of(list_id),
        count=count,
        share=round(100 * count / people, 1) if people else 0,
        change=_change(count, noted.get(list_id, ()), day),
        url=url_for("web.desk_worklist", lang=g.lang, list_id=list_id),
        search_url=search_url(services.search.understand(LISTS[list_id].question(g.lang, day))),
        chart=chart_of(list_id, noted),
    )


def _change(count: int, noted: Sequence[Noted], day: date) -> int | None:
    """Return the difference to the oldest count of the period before today."""
    lately = [each for each in noted if day - timedelta(days=LATELY) <= each.day < day]
    return count - lately[0].count if lately else None


def _saved(kept: Sequence[Saved]) -> Iterator[SavedRow]:
    for each in kept:
        try:
            query = query_of(each.address, g.lang)
        except BadQuery:
            count, url = None, ""
        else:
            count, url = services.search.total(query), search_url(query)
        yield SavedRow(each.id, each.name, each.owner, each.shared, each.own, count, url)
