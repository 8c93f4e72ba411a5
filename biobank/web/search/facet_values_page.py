"""The page of all values of a facet in the results."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from biobank.bootstrap import Services
from biobank.names.alphabet import sort_key
from biobank.names.folding import fold
from biobank.search.query import UNKNOWN, SearchQuery
from biobank.search.response import FacetValue
from biobank.web.core.gettext import _
from biobank.web.core.labels import FACET_TITLES
from biobank.web.core.search_chips import describe_chips, make_chips
from biobank.web.core.urls import Link, search_url
from biobank.web.search.facets import FacetLink, FacetLinkBuilder, selectable_values, values_url

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
        fields=(*_fields(query), *([("by", order)] if order != VALUE_ORDERS[0] else [])),
        values=tuple(links.build(value) for value in listed),
        match_count=len(matches),
        total=len(values),
        search_url=search_url(query),
    )


def _sort_key_for(order: str) -> Callable[[FacetValue], tuple[Any, ...]]:
    if order == "name":
        return lambda value: (not value.selected, value.id == UNKNOWN, sort_key(value.label))
    return lambda value: (not value.selected, value.id == UNKNOWN, -value.count)


def _fields(query: SearchQuery) -> list[tuple[str, str]]:
    return [part for part in query.url_params() if part[0] != "page"]


def _order_links(query: SearchQuery, facet: str, find: str, current: str) -> tuple[Link, ...]:
    labels = {"count": _("most frequent first"), "name": _("by name")}
    return tuple(
        Link(labels[order], values_url(query, facet, find, order), order == current) for order in VALUE_ORDERS
    )
