"""The interpretation of a query as chips, each of which a link removes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from biobank.search import labels
from biobank.search.answer import Relax, SearchAnswer, Understood
from biobank.search.query import SearchQuery
from biobank.search.where import Area
from biobank.web.links import search_url
from biobank.web.words import FACET_TITLES


@dataclass(frozen=True)
class Chip:
    """One condition, and the URL of the search without it. `kind`: word, let_go or filter."""

    kind: str
    label: str
    title: str
    excluded: bool
    url: str


@dataclass(frozen=True)
class WayOn:
    """A condition to drop where nothing was found, and the number of results without it."""

    label: str
    count: int
    url: str


def make_chips(
    answer: SearchAnswer, address: Callable[[SearchQuery], str] = search_url
) -> tuple[Chip, ...]:
    """Return a chip for every condition of the query except stopwords.

    `make_url` returns the URL of the current page for another query.
    """
    return tuple(
        _chip(part, answer, address(part.rest))
        for part in answer.understood
        if part.kind != "stopword"
    )


def _chip(part: Understood, answer: SearchAnswer, url: str) -> Chip:
    title, label = _told(part, answer.query)
    # Without results no word was dropped in favour of others.
    word = "let_go" if part.kind == "let_go" and answer.total else "word"
    return Chip(
        kind=word if part.kind in ("word", "let_go") else "filter",
        label=label,
        title=_large(title),
        excluded=part.exclude,
        url=url,
    )


def _large(title: str) -> str:
    """Capitalize a title; the search returns titles in lower case."""
    return f"{title[:1].upper()}{title[1:]}"


def _told(part: Understood, query: SearchQuery) -> tuple[str, str]:
    """Return the title of a condition (empty for words) and its label."""
    if part.facet:
        return str(FACET_TITLES[part.facet]), part.label
    if part.kind == "area" and query.area:
        title, _, place = part.label.partition(": ")
        # An area as small as a place is labelled with its name.
        return title, _area(query.area) if place == query.area.text else place
    if part.kind in ("any", "certainty"):
        return "", part.label
    title, colon, label = part.label.partition(": ")
    known = {words[query.lang] for words in (*labels.FIELDS.values(), labels.BORN, labels.DIED)}
    return (title, label) if colon and title in known else ("", part.label)


def _area(area: Area) -> str:
    """Format an area in degrees: 38–42° N, 44–51.5° E."""
    north = _degrees(area.south, area.north, "SN")
    east = _degrees(area.west, area.east, "WE")
    return f"{north}, {east}"


def _degrees(first: float, last: float, signs: str) -> str:
    ends = [f"{abs(end):.1f}".removesuffix(".0") for end in (first, last)]
    sides = [signs[end >= 0] for end in (first, last)]
    if sides[0] == sides[1]:
        return f"{ends[0]}–{ends[1]}° {sides[0]}"
    return f"{ends[0]}° {sides[0]} – {ends[1]}° {sides[1]}"


def ways_on(relaxations: Iterable[Relax]) -> Iterator[WayOn]:
    """Yield links that drop one condition each."""
    for part in relaxations:
        label = f"{FACET_TITLES[part.facet]}: {part.label}" if part.facet else part.label
        if part.kind in ("born", "died", "area"):
            label = _large(label)
        yield WayOn(label, part.count, search_url(part.rest))
