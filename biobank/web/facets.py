"""Facets as links: each value leads to the same search with it chosen, dropped or excluded."""

from dataclasses import dataclass

from biobank.search.answer import FacetValue, SearchAnswer
from biobank.search.query import UNKNOWN, VALUES_MOST, Choice, SearchQuery
from biobank.search.understanding import with_choice, without_value
from biobank.web.links import search_url
from biobank.web.words import FACET_TITLES

#: Values that stand open; the others unfold.
OPEN_MOST = 7
#: Values that are listed at all; what is rarer is found by a question.
LISTED_MOST = 40
#: Facets that stand open before anything is chosen.
OPEN = frozenset({"profession", "birthplace"})


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


@dataclass(frozen=True)
class FacetGroup:
    name: str
    title: str
    open: bool
    chosen: int
    first: tuple[FacetLink, ...]
    more: tuple[FacetLink, ...]

    @property
    def total(self) -> int:
        return len(self.first) + len(self.more)


def facet_groups(query: SearchQuery, answer: SearchAnswer) -> tuple[FacetGroup, ...]:
    """The facets of an answer that can narrow it, in the order of the page."""
    groups = (_group(query, name, answer.facets.get(name, ())) for name in FACET_TITLES)
    return tuple(group for group in groups if group.first)


def chosen_count(query: SearchQuery) -> int:
    """How many filters are set."""
    values = sum(len(choice.values) for choice in query.choices.values())
    return values + sum(1 for filter_ in (query.born, query.died, query.area) if filter_)


def _group(query: SearchQuery, name: str, values: tuple[FacetValue, ...]) -> FacetGroup:
    # What is not known is worth choosing only beside what is.
    telling = [value for value in values if value.id != UNKNOWN or value.selected]
    values = tuple(values if telling else ())
    most = max((value.count for value in values), default=0)
    links = [_link(query, name, value, most) for value in values[:LISTED_MOST]]
    chosen = [link for link in links if link.selected]
    first = links if name == "century" else _first(links)
    return FacetGroup(
        name=name,
        title=str(FACET_TITLES[name]),
        open=name in OPEN or bool(chosen),
        chosen=len(chosen),
        first=tuple(first),
        more=tuple(link for link in links if link not in first),
    )


def _first(links: list[FacetLink]) -> list[FacetLink]:
    """The values that stand open: those chosen, wherever they are, and the most frequent."""
    chosen = [link for link in links if link.selected]
    rest = [link for link in links if not link.selected]
    # One more line is shorter than a button that unfolds it.
    most = OPEN_MOST + 1 if len(links) == OPEN_MOST + 1 else OPEN_MOST
    return chosen + rest[: max(0, most - len(chosen))]


def _link(query: SearchQuery, name: str, value: FacetValue, most: int) -> FacetLink:
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
