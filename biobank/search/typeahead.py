"""Typeahead: people matched by a partly typed query, first by name prefix, then by words.

Unlike the bank-wide suggestions these respect the filters of the query, and words of texts count
too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from biobank.names.matcher import NameMatcher
from biobank.search.engine import DetectedName, QueryContext, SearchEngine
from biobank.search.language.tree import Words, plain_words, render, replace_node
from biobank.search.query import SearchQuery
from biobank.search.query_words import query_words

#: Maximum number of people with a matching name prefix that the filters then narrow; the best
#: documented first.
MAX_PREFIX_MATCHES = 1000
#: Relevance of a name whose prefix matches only under a transliteration; an exact match has 1.
TRANSLITERATED_PREFIX_SCORE = 0.9


@dataclass(frozen=True)
class TypeaheadResult:
    """People by id, best first, each with the matching name; empty if no name matched."""

    query: SearchQuery
    people: Mapping[str, str]


def complete_names(
    engine: SearchEngine, matcher: NameMatcher, query: SearchQuery, context: QueryContext
) -> dict[str, str]:
    """Return the names that start with the plain words of `query`, by id of its matches."""
    plain = plain_words(query.tree)
    if plain is None:
        return {}
    completions = matcher.complete(plain.text, MAX_PREFIX_MATCHES)
    names = {completion.person_id: completion.name for completion in completions}
    if not names:
        return {}
    name_part = Words(plain.text, "name")
    tree = replace_node(query.tree, plain, name_part)
    positions = tuple(range(len(query_words(plain.text))))
    scores = {
        completion.person_id: TRANSLITERATED_PREFIX_SCORE if completion.by_transliteration else 1.0
        for completion in completions
    }
    name_context = replace(
        context, names=[*context.names, DetectedName(positions, scores, render(name_part))]
    )
    name_query = replace(query, text=render(tree), parsed=(render(tree), tree))
    hits = engine.search(name_query, name_context).hits
    return {hit.id: names[hit.id] for hit in hits if hit.id in names}
