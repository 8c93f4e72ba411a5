"""Words of a question that stand near each other in a text, as they do in the question.

"Moscow Conservatory" is one thing; a life with Moscow here and a conservatory there is another.
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

#: Words that are further apart than this, in words, are no longer one thing.
NEAR = 6
#: What standing together is worth beside what the words are.
TOGETHER = 0.7
#: How much each word between two takes from what their standing together is worth.
EACH_BETWEEN = 0.1
#: More than a field has positions: document and position make one number.
PLACES = 2**32


#: By field, the terms that a word may be in it, and what the likeliest counts.
Terms = Mapping[str, tuple[list[str], float]]


@dataclass(frozen=True)
class Together:
    """What two words of a question are worth to each document for standing near each other."""

    words: str
    worth: Floats


def together(
    view: View, words: Sequence[tuple[Word, Evidence]], lang: str, among: Mask
) -> list[Together]:
    """Of every two words that follow each other in the question.

    They count once more where they stand side by side, whichever is first, less the further they
    are apart, and by how few have them so: many died and many saw Moscow, few died in Moscow.
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
    """By document, how near two words come to each other in the field where that counts most."""
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
    """By field, the terms that a word may be in it, and what the likeliest counts."""
    found: dict[str, tuple[list[str], float]] = {}
    for field, term, weight in places_of(word, lang, SOUGHT[""]):
        terms, most = found.get(field, ([], 0.0))
        found[field] = ([*terms, term], max(most, weight))
    return found


def _where(view: View, field: str, terms: Iterable[str], among: Mask) -> Ints:
    """Every place of any of `terms` in documents of `among`, ascending."""
    found = [np.empty(0, np.int64)]
    for term in terms:
        documents, places = view.positions(field, term)
        kept = among[documents]
        found.append(documents[kept] * PLACES + places[kept])
    return np.unique(np.concatenate(found))


def _between(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """The documents in which two words are near, once a place, and how many words are between."""
    if not len(one) or not len(other):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    at = np.searchsorted(other, one)
    before = np.abs(one - other[np.maximum(at - 1, 0)])
    after = np.abs(other[np.minimum(at, len(other) - 1)] - one)
    apart = np.minimum(before, after)
    near = (apart > 0) & (apart <= NEAR)
    return one[near] // PLACES, apart[near] - 1
