"""Who is meant while a question is still being typed: by the beginning of a name, then by words.

Unlike suggestions for the whole bank, these keep within filters, and words of texts count too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from biobank.names.matcher import Matcher
from biobank.search.language.tree import Words, plain_words, render, replaced
from biobank.search.port import Knowing, Named, SearchEngine
from biobank.search.query import SearchQuery
from biobank.search.question import words_of

#: People with a name that begins so of whom the filters then choose; the best documented first.
BEGUN_MOST = 1000
#: What a name is worth that begins so under a reading only; as it is written, 1.
READ = 0.9


@dataclass(frozen=True)
class Begun:
    """By id, best first, the name for which somebody was found; empty where it was not a name."""

    query: SearchQuery
    people: Mapping[str, str]


def begun_names(
    engine: SearchEngine, matcher: Matcher, query: SearchQuery, knowing: Knowing
) -> dict[str, str]:
    """By id, the names that begin with the plain words of `query`, of those it otherwise finds."""
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
