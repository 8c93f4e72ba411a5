"""How a question was understood, as chips: each can be taken away by a link."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from biobank.search.answer import Relax, SearchAnswer, Understood
from biobank.search.query import CERTAINTIES, SearchQuery
from biobank.web.facets import without_facet, without_value
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


def make_chips(query: SearchQuery, answer: SearchAnswer) -> tuple[Chip, ...]:
    """Every condition of the question but the words that say nothing."""
    return tuple(
        Chip(
            kind=part.kind if part.kind in ("word", "let_go") else "filter",
            label=part.label,
            title=str(FACET_TITLES.get(part.facet, "")),
            excluded=part.exclude,
            url=search_url(_without(query, part)),
        )
        for part in answer.understood
        if part.kind != "stopword"
    )


def ways_on(query: SearchQuery, relaxations: Iterable[Relax]) -> Iterator[WayOn]:
    """Links that drop one condition each."""
    for part in relaxations:
        if part.facet:
            narrower = without_facet(query, part.facet)
            label = f"{FACET_TITLES[part.facet]}: {part.label}"
        elif part.kind in ("born", "died"):
            narrower, label = without_dates(query, part.kind), part.label
        elif part.kind == "certainty":
            narrower, label = replace(query, certainty=CERTAINTIES[0]), part.label
        else:
            narrower, label = replace(query, text=""), part.label
        yield WayOn(label, part.count, search_url(replace(narrower, page=1)))


def without_dates(query: SearchQuery, kind: str) -> SearchQuery:
    """The search without its dates of birth, or of death."""
    return replace(query, born=None) if kind == "born" else replace(query, died=None)


def _without(query: SearchQuery, part: Understood) -> SearchQuery:
    """The search without one condition: out of the words where it stands there."""
    if part.start is not None and part.end is not None:
        text = f"{query.text[: part.start]} {query.text[part.end :]}"
        return replace(query, text=" ".join(text.split()), page=1)
    if part.kind == "facet":
        return without_value(query, part.facet, part.value)
    if part.kind in ("born", "died"):
        return replace(without_dates(query, part.kind), page=1)
    if part.kind == "certainty":
        return replace(query, certainty=CERTAINTIES[0], page=1)
    return replace(query, page=1)
