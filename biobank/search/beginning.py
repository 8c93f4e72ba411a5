"""Typeahead: people matched by a partly typed query, first by name prefix, then by words.

Unlike the bank-wide suggestions these respect the filters of the query, and words of texts count
too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from biobank.names.matcher import Matcher
from biobank.search.language.tree import Words, plain_words, render, replaced
from biobank.search.port import Knowing, Named, SearchEngine
from biobank.search.query import SearchQuery
from biobank.search.question import words_of

#: Maximum number of people with a matching name prefix that the filters then narrow; the best
#: documented first.
BEGUN_MOST = 1000
#: Relevance of a name whose prefix matches only under a transliteration; an exact match has 1.
READ = 0.9


@dataclass(frozen=True)
class Begun:
    """People by id, best first, each with the matching name; empty if no name matched."""

    query: SearchQuery
    people: Mapping[str, str]


def begun_names(
    engine: SearchEngine, matcher: Matcher, query: SearchQuery, knowing: Knowing
) -> dict[str, str]:
    """Return the names that start with the plain words of `query`, by id of its matches."""
    plain = plain_words(query.tree)
    if plain is None:
        return {}
    found = matcher.complete(plain.text, BEGUN_MOST)
    names = {one.person_id: one.name for one in found}
    if not names:
        return {}
    part = Words(plain.text, "name")
    tree = replaced(query.tree, plain, part)
    positions = tuple(range(len(words_of(plain.text))))
    worth = {one.person_id: READ if one.read else 1.0 for one in found}
    told = replace(knowing, named=[*knowing.named, Named(positions, worth, render(part))])
    asked = replace(query, text=render(tree), read=(render(tree), tree))
    hits = engine.search(asked, told).hits
    return {hit.id: names[hit.id] for hit in hits if hit.id in names}
