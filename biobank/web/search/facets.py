"""Facets as links: each value links to the search with it selected, dropped or excluded."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from biobank.search.query import MAX_FACET_VALUES, UNKNOWN, FacetChoice, SearchQuery
from biobank.search.query_explanation import with_choice
from biobank.search.response import FacetValue, SearchResponse
from biobank.web.core.labels import FACET_TITLES
from biobank.web.core.urls import PLACEHOLDER, ParameterUrls, with_query


@dataclass(frozen=True)
class FacetBranch:
    """A value and its narrower ones. `chosen`: whether it or any of them is selected."""

    value: FacetValue
    narrower: tuple["FacetBranch", ...]
    chosen: bool

    @property
    def size(self) -> int:
        """Return the number of values in the branch, including its own."""
        return 1 + sum(branch.size for branch in self.narrower)


def build_tree(values: Sequence[FacetValue], max_values: int) -> tuple[FacetBranch, ...]:
    """Return trees of the first `max_values` values, the selected ones, and their ancestors.

    A value with several broader ones is placed below the first that is present.
    """
    by_id = {value.id: value for value in values}
    listed = [
        value
        for index, value in enumerate(values)
        if index < max_values or value.selected or value.id == UNKNOWN
    ]
    kept_ids = {id_ for value in listed for id_ in _ancestors(value, by_id)}
    children: dict[str, list[FacetValue]] = defaultdict(list)
    for value in values:
        if value.id in kept_ids:
            children[_present_parent(value, by_id)].append(value)
    return tuple(_build_branch(value, children) for value in children[""])


def split_branches(
    branches: Sequence[FacetBranch], max_open: int
) -> tuple[tuple[FacetBranch, ...], tuple[FacetBranch, ...]]:
    """Return the branches shown open, which include the selected ones, and the folded ones."""
    # One more line takes less space than the button that unfolds it.
    if len(branches) <= max_open + 1:
        return tuple(branches), ()
    free_slots = max(0, max_open - sum(branch.chosen for branch in branches))
    unchosen = [branch for branch in branches if not branch.chosen]
    folded_ids = {branch.value.id for branch in unchosen[free_slots:]}
    return (
        tuple(branch for branch in branches if branch.value.id not in folded_ids),
        tuple(unchosen[free_slots:]),
    )


def _present_parent(value: FacetValue, by_id: Mapping[str, FacetValue]) -> str:
    return next((id_ for id_ in value.broader if id_ in by_id), "")


def _ancestors(value: FacetValue, by_id: Mapping[str, FacetValue]) -> list[str]:
    """Return the value and its ancestors in the tree."""
    path = [value.id]
    while (id_ := _present_parent(by_id[path[-1]], by_id)) and id_ not in path:
        path.append(id_)
    return path


def _build_branch(value: FacetValue, children: Mapping[str, Sequence[FacetValue]]) -> FacetBranch:
    narrower = tuple(_build_branch(child, children) for child in children.get(value.id, ()))
    chosen = bool(value.selected) or any(branch.chosen for branch in narrower)
    return FacetBranch(value, narrower, chosen)


#: Number of values shown open, and the number within a branch.
MAX_OPEN_VALUES = 7
MAX_OPEN_NESTED_VALUES = 5
#: Maximum number of values of a facet; a page of its own lists all.
MAX_LISTED_VALUES = 24
#: Facets shown open before anything is selected.
OPEN_FACETS = frozenset({"profession", "birthplace"})
#: A branch is opened if more than one in three results has its value, unless there are only few
#: results.
OPEN_SHARE_DIVISOR = 3
SMALL_RESULT_COUNT = 10


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


def facet_groups(query: SearchQuery, response: SearchResponse) -> tuple[FacetGroup, ...]:
    """Return the facets that can narrow the search, in the order of the page."""
    groups = (_FacetGroupBuilder(query, response, name).build() for name in FACET_TITLES)
    return tuple(group for group in groups if group.listed)


def chosen_count(query: SearchQuery) -> int:
    """Return the number of active filters."""
    values = sum(len(choice.values) for choice in query.choices.values())
    return values + sum(1 for filter_ in (query.born, query.died, query.area) if filter_)


def selectable_values(values: Sequence[FacetValue]) -> tuple[FacetValue, ...]:
    """Return the values that have results or are selected."""
    available = tuple(value for value in values if value.count or value.selected)
    # "Unknown" is only useful beside known values.
    return available if any(value.id != UNKNOWN or value.selected for value in available) else ()


def values_url(query: SearchQuery, facet: str, find: str = "", order: str = "count") -> str:
    """Return the URL of all values of a facet, optionally filtered by `find`."""
    parts = [part for part in query.url_params() if part[0] != "page"]
    extra_args = (("find", find, ""), ("by", order, "count"))
    parts += [(name, value) for name, value, default in extra_args if value != default]
    return with_query(url_for("web.search_values", lang=query.lang, facet=facet), parts)


class FacetLinkBuilder:
    """Builds the links of the values of one facet."""

    def __init__(self, query: SearchQuery, name: str) -> None:
        self._name = name
        self._choice = query.choices.get(name, FacetChoice())
        placeholder = with_choice(query, name, FacetChoice((PLACEHOLDER,)))
        self._urls = ParameterUrls(placeholder, name)

    def build(
        self,
        value: FacetValue,
        max_count: int = 0,
        narrower: "FacetList | None" = None,
        *,
        is_open: bool = False,
    ) -> FacetLink:
        """Return a value with its links; `max_count` is the count of the most frequent value."""
        include = [id_ for id_ in self._choice.include if id_ != value.id]
        exclude = [f"-{id_}" for id_ in self._choice.exclude if id_ != value.id]
        is_final = bool(value.selected) or len(include) + len(exclude) >= MAX_FACET_VALUES
        chosen = [*include, *exclude] if is_final else [*include, value.id, *exclude]
        excluded = [*include, *exclude, f"-{value.id}"]
        return FacetLink(
            key=f"f-{self._name}-{value.id}",
            label=value.label,
            count=value.count,
            selected=value.selected,
            url=self._urls.url(chosen),
            exclude_url="" if is_final else self._urls.url(excluded),
            share=round(100 * value.count / max_count) if max_count else 0,
            narrower=narrower,
            open=is_open,
        )


class _FacetGroupBuilder:
    """A builder of the links of one facet."""

    def __init__(self, query: SearchQuery, response: SearchResponse, name: str) -> None:
        self._query = query
        self._name = name
        self._links = FacetLinkBuilder(query, name)
        self._people = response.total
        self._values = selectable_values(response.facets.get(name, ()))
        self._chosen = sum(1 for value in self._values if value.selected)
        self._max_count = max((value.count for value in self._values), default=0)

    def build(self) -> FacetGroup:
        branches = build_tree(self._values, MAX_LISTED_VALUES)
        # Centuries are a histogram, which has no gaps.
        max_open = len(branches) if self._name == "century" else MAX_OPEN_VALUES
        return FacetGroup(
            name=self._name,
            title=str(FACET_TITLES[self._name]),
            open=self._name in OPEN_FACETS or bool(self._chosen),
            chosen=self._chosen,
            values=self._build_list(branches, max_open),
            listed=sum(branch.size for branch in branches),
            total=len(self._values),
            all_url=values_url(self._query, self._name),
        )

    def _build_list(self, branches: Sequence[FacetBranch], max_open: int) -> FacetList:
        first, more = split_branches(branches, max_open)
        return FacetList(tuple(map(self._build_link, first)), tuple(map(self._build_link, more)))

    def _build_link(self, branch: FacetBranch) -> FacetLink:
        if not branch.narrower:
            return self._links.build(branch.value, self._max_count)
        narrower = self._build_list(branch.narrower, MAX_OPEN_NESTED_VALUES)
        frequent = OPEN_SHARE_DIVISOR * branch.value.count > max(self._people, SMALL_RESULT_COUNT)
        open_ = branch.chosen or (frequent and not self._chosen)
        return self._links.build(branch.value, self._max_count, narrower, is_open=open_)
