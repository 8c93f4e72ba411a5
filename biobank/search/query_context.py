"""Query context from outside the index: detected names, people referred to, and places."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from biobank.names.matcher import NameMatcher
from biobank.names.mention_detection import NameMention
from biobank.records.catalogue import Catalogue
from biobank.records.vocabulary.models import term_key
from biobank.search.engine import QueryContext
from biobank.search.geo import places_within, places_within_km
from biobank.search.language.fields import UNKNOWN
from biobank.search.language.tree import Value, Words, leaves, plain_words, render
from biobank.search.language.value_resolver import parse_distance
from biobank.search.name_detection import (
    detect_exact_names,
    detect_similar_names,
    to_detected_names,
)
from biobank.search.query import SearchQuery
from biobank.search.query_words import query_words

#: How much lower than the best score a namesake may score to be included.
NAMESAKE_SCORE_MARGIN = 0.02


@dataclass(frozen=True)
class NameMatch:
    """The names detected in one part of a query."""

    words: Words
    mentions: Sequence[NameMention]
    #: The rendered part as engines identify it; empty for the plain words.
    part: str

    def add_similar_names(
        self, matcher: NameMatcher, unknown: Collection[int]
    ) -> "NameMatch | None":
        """Return a copy with similar names added; None if there are none."""
        similar_mentions = detect_similar_names(matcher, self.words.text, unknown)
        return (
            NameMatch(self.words, (*similar_mentions, *self.mentions), self.part)
            if similar_mentions
            else None
        )

    @property
    def unnamed_positions(self) -> set[int]:
        """Return the positions of words that belong to no name."""
        named = {
            position for mention in self.mentions for position in range(mention.start, mention.end)
        }
        searched = (
            position for position, word in enumerate(query_words(self.words.text)) if not word.stop
        )
        return set(searched) - named


def detect_names(matcher: NameMatcher, query: SearchQuery) -> list[NameMatch]:
    """Detect the names in each part of a query that may contain any, its plain words first."""
    plain = plain_words(query.tree)
    name_matches = [
        NameMatch(
            leaf, detect_exact_names(matcher, leaf.text), "" if leaf is plain else render(leaf)
        )
        for leaf in leaves(query.tree)
        if isinstance(leaf, Words) and leaf.field in ("", "name")
    ]
    return sorted(name_matches, key=lambda name_match: name_match.part)


def build_query_context(
    query: SearchQuery,
    name_matches: Sequence[NameMatch],
    matcher: NameMatcher,
    catalogue: Catalogue,
) -> QueryContext:
    """Build the context that an engine needs to execute `query`."""
    values = [leaf for leaf in leaves(query.tree) if isinstance(leaf, Value)]
    places = {
        value.value: places_within_km(catalogue, *parse_distance(value.value))
        for value in values
        if value.field == "near"
    }
    if query.area:
        places[query.area.text] = places_within(catalogue, query.area)
    return QueryContext(
        names=[
            detected
            for name_match in name_matches
            for detected in to_detected_names(name_match.mentions, name_match.part)
        ],
        people={
            value.value: resolve_person(matcher, value.value)
            for value in people_values(query, catalogue)
        },
        places=places,
    )


def people_values(query: SearchQuery, catalogue: Catalogue) -> Iterator[Value]:
    """Yield the `relation` values that refer to people, not to relation types."""
    for leaf in leaves(query.tree):
        if not isinstance(leaf, Value) or leaf.field != "relation" or leaf.value == UNKNOWN:
            continue
        if term_key("relation", leaf.value) not in catalogue.terms:
            yield leaf


def resolve_person(matcher: NameMatcher, text: str) -> frozenset[str]:
    """Resolve an id or a name to the ids of the people it refers to, the best matches only."""
    if text in matcher:
        return frozenset({text})
    scores = matcher.people_with_name(text, resegment=True)
    best = max(scores.values(), default=0.0)
    return frozenset(id_ for id_, score in scores.items() if score >= best - NAMESAKE_SCORE_MARGIN)
