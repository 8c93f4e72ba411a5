"""The interpretation of a query as chips, each of which a link removes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from biobank.search.geo import Area
from biobank.search.query import SearchQuery
from biobank.search.response import Offer, QueryPart, Relaxation, SearchResponse
from biobank.web.core.gettext import _
from biobank.web.core.labels import FACET_TITLES
from biobank.web.core.urls import search_url

#: Maximum number of problems described; the others are only marked and counted.
MAX_DESCRIBED_PROBLEMS = 8


@dataclass(frozen=True)
class Chip:
    """One condition, and the URL of the search without it. `kind`: word, let_go or filter."""

    kind: str
    label: str
    title: str
    excluded: bool
    url: str


@dataclass(frozen=True)
class NextStep:
    """A condition to drop or to add, and the number of results of the search at `url`."""

    label: str
    count: int
    url: str


def make_chips(
    response: SearchResponse, make_url: Callable[[SearchQuery], str] = search_url
) -> tuple[Chip, ...]:
    """Return a chip for every condition of the query except stopwords.

    `make_url` returns the URL of the current page for another query.
    """
    return tuple(
        _make_chip(part, response, make_url(part.remaining_query))
        for part in response.understood
        if part.kind != "stopword"
    )


def _make_chip(part: QueryPart, response: SearchResponse, url: str) -> Chip:
    title, label = _title_and_label(part, response.query)
    # Without results no word was dropped in favour of others.
    word_kind = "let_go" if part.kind == "let_go" and response.total else "word"
    return Chip(
        kind=word_kind if part.kind in ("word", "let_go") else "filter",
        label=label,
        title=_capitalize_first(title),
        excluded=part.exclude,
        url=url,
    )


def _capitalize_first(title: str) -> str:
    """Capitalize a title; the search returns titles in lower case."""
    return f"{title[:1].upper()}{title[1:]}"


def _title_and_label(part: QueryPart, query: SearchQuery) -> tuple[str, str]:
    """Return the title of a condition (empty for words) and its label."""
    if part.facet:
        return str(FACET_TITLES[part.facet]), part.label
    # An area as small as a place is labelled with its name.
    if part.kind == "area" and query.area and part.value_label == query.area.text:
        return part.title, _format_area(query.area)
    return part.title, part.value_label


def _format_area(area: Area) -> str:
    """Format an area in degrees: 38–42° N, 44–51.5° E."""
    north = _format_degrees(area.south, area.north, "SN")
    east = _format_degrees(area.west, area.east, "WE")
    return f"{north}, {east}"


def _format_degrees(first: float, last: float, signs: str) -> str:
    ends = [f"{abs(end):.1f}".removesuffix(".0") for end in (first, last)]
    sides = [signs[end >= 0] for end in (first, last)]
    if sides[0] == sides[1]:
        return f"{ends[0]}–{ends[1]}° {sides[0]}"
    return f"{ends[0]}° {sides[0]} – {ends[1]}° {sides[1]}"


def next_steps(relaxations: Iterable[Relaxation]) -> Iterator[NextStep]:
    """Yield links that drop one condition each."""
    for part in relaxations:
        label = f"{FACET_TITLES[part.facet]}: {part.label}" if part.facet else part.label
        if part.kind in ("born", "died", "area"):
            label = _capitalize_first(label)
        yield NextStep(label, part.count, search_url(part.remaining_query))


def offered_filters(offers: Iterable[Offer]) -> Iterator[NextStep]:
    """Yield links that add a filter which the words may stand for, with the number of its results."""
    for offer in offers:
        yield NextStep(_capitalize_first(offer.label), offer.count, search_url(offer.query))


def describe_dropped(response: SearchResponse) -> str:
    """Return a sentence about recognised filters that were given up; empty if none were."""
    if not response.dropped:
        return ""
    filters = "; ".join(dropped.label for dropped in response.dropped)
    if response.query.literal:
        return _(
            "No results match the filters recognised in your search, so the words were searched as typed."
            " Ignored filters: %(filters)s",
            filters=filters,
        )
    return _(
        "No results match all filters recognised in your search. Ignored filters: %(filters)s",
        filters=filters,
    )


def describe_chips(chips: Iterable[Chip]) -> str:
    """Return the interpretation of a query as one line of plain text."""
    parts = (_chip_text(chip) for chip in chips if chip.kind != "let_go")
    return " · ".join(parts) or _("All people")


def _chip_text(chip: Chip) -> str:
    label = f"{chip.title}: {chip.label}" if chip.title else chip.label
    return f"{_('excluding')} {label}" if chip.excluded else label
