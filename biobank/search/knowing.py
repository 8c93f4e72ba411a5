"""Query context from outside the index: detected names, people referred to, and places."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from biobank.names.matcher import Matcher
from biobank.names.runs import Run
from biobank.records.catalogue import Catalogue
from biobank.records.vocabulary.models import term_key
from biobank.search.language.fields import UNKNOWN
from biobank.search.language.meaning import distance
from biobank.search.language.tree import Value, Words, leaves, plain_words, render
from biobank.search.naming import named, similar_names, sure_names
from biobank.search.port import Knowing
from biobank.search.query import SearchQuery
from biobank.search.question import words_of
from biobank.search.where import places_near, places_within

#: How much lower than the best score a namesake may score to be included.
MEANT = 0.02


@dataclass(frozen=True)
class Names:
    """The names detected in one part of a query."""

    words: Words
    runs: Sequence[Run]
    #: The rendered part as engines identify it; empty for the plain words.
    part: str

    def with_similar(self, matcher: Matcher, unknown: Collection[int]) -> "Names | None":
        """Return a copy with similar names added; None if there are none."""
        similar = similar_names(matcher, self.words.text, unknown)
        return Names(self.words, (*similar, *self.runs), self.part) if similar else None

    @property
    def unread(self) -> set[int]:
        """Return the positions of words that belong to no name."""
        read = {at for run in self.runs for at in range(run.start, run.end)}
        sought = (at for at, word in enumerate(words_of(self.words.text)) if not word.stop)
        return set(sought) - read


def names_in(matcher: Matcher, query: SearchQuery) -> list[Names]:
    """Detect the names in each part of a query that may contain any, its plain words first."""
    plain = plain_words(query.tree)
    found = [
        Names(leaf, sure_names(matcher, leaf.text), "" if leaf is plain else render(leaf))
        for leaf in leaves(query.tree)
        if isinstance(leaf, Words) and leaf.field in ("", "name")
    ]
    return sorted(found, key=lambda names: names.part)


def knowing(
    query: SearchQuery, names: Sequence[Names], matcher: Matcher, catalogue: Catalogue
) -> Knowing:
    """Build the context that an engine needs to execute `query`."""
    values = [leaf for leaf in leaves(query.tree) if isinstance(leaf, Value)]
    places = {
        value.value: places_near(catalogue, *distance(value.value))
        for value in values
        if value.field == "near"
    }
    if query.area:
        places[query.area.text] = places_within(catalogue, query.area)
    return Knowing(
        named=[one for part in names for one in named(part.runs, part.part)],
        people={
            value.value: people_called(matcher, value.value) for value in related(query, catalogue)
        },
        places=places,
    )


def related(query: SearchQuery, catalogue: Catalogue) -> Iterator[Value]:
    """Yield the `relation` values that refer to people, not to relation types."""
    for leaf in leaves(query.tree):
        if not isinstance(leaf, Value) or leaf.field != "relation" or leaf.value == UNKNOWN:
            continue
        if term_key("relation", leaf.value) not in catalogue.terms:
            yield leaf


def people_called(matcher: Matcher, text: str) -> frozenset[str]:
    """Resolve an id or a name to the ids of the people it refers to, the best matches only."""
    if text in matcher:
        return frozenset({text})
    bearers = matcher.bearers(text, cut_otherwise=True)
    best = max(bearers.values(), default=0.0)
    return frozenset(id_ for id_, how in bearers.items() if how >= best - MEANT)
