"""Facets as links: each value leads to the same search with it chosen, dropped or excluded."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from biobank.search.answer import FacetValue, SearchAnswer
from biobank.search.query import UNKNOWN, VALUES_MOST, Choice, SearchQuery
from biobank.search.understanding import with_choice, without_value
from biobank.web.facet_trees import Branch, grown, parted
from biobank.web.links import search_url, with_parameters
from biobank.web.words import FACET_TITLES

#: Values that stand open; the others unfold. Of a branch, a few less.
OPEN_MOST = 7
OPEN_MOST_WITHIN = 5
#: Values that a facet lists; all of them have a page of their own.
LISTED_MOST = 24
#: Facets that stand open before anything is chosen.
OPEN = frozenset({"profession", "birthplace"})
#: A value that so many of those found have, one in three, tells little without those within it,
#: unless hardly anybody is found.
SHARE_OPEN = 3
FEW = 10


@dataclass(frozen=True)
class FacetLink:
    """One value. `selected`: include, exclude or empty; `exclude_url` leaves its people out."""

    key: str
    label: str
    count: int
    selected: str
    url: str
    exclude_url: str
    #: Width of its bar, 0–100, in the histogram of centuries.
    share: int = 0
    #: Narrower values, and whether they are shown at once.
    narrower: "FacetList | None" = None
    open: bool = False


@dataclass(frozen=True)
class FacetList:
    """Values side by side: those that stand open, and those that unfold."""

    first: tuple[FacetLink, ...]
    more: tuple[FacetLink, ...]


@dataclass(frozen=True)
class FacetGroup:
    """One facet. `total` values it has; `listed` are here; `all_url` is the page of all."""

    name: str
    title: str
    open: bool
    chosen: int
    values: FacetList
    listed: int
    total: int
    all_url: str


def facet_groups(query: SearchQuery, answer: SearchAnswer) -> tuple[FacetGroup, ...]:
    """The facets of an answer that can narrow it, in the order of the page."""
    groups = (_Facet(query, answer, name).group() for name in FACET_TITLES)
    return tuple(group for group in groups if group.listed)


def chosen_count(query: SearchQuery) -> int:
    """How many filters are set."""
    values = sum(len(choice.values) for choice in query.choices.values())
    return values + sum(1 for filter_ in (query.born, query.died, query.area) if filter_)


def worth_choosing(values: Sequence[FacetValue]) -> tuple[FacetValue, ...]:
    """The values that anybody has, and those that are chosen."""
    found = tuple(value for value in values if value.count or value.selected)
    # What is not known is worth choosing only beside what is.
    return found if any(value.id != UNKNOWN or value.selected for value in found) else ()


def values_url(query: SearchQuery, facet: str, find: str = "", order: str = "count") -> str:
    """The page of all values of a facet, or of those with `find` in them."""
    parts = [part for part in query.address() if part[0] != "page"]
    own = (("find", find, ""), ("by", order, "count"))
    parts += [(name, value) for name, value, default in own if value != default]
    return with_parameters(url_for("web.search_values", lang=query.lang, facet=facet), parts)


def facet_link(query: SearchQuery, name: str, value: FacetValue, most: int = 0) -> FacetLink:
    """A value with its links; `most` people have the most frequent of its facet."""
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
    """Makes the links of one facet of one answer."""

    def __init__(self, query: SearchQuery, answer: SearchAnswer, name: str) -> None:
        self._query = query
        self._name = name
        self._people = answer.total
        self._values = worth_choosing(answer.facets.get(name, ()))
        self._chosen = sum(1 for value in self._values if value.selected)
        self._most = max((value.count for value in self._values), default=0)

    def group(self) -> FacetGroup:
        branches = grown(self._values, LISTED_MOST)
        # Centuries are a drawing, which has no gaps.
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
