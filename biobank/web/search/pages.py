"""The view models of the results page and of the page of all values of a facet."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from biobank.bootstrap import Services
from biobank.names.alphabet import sort_key
from biobank.names.folding import fold
from biobank.search.query import PUBLIC_SORT_ORDERS, SORT_ORDERS, UNKNOWN, SearchQuery
from biobank.search.response import FacetValue, SearchResponse
from biobank.web.core.gettext import _
from biobank.web.core.labels import FACET_TITLES, SORT_TITLES
from biobank.web.core.pagination import Pagination, make_pagination
from biobank.web.core.search_chips import (
    Chip,
    NextStep,
    describe_chips,
    describe_dropped,
    make_chips,
    next_steps,
    offered_filters,
)
from biobank.web.core.urls import Link, map_url, search_url, with_query
from biobank.web.search.answer_box import AnswerBox, make_answer_box
from biobank.web.search.birth_histogram import BirthHistogram, make_birth_histogram
from biobank.web.search.facets import (
    FacetGroup,
    FacetLink,
    FacetLinkBuilder,
    chosen_count,
    facet_groups,
    selectable_values,
    values_url,
)
from biobank.web.search.hits import HitView, make_hit
from biobank.web.search.query_errors import QueryProblems, make_query_problems

#: Hidden fields by which a form that changes one argument keeps the others.
HiddenFields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SortChoice:
    value: str
    label: str
    chosen: bool


def sort_choices(chosen: str) -> tuple[SortChoice, ...]:
    """Return the offered sort orders and the chosen one."""
    return tuple(
        SortChoice(sort, str(SORT_TITLES[sort]), sort == chosen)
        for sort in SORT_ORDERS
        if sort in PUBLIC_SORT_ORDERS or sort == chosen
    )


@dataclass(frozen=True)
class SearchPage:
    """The content of the search results page."""

    query: SearchQuery
    total: int
    match: str
    #: For `match` did_you_mean: whether a word was corrected; else a similar name matched.
    corrected: bool
    #: The title of the search; empty for all people.
    title: str
    chips: tuple[Chip, ...]
    #: Links between the search with recognised filters and that of the words as typed; None without.
    literal_link: Link | None
    #: Filters that the words may stand for.
    offers: tuple[NextStep, ...]
    dropped_filters: str
    dropped_terms: tuple[str, ...]
    problems: QueryProblems | None
    search_links: tuple[Link, ...]
    hits: tuple[HitView, ...]
    #: People found by meaning alone.
    by_meaning: tuple[HitView, ...]
    facets: tuple[FacetGroup, ...]
    chosen: int
    clear_url: str
    sorts: tuple[SortChoice, ...]
    sort_fields: HiddenFields
    births: BirthHistogram
    #: Hidden fields of the form of birth years and of the form of dates.
    birth_fields: HiddenFields
    date_fields: HiddenFields
    paging: Pagination
    did_you_mean: tuple[Link, ...]
    next_steps: tuple[NextStep, ...]
    #: The answer to the question that was typed, if it is one.
    answer: AnswerBox | None


def make_search_page(services: Services, query: SearchQuery) -> SearchPage:
    """Run the query and return the page of its results."""
    answer = services.answers.find(query)
    response = services.search.search(query)
    query = response.query
    catalogue = services.catalogue()
    return SearchPage(
        query=query,
        total=response.total,
        match=response.match,
        corrected=response.corrected,
        title=query.typed if response.interpretation else query.query_line,
        chips=_chips(response, is_answered=answer is not None),
        literal_link=_literal_link(services, response),
        offers=tuple(offered_filters(response.offers)),
        dropped_filters=describe_dropped(response),
        dropped_terms=() if answer else _dropped_terms(response),
        problems=make_query_problems(response.query, response.problems),
        search_links=search_mode_links(query),
        hits=tuple(make_hit(hit, catalogue, query) for hit in response.hits),
        by_meaning=tuple(make_hit(hit, catalogue, query) for hit in response.by_meaning or ()),
        facets=facet_groups(query, response),
        chosen=chosen_count(query),
        clear_url=search_url(SearchQuery(text=query.text, lang=query.lang, sort=query.sort)),
        sorts=sort_choices(query.sort),
        sort_fields=_fields(replace(query, page=1), "sort"),
        births=make_birth_histogram(response),
        birth_fields=_fields(replace(query, page=1), "born", "certainty"),
        date_fields=_fields(replace(query, page=1), "born", "died"),
        paging=make_pagination(
            query.page, query.size, response.total, lambda page: search_url(replace(query, page=page))
        ),
        did_you_mean=tuple(_spelling_link(query, text) for text in response.did_you_mean),
        next_steps=tuple(next_steps(response.relax)) if not response.total else (),
        answer=make_answer_box(answer, query.lang),
    )


def _chips(response: SearchResponse, *, is_answered: bool) -> tuple[Chip, ...]:
    """Return the chips of a search; of a question that is answered only the filters, not its words."""
    return tuple(chip for chip in make_chips(response) if chip.kind == "filter" or not is_answered)


def _dropped_terms(response: SearchResponse) -> tuple[str, ...]:
    """Return the ignored words, unless the filters recognised in them are described as ignored."""
    if response.dropped and response.query.literal:
        return ()
    return tuple(part.label for part in response.understood if part.kind == "let_go")


def _literal_link(services: Services, response: SearchResponse) -> Link | None:
    """Return the link to the words as typed, or from them to the filters recognised in them."""
    if response.literal and not response.query.literal:
        return Link(_("Search these words as typed"), search_url(replace(response.literal, page=1)))
    typed_query = response.query.as_typed
    if typed_query is None or response.dropped:
        return None
    query = replace(typed_query, literal=False, page=1)
    if not services.search.normalize(query).recognised:
        return None
    return Link(_("Turn these words into filters"), search_url(query))


def search_mode_links(query: SearchQuery) -> tuple[Link, ...]:
    """Return links to other ways of running the same search."""
    parts = replace(query, page=1).url_params()
    return (
        Link(_("Search help"), url_for("web.search_help", lang=query.lang)),
        Link(_("Advanced search"), with_query(url_for("web.search_advanced", lang=query.lang), parts)),
        Link(_("Map view"), map_url(query)),
    )


def _fields(query: SearchQuery, *omitted: str) -> HiddenFields:
    return tuple((name, value) for name, value in query.url_params() if name not in omitted)


def _spelling_link(query: SearchQuery, text: str) -> Link:
    return Link(text, search_url(replace(query, text=text, page=1)))


#: Maximum number of values on the page; beyond them the reader is asked to filter.
MAX_FACET_PAGE_VALUES = 500
VALUE_ORDERS = ("count", "name")


@dataclass(frozen=True)
class FacetValuesPage:
    """The values page: `values` are the first of `match_count` that match `find`, out of `total`."""

    facet: str
    title: str
    question: str
    find: str
    order: str
    orders: tuple[Link, ...]
    #: Hidden fields of the filter form.
    fields: tuple[tuple[str, str], ...]
    values: tuple[FacetLink, ...]
    match_count: int
    total: int
    search_url: str


def make_facet_values_page(
    services: Services, query: SearchQuery, facet: str, find: str, order: str
) -> FacetValuesPage:
    """Return the values of `facet` whose labels contain `find`, in one of VALUE_ORDERS."""
    response = services.search.search(replace(query, page=1, size=1))
    query = replace(response.query, size=query.size)
    values = selectable_values(response.facets.get(facet, ()))
    matches = [value for value in values if fold(find) in fold(value.label)]
    listed = sorted(matches, key=_sort_key_for(order))[:MAX_FACET_PAGE_VALUES]
    links = FacetLinkBuilder(query, facet)
    return FacetValuesPage(
        facet=facet,
        title=str(FACET_TITLES[facet]),
        question=describe_chips(make_chips(response)),
        find=find,
        order=order,
        orders=_order_links(query, facet, find, order),
        fields=(*_fields(query, "page"), *([("by", order)] if order != VALUE_ORDERS[0] else [])),
        values=tuple(links.build(value) for value in listed),
        match_count=len(matches),
        total=len(values),
        search_url=search_url(query),
    )


def _sort_key_for(order: str) -> Callable[[FacetValue], tuple[Any, ...]]:
    if order == "name":
        return lambda value: (not value.selected, value.id == UNKNOWN, sort_key(value.label))
    return lambda value: (not value.selected, value.id == UNKNOWN, -value.count)


def _order_links(query: SearchQuery, facet: str, find: str, current: str) -> tuple[Link, ...]:
    labels = {"count": _("most frequent first"), "name": _("by name")}
    return tuple(
        Link(labels[order], values_url(query, facet, find, order), order == current) for order in VALUE_ORDERS
    )
