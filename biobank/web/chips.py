"""How a question was understood, as chips: each can be taken away by a link."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from biobank.search.answer import Relax, SearchAnswer
from biobank.search.query import SearchQuery
from biobank.web.links import search_url
from biobank.web.words import FACET_TITLES


@dataclass(frozen=True)
class Chip:
    """One condition, and the search without it. `kind`: word, let_go or filter."""

    kind: str
    label: str
    title: str
    excluded: bool
    url: str


@dataclass(frozen=True)
class WayOn:
    """A condition to drop where nothing was found, and how many that would find."""

    label: str
    count: int
    url: str


def make_chips(
    answer: SearchAnswer, address: Callable[[SearchQuery], str] = search_url
) -> tuple[Chip, ...]:
    """Every condition of the question but the words that say nothing.

    `address` is that of the page on which they stand, for another question.
    """
    return tuple(
        Chip(
            kind=part.kind if part.kind in ("word", "let_go") else "filter",
            label=part.label,
            title=str(FACET_TITLES.get(part.facet, "")),
            excluded=part.exclude,
            url=address(part.rest),
        )
        for part in answer.understood
        if part.kind != "stopword"
    )


def ways_on(relaxations: Iterable[Relax]) -> Iterator[WayOn]:
    """Links that drop one condition each."""
    for part in relaxations:
        label = f"{FACET_TITLES[part.facet]}: {part.label}" if part.facet else part.label
        yield WayOn(label, part.count, search_url(part.rest))
