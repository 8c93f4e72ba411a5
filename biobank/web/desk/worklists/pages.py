"""The pages of worklists: the overview with trend charts and saved searches, and one list with its people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import g, url_for

from biobank.common.clock import now
from biobank.editorial.worklists import members, saved_searches
from biobank.editorial.worklists.members import ALL_PEOPLE, WORKLISTS, DailyCount, WorklistMember
from biobank.editorial.worklists.saved_searches import SavedSearchView
from biobank.errors import BadQuery
from biobank.exchange.formats.csv import write_rows
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.http.urls import permanent_url
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_edtf_date, format_number, format_years
from biobank.web.core.pagination import Pagination, make_pagination
from biobank.web.core.urls import person_url, search_url, with_query
from biobank.web.desk.worklists.forms import query_from_address
from biobank.web.desk.worklists.labels import LIST_GROUPS, list_title, reason_label

#: The size of the view box, in user units; the drawing is scaled to the page.
CHART_WIDTH, CHART_HEIGHT = 400, 100
#: Maximum number of table rows; of more days an even sample is shown.
MAX_TABLE_ROWS = 24


@dataclass(frozen=True)
class ChartRow:
    day: str
    count: str


@dataclass(frozen=True)
class LineChart:
    """A chart in a view box of CHART_WIDTH × CHART_HEIGHT from zero to `max_label`.

    `title` and `description` describe it; `id` is unique in the page.
    """

    id: str
    title: str
    description: str
    path: str
    max_label: str
    first: str
    last: str
    rows: tuple[ChartRow, ...]

    @property
    def size(self) -> tuple[int, int]:
        return CHART_WIDTH, CHART_HEIGHT


def build_line_chart(id_: str, title: str, history: Sequence[DailyCount], lang: str) -> LineChart | None:
    """Return the chart of a history, oldest first; None for fewer than two days."""
    if len(history) < 2:
        return None
    first, last = history[0], history[-1]
    max_count = max(entry.count for entry in history) or 1
    days = (last.day - first.day).days
    xs = (CHART_WIDTH * (entry.day - first.day).days / days for entry in history)
    ys = (CHART_HEIGHT - CHART_HEIGHT * entry.count / max_count for entry in history)
    points = (f"{x:.1f} {y:.1f}" for x, y in zip(xs, ys, strict=True))
    return LineChart(
        id=id_,
        title=title,
        description=_(
            "%(before)s on %(first)s, %(now)s on %(last)s",
            before=format_number(first.count),
            first=_day_label(first, lang),
            now=format_number(last.count),
            last=_day_label(last, lang),
        ),
        path="M" + "L".join(points),
        max_label=format_number(max_count),
        first=_day_label(first, lang),
        last=_day_label(last, lang),
        rows=tuple(
            ChartRow(_day_label(entry, lang), format_number(entry.count)) for entry in _sample(history)
        ),
    )


def _sample(history: Sequence[DailyCount]) -> list[DailyCount]:
    """Return at most MAX_TABLE_ROWS entries with the first and the last, newest first."""
    last, steps = len(history) - 1, min(len(history), MAX_TABLE_ROWS) - 1
    return [history[round(last * step / steps)] for step in range(steps, -1, -1)]


def _day_label(entry: DailyCount, lang: str) -> str:
    return format_edtf_date(entry.day.isoformat(), lang)


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
    history = members.list_progress(services.database, identity(), day)
    count_by_list = members.count_worklists(services.search, day)
    people = count_by_list[ALL_PEOPLE]
    pairs = services.duplicate_scans.undecided_pairs(identity())
    return WorklistOverview(
        people,
        None if pairs is None else len(pairs),
        tuple(
            WorklistGroup(
                str(title), tuple(_list_row(id_, count_by_list[id_], people, history, day) for id_ in ids)
            )
            for title, ids in LIST_GROUPS
        ),
        tuple(_saved_rows(saved_searches.list_searches(services.database, identity()))),
    )


def list_chart(list_id: str, history: Mapping[str, Sequence[DailyCount]]) -> LineChart | None:
    return build_line_chart(f"progress-{list_id}", list_title(list_id), history.get(list_id, ()), g.lang)


def _list_row(
    list_id: str, count: int, people: int, history: Mapping[str, Sequence[DailyCount]], day: date
) -> WorklistRow:
    return WorklistRow(
        id=list_id,
        title=list_title(list_id),
        count=count,
        share=round(100 * count / people, 1) if people else 0,
        change=_trend(count, history.get(list_id, ()), day),
        url=url_for("desk.worklist", lang=g.lang, list_id=list_id),
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
        yield SavedSearchRow(search.id, search.name, search.owner, search.shared, search.own, count, url)


#: Separator of several reasons in one CSV cell.
REASON_SEPARATOR = " | "
WORKLIST_CSV_COLUMNS = ("id", "name", "birth", "death", "why", "url")


@dataclass(frozen=True)
class WorklistPersonRow:
    id: str
    name: str
    years: str
    why: tuple[str, ...]
    url: str
    edit_url: str


@dataclass(frozen=True)
class WorklistPageView:
    """One page of a worklist."""

    id: str
    total: int
    rows: tuple[WorklistPersonRow, ...]
    chart: LineChart | None
    search_url: str
    file_url: str
    paging: Pagination


def build_list_page(list_id: str, page: int) -> WorklistPageView:
    """Return a page of a worklist.

    Raises:
        NotFound: if there is no such list.
    """
    day, lang = today(), g.lang
    database, actor = services.database, identity()
    result = members.get_worklist_page(services.search, database, actor, list_id, lang, day, page)

    def page_url(number: int) -> str:
        args = [("page", str(number))] if number > 1 else []
        return with_query(url_for("desk.worklist", lang=lang, list_id=list_id), args)

    return WorklistPageView(
        id=list_id,
        total=result.total,
        rows=tuple(_person_row(list_id, person, lang) for person in result.people),
        chart=list_chart(list_id, members.list_progress(database, actor, day)),
        search_url=search_url(services.search.normalize(WORKLISTS[list_id].to_query(lang, day))),
        file_url=url_for("desk.worklist_file", lang=lang, list_id=list_id),
        paging=make_pagination(page, members.WORKLIST_PAGE_SIZE, result.total, page_url),
    )


def list_as_csv(list_id: str) -> Iterator[str]:
    """Yield the whole worklist as CSV, one row per person."""
    day, lang = today(), g.lang
    people = members.iter_worklist(services.search, services.database, identity(), list_id, lang, day)
    return write_rows(WORKLIST_CSV_COLUMNS, (_cells(list_id, person, lang) for person in people))


def _person_row(list_id: str, person: WorklistMember, lang: str) -> WorklistPersonRow:
    return WorklistPersonRow(
        id=person.id,
        name=person.name,
        years=format_years(person.birth, person.death, lang, living=person.living),
        why=_reason_labels(list_id, person, lang),
        url=person_url(person.id, lang),
        edit_url=url_for("desk.edit", lang=lang, person_id=person.id),
    )


def _cells(list_id: str, person: WorklistMember, lang: str) -> tuple[str, ...]:
    reasons = REASON_SEPARATOR.join(_reason_labels(list_id, person, lang))
    return (person.id, person.name, person.birth, person.death, reasons, permanent_url(person.id))


def _reason_labels(list_id: str, person: WorklistMember, lang: str) -> tuple[str, ...]:
    return tuple(reason_label(list_id, reason, lang) for reason in person.reasons)
