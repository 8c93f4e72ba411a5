"""The view model of the search results page."""

from dataclasses import dataclass, replace

from flask import url_for

from biobank.bootstrap import Services
from biobank.search.query import OFFERED_SORTS, SORTS, SearchQuery
from biobank.web.births import BirthYears, make_births
from biobank.web.chips import Chip, WayOn, make_chips, ways_on
from biobank.web.facets import FacetGroup, chosen_count, facet_groups
from biobank.web.hits import HitView, make_hit
from biobank.web.links import Link, search_url, with_parameters
from biobank.web.map.narrowing import map_url
from biobank.web.paging import Paging, make_paging
from biobank.web.problems import Problems, make_problems
from biobank.web.text import _
from biobank.web.words import SORT_TITLES

#: Hidden fields by which a form that changes one argument keeps the others.
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SortChoice:
    value: str
    label: str
    chosen: bool


def sort_choices(chosen: str) -> tuple[SortChoice, ...]:
    """Return the offered sort orders and the chosen one."""
    return tuple(
        SortChoice(sort, str(SORT_TITLES[sort]), sort == chosen)
        for sort in SORTS
        if sort in OFFERED_SORTS or sort == chosen
    )


@dataclass(frozen=True)
class SearchPage:
    """The content of the search results page."""

    query: SearchQuery
    total: int
    match: str
    #: For `match` did_you_mean: whether a word was corrected; else a similar name matched.
    respelt: bool
    chips: tuple[Chip, ...]
    let_go: tuple[str, ...]
    problems: Problems | None
    ways: tuple[Link, ...]
    hits: tuple[HitView, ...]
    facets: tuple[FacetGroup, ...]
    chosen: int
    clear_url: str
    sorts: tuple[SortChoice, ...]
    sort_fields: Fields
    births: BirthYears
    #: Hidden fields of the form of birth years and of the form of dates.
    birth_fields: Fields
    date_fields: Fields
    paging: Paging
    did_you_mean: tuple[Link, ...]
    ways_on: tuple[WayOn, ...]


def make_search_page(services: Services, query: SearchQuery) -> SearchPage:
    """Run the query and return the page of its results."""
    query = services.search.understand(query)
    answer = services.search.search(query)
    catalogue = services.catalogue()
    return SearchPage(
        query=query,
        total=answer.total,
        match=answer.match,
        respelt=answer.respelt,
        chips=make_chips(answer),
        let_go=tuple(part.label for part in answer.understood if part.kind == "let_go"),
        problems=make_problems(answer.query, answer.problems),
        ways=search_ways(query),
        hits=tuple(make_hit(hit, catalogue, query) for hit in answer.hits),
        facets=facet_groups(query, answer),
        chosen=chosen_count(query),
        clear_url=search_url(SearchQuery(text=query.text, lang=query.lang, sort=query.sort)),
        sorts=sort_choices(query.sort),
        sort_fields=_fields(replace(query, page=1), "sort"),
        births=make_births(answer),
        birth_fields=_fields(replace(query, page=1), "born", "certainty"),
        date_fields=_fields(replace(query, page=1), "born", "died"),
        paging=make_paging(
            query.page,
            query.size,
            answer.total,
            lambda page: search_url(replace(query, page=page)),
        ),
        did_you_mean=tuple(_spelling(query, text) for text in answer.did_you_mean),
        ways_on=tuple(ways_on(answer.relax)) if not answer.total else (),
    )


def search_ways(query: SearchQuery) -> tuple[Link, ...]:
    """Return links to other ways of running the same search."""
    parts = replace(query, page=1).address()
    return (
        Link(_("How to search"), url_for("web.search_help", lang=query.lang)),
        Link(
            _("Advanced search"),
            with_parameters(url_for("web.search_advanced", lang=query.lang), parts),
        ),
        Link(_("On the map"), map_url(query)),
    )


def _fields(query: SearchQuery, *left_out: str) -> Fields:
    return tuple((name, value) for name, value in query.address() if name not in left_out)


def _spelling(query: SearchQuery, text: str) -> Link:
    return Link(text, search_url(replace(query, text=text, page=1)))
