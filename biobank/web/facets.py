"""Facets as links: each value links to the search with it selected, dropped or excluded."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from biobank.search.answer import FacetValue, SearchAnswer
from biobank.search.query import UNKNOWN, VALUES_MOST, Choice, SearchQuery
from biobank.search.understanding import with_choice, without_value
from biobank.web.facet_trees import Branch, grown, parted
from biobank.web.links import search_url, with_parameters
from biobank.web.words import FACET_TITLES

#: Number of values shown open, and the number within a branch.
OPEN_MOST = 7
OPEN_MOST_WITHIN = 5
#: Maximum number of values of a facet; a page of its own lists all.
LISTED_MOST = 24
#: Facets shown open before anything is selected.
OPEN = frozenset({"profession", "birthplace"})
#: A branch is opened if more than one in three results has its value, unless there are only few
#: results.
SHARE_OPEN = 3
FEW = 10


@dataclass(frozen=True)
class FacetLink:
    """A facet value. `selected`: include, exclude or empty; `exclude_url` excludes its people."""

    key: str
    label: str
    count: int
    selected: str
    url: str
    exclude_url: str
    #: Width of its bar in the histogram of centuries, 0–100.
    share: int = 0
    #: Narrower values, and whether they are shown open.
    narrower: "FacetList | None" = None
    open: bool = False


@dataclass(frozen=True)
class FacetList:
    """Facet values: those shown open, and those folded."""

    first: tuple[FacetLink, ...]
    more: tuple[FacetLink, ...]


@dataclass(frozen=True)
class FacetGroup:
    """A facet with `total` values, of which `listed` are present; `all_url` lists all."""

    name: str
    title: str
    open: bool
    chosen: int
    values: FacetList
    listed: int
    total: int
    all_url: str


def facet_groups(query: SearchQuery, answer: SearchAnswer) -> tuple[FacetGroup, ...]:
    """Return the facets that can narrow the search, in the order of the page."""
    groups = (_Facet(query, answer, name).group() for name in FACET_TITLES)
    return tuple(group for group in groups if group.listed)


def chosen_count(query: SearchQuery) -> int:
    """Return the number of active filters."""
    values = sum(len(choice.values) for choice in query.choices.values())
    return values + sum(1 for filter_ in (query.born, query.died, query.area) if filter_)


def worth_choosing(values: Sequence[FacetValue]) -> tuple[FacetValue, ...]:
    """Return the values that have results or are selected."""
    found = tuple(value for value in values if value.count or value.selected)
    # "Unknown" is only useful beside known values.
    return found if any(value.id != UNKNOWN or value.selected for value in found) else ()


def values_url(query: SearchQuery, facet: str, find: str = "", order: str = "count") -> str:
    """Return the URL of all values of a facet, optionally filtered by `find`."""
    parts = [part for part in query.address() if part[0] != "page"]
    own = (("find", find, ""), ("by", order, "count"))
    parts += [(name, value) for name, value, default in own if value != default]
    return with_parameters(url_for("web.search_values", lang=query.lang, facet=facet), parts)


def facet_link(query: SearchQuery, name: str, value: FacetValue, most: int = 0) -> FacetLink:
    """Return a value with its links; `max_count` is the count of the most frequent value."""
    plain = without_value(query, name, value.id)
    choice = plain.choices.get(name, Choice())
    full = len(choice.values) >= VALUES_MOST
    chosen = with_choice(query, name, Choice((*choice.include, value.id), choice.exclude))
    excluded = with_choice(query, name, Choice(choice.include, (*choice.exclude, value.id)))
    return FacetLink(
        key=f"f-{name}-{value.id}",
        label=value.label,
        count=value.count,
        selected=value.selected,
        url=search_url(plain if value.selected or full else chosen),
        exclude_url="" if value.selected or full else search_url(excluded),
        share=round(100 * value.count / most) if most else 0,
    )


class _Facet:
    """A builder of the links of one facet."""

    def __init__(self, query: SearchQuery, answer: SearchAnswer, name: str) -> None:
        self._query = query
        self._name = name
        self._people = answer.total
        self._values = worth_choosing(answer.facets.get(name, ()))
        self._chosen = sum(1 for value in self._values if value.selected)
        self._most = max((value.count for value in self._values), default=0)

    def group(self) -> FacetGroup:
        branches = grown(self._values, LISTED_MOST)
        # Centuries are a histogram, which has no gaps.
        most = len(branches) if self._name == "century" else OPEN_MOST
        return FacetGroup(
            name=self._name,
            title=str(FACET_TITLES[self._name]),
            open=self._name in OPEN or bool(self._chosen),
            chosen=self._chosen,
            values=self._list(branches, most),
            listed=sum(branch.size for branch in branches),
            total=len(self._values),
            all_url=values_url(self._query, self._name),
        )

    def _list(self, branches: Sequence[Branch], most: int) -> FacetList:
        first, more = parted(branches, most)
        return FacetList(tuple(map(self._link, first)), tuple(map(self._link, more)))

    def _link(self, branch: Branch) -> FacetLink:
        link = facet_link(self._query, self._name, branch.value, self._most)
        if not branch.narrower:
            return link
        narrower = self._list(branch.narrower, OPEN_MOST_WITHIN)
        frequent = SHARE_OPEN * branch.value.count > max(self._people, FEW)
        open_ = branch.chosen or (frequent and not self._chosen)
        return FacetLink(**{**vars(link), "narrower": narrower, "open": open_})
