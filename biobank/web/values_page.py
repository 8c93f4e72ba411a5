"""The page of all values of a facet in the results."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from biobank.bootstrap import Services
from biobank.names.alphabet import sort_key
from biobank.names.folding import fold
from biobank.search.answer import FacetValue
from biobank.search.query import UNKNOWN, SearchQuery
from biobank.web.chips import make_chips
from biobank.web.facets import FacetLink, facet_link, values_url, worth_choosing
from biobank.web.links import Link, search_url
from biobank.web.takeaway import in_words
from biobank.web.text import _
from biobank.web.words import FACET_TITLES

#: Maximum number of values on the page; beyond them the reader is asked to filter.
SHOWN_MOST = 500
ORDERS = ("count", "name")


@dataclass(frozen=True)
class ValuesPage:
    """The values page: `values` are the first of `match_count` that match `find`, out of `total`.
    """

    facet: str
    title: str
    question: str
    find: str
    order: str
    orders: tuple[Link, ...]
    #: Hidden fields of the filter form.
    fields: tuple[tuple[str, str], ...]
    values: tuple[FacetLink, ...]
    found: int
    total: int
    search_url: str


def make_values_page(
    services: Services, query: SearchQuery, facet: str, find: str, order: str
) -> ValuesPage:
    """Return the values of `facet` whose labels contain `find`, in one of VALUE_ORDERS."""
    answer = services.search.search(replace(query, page=1, size=1))
    query = replace(answer.query, size=query.size)
    values = worth_choosing(answer.facets.get(facet, ()))
    found = [value for value in values if fold(find) in fold(value.label)]
    shown = sorted(found, key=_ordered(order))[:SHOWN_MOST]
    return ValuesPage(
        facet=facet,
        title=str(FACET_TITLES[facet]),
        question=in_words(make_chips(answer)),
        find=find,
        order=order,
        orders=_orders(query, facet, find, order),
        fields=(*_fields(query), *([("by", order)] if order != ORDERS[0] else [])),
        values=tuple(facet_link(query, facet, value) for value in shown),
        found=len(found),
        total=len(values),
        search_url=search_url(query),
    )


def _ordered(order: str) -> Callable[[FacetValue], tuple[Any, ...]]:
    if order == "name":
        return lambda value: (not value.selected, value.id == UNKNOWN, sort_key(value.label))
    return lambda value: (not value.selected, value.id == UNKNOWN, -value.count)


def _fields(query: SearchQuery) -> list[tuple[str, str]]:
    return [part for part in query.address() if part[0] != "page"]


def _orders(query: SearchQuery, facet: str, find: str, now: str) -> tuple[Link, ...]:
    words = {"count": _("most people first"), "name": _("by name")}
    return tuple(
        Link(words[order], values_url(query, facet, find, order), order == now) for order in ORDERS
    )
