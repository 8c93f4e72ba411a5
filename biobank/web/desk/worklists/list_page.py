"""The people of one worklist, as a page and as CSV."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import g, url_for

from biobank.editorial.worklists import members
from biobank.editorial.worklists.members import WORKLISTS, WorklistMember
from biobank.exchange.formats.csv.writer import write_rows
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.http.urls import permanent_url
from biobank.web.core.labels import format_years
from biobank.web.core.pagination import Pagination, make_pagination
from biobank.web.core.urls import person_url, search_url, with_query
from biobank.web.desk.worklists.labels import reason_label
from biobank.web.desk.worklists.overview import LineChart, list_chart, today

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
        rows=tuple(_row(list_id, person, lang) for person in result.people),
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


def _row(list_id: str, person: WorklistMember, lang: str) -> WorklistPersonRow:
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
