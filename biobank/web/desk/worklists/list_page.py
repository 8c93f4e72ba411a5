"""The people of one worklist, as a page and as CSV."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import g, url_for

from biobank.access import identity
from biobank.addresses import permanent_url
from biobank.editorial.worklists import counting, listing
from biobank.editorial.worklists.listing import Listed
from biobank.editorial.worklists.lists import LISTS
from biobank.exchange.csv_rows import csv_rows
from biobank.extensions import services
from biobank.web.desk.worklists.chart import LineChart
from biobank.web.desk.worklists.overview import chart_of, today
from biobank.web.desk.worklists.titles import why_words
from biobank.web.links import person_url, search_url, with_parameters
from biobank.web.paging import Paging, make_paging
from biobank.web.words import years

#: Separator of several reasons in one CSV cell.
AND = " | "
COLUMNS = ("id", "name", "birth", "death", "why", "url")


@dataclass(frozen=True)
class PersonRow:
    id: str
    name: str
    years: str
    why: tuple[str, ...]
    url: str
    edit_url: str


@dataclass(frozen=True)
class ListView:
    """One page of a worklist."""

    id: str
    total: int
    rows: tuple[PersonRow, ...]
    chart: LineChart | None
    search_url: str
    file_url: str
    paging: Paging


def make_list(list_id: str, page: int) -> ListView:
    """Return a page of a worklist.

    Raises:
        NotFound: if there is no such list.
    """
    day, lang = today(), g.lang
    database, who = services.database, identity()
    found = listing.page_of_list(services.search, database, who, list_id, lang, day, page)

    def page_url(number: int) -> str:
        page = [("page", str(number))] if number > 1 else []
        return with_parameters(url_for("web.desk_worklist", lang=lang, list_id=list_id), page)

    return ListView(
        id=list_id,
        total=found.total,
        rows=tuple(_row(list_id, one, lang) for one in found.people),
        chart=chart_of(list_id, counting.progress(database, who, day)),
        search_url=search_url(services.search.understand(LISTS[list_id].question(lang, day))),
        file_url=url_for("web.desk_worklist_file", lang=lang, list_id=list_id),
        paging=make_paging(page, listing.PAGE, found.total, page_url),
    )


def list_as_csv(list_id: str) -> Iterator[str]:
    """Yield the whole worklist as CSV, one row per person."""
    day, lang = today(), g.lang
    found = listing.whole_list(services.search, services.database, identity(), list_id, lang, day)
    return csv_rows(COLUMNS, (_cells(list_id, one, lang) for one in found))


def _row(list_id: str, one: Listed, lang: str) -> PersonRow:
    return PersonRow(
        id=one.id,
        name=one.name,
        years=years(one.birth, one.death, lang, living=one.living),
        why=_why(list_id, one, lang),
        url=person_url(one.id, lang),
        edit_url=url_for("web.desk_edit", lang=lang, person_id=one.id),
    )


def _cells(list_id: str, one: Listed, lang: str) -> tuple[str, ...]:
    why = AND.join(_why(list_id, one, lang))
    return (one.id, one.name, one.birth, one.death, why, permanent_url(one.id))


def _why(list_id: str, one: Listed, lang: str) -> tuple[str, ...]:
    return tuple(why_words(list_id, why, lang) for why in one.why)
