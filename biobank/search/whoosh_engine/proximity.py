"""Proximity scoring: words of a query that occur near each other in a text.

"Moscow Conservatory" is one thing; a text that mentions Moscow and a conservatory is another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from biobank.search.question import Word
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.postings import Floats, Ints
from biobank.search.whoosh_engine.scoring import SOUGHT, Evidence, places_of, telling
from biobank.search.whoosh_engine.view import View

#: Maximum distance in words that still counts as near.
NEAR = 6
#: Weight of proximity relative to the words themselves.
TOGETHER = 0.7
#: Reduction of the proximity score per word in between.
EACH_BETWEEN = 0.1
#: Exceeds all positions in a field, so that document and position fit in one number.
PLACES = 2**32


#: Possible terms of a word by field, and the weight of the most likely one.
Terms = Mapping[str, tuple[list[str], float]]


@dataclass(frozen=True)
class Together:
    """The score that two near words of a query add to each document."""

    words: str
    worth: Floats


def together(
    view: View, words: Sequence[tuple[Word, Evidence]], lang: str, among: Mask
) -> list[Together]:
    """Return the proximity scores of each pair of consecutive query words.

    A pair scores highest when adjacent in either order, less with distance, and by the rarity of
    the combination: many people died and many visited Moscow, few died in Moscow.
    """
    found = []
    for (left, one), (right, other) in pairwise(words):
        both = among & one.having & other.having
        if both.any():
            fields = {field for field, *_ in one.stands} & {field for field, *_ in other.stands}
            worth = _nearest(view, (_terms(left, lang), _terms(right, lang)), fields, both)
            worth *= np.float32(telling(view, int(np.count_nonzero(worth))))
            found.append(Together(f"{left.text} {right.text}", worth))
    return found


def _nearest(view: View, pair: tuple[Terms, Terms], fields: set[str], among: Mask) -> Floats:
    """Return the proximity score of two words in their best field, by document."""
    best = np.zeros(view.size, np.float32)
    left, right = pair
    for field in fields & left.keys() & right.keys():
        one, weight = left[field]
        other, _ = right[field]
        documents, between = _between(
            _where(view, field, one, among), _where(view, field, other, among)
        )
        share = np.float32(TOGETHER * weight) * (1 - np.float32(EACH_BETWEEN) * between)
        np.maximum.at(best, documents, share.astype(np.float32))
    return best


def _terms(word: Word, lang: str) -> Terms:
    """Return the possible terms of a word by field, and the weight of the most likely one."""
    found: dict[str, tuple[list[str], float]] = {}
    for field, term, weight in places_of(word, lang, SOUGHT[""]):
        terms, most = found.get(field, ([], 0.0))
        found[field] = ([*terms, term], max(most, weight))
    return found


def _where(view: View, field: str, terms: Iterable[str], among: Mask) -> Ints:
    """Return all positions of any of `terms` in documents of `mask`, ascending."""
    found = [np.empty(0, np.int64)]
    for term in terms:
        documents, places = view.positions(field, term)
        kept = among[documents]
        found.append(documents[kept] * PLACES + places[kept])
    return np.unique(np.concatenate(found))


def _between(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Return documents where two words are near, per occurrence, and the words in between."""
    if not len(one) or not len(other):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    at = np.searchsorted(other, one)
    before = np.abs(one - other[np.maximum(at - 1, 0)])
    after = np.abs(other[np.minimum(at, len(other) - 1)] - one)
    apart = np.minimum(before, after)
    near = (apart > 0) & (apart <= NEAR)
    return one[near] // PLACES, apart[near] - 1
