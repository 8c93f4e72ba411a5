"""Proximity scoring: words of a query that occur near each other in a text.

"Moscow Conservatory" is one thing; a text that mentions Moscow and a conservatory is another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from biobank.search.query_words import QueryWord
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.postings import Floats, Ints
from biobank.search.whoosh_engine.scoring import (
    SEARCHED_GROUPS,
    WordEvidence,
    inverse_document_frequency,
    word_occurrences,
)
from biobank.search.whoosh_engine.view import IndexView

#: Maximum distance in words that still counts as near.
MAX_WORD_DISTANCE = 6
#: Weight of proximity relative to the words themselves.
PROXIMITY_WEIGHT = 0.7
#: Reduction of the proximity score per word in between.
DISTANCE_PENALTY = 0.1
#: Exceeds all positions in a field, so that document and position fit in one number.
POSITION_STRIDE = 2**32


#: Possible terms of a word by field, and the weight of the most likely one.
FieldTerms = Mapping[str, tuple[list[str], float]]


@dataclass(frozen=True)
class ProximityBonus:
    """The score that two near words of a query add to each document."""

    words: str
    scores: Floats


def proximity_bonuses(
    view: IndexView, words: Sequence[tuple[QueryWord, WordEvidence]], lang: str, mask: Mask
) -> list[ProximityBonus]:
    """Return the proximity scores of each pair of consecutive query words.

    A pair scores highest when adjacent in either order, less with distance, and by the rarity of
    the combination: many people died and many visited Moscow, few died in Moscow.
    """
    bonuses = []
    for (left, left_evidence), (right, right_evidence) in pairwise(words):
        both = mask & left_evidence.mask & right_evidence.mask
        if both.any():
            fields = {field for field, *_ in left_evidence.postings} & {
                field for field, *_ in right_evidence.postings
            }
            scores = _pair_scores(
                view, (_field_terms(left, lang), _field_terms(right, lang)), fields, both
            )
            scores *= np.float32(inverse_document_frequency(view, int(np.count_nonzero(scores))))
            bonuses.append(ProximityBonus(f"{left.text} {right.text}", scores))
    return bonuses


def _pair_scores(
    view: IndexView, pair: tuple[FieldTerms, FieldTerms], fields: set[str], mask: Mask
) -> Floats:
    """Return the proximity score of two words in their best field, by document."""
    best = np.zeros(view.size, np.float32)
    left, right = pair
    for field in fields & left.keys() & right.keys():
        left_terms, weight = left[field]
        right_terms, _ = right[field]
        documents, between = _near_pairs(
            _term_positions(view, field, left_terms, mask),
            _term_positions(view, field, right_terms, mask),
        )
        share = np.float32(PROXIMITY_WEIGHT * weight) * (1 - np.float32(DISTANCE_PENALTY) * between)
        np.maximum.at(best, documents, share.astype(np.float32))
    return best


def _field_terms(word: QueryWord, lang: str) -> FieldTerms:
    """Return the possible terms of a word by field, and the weight of the most likely one."""
    by_field: dict[str, tuple[list[str], float]] = {}
    for field, term, weight in word_occurrences(word, lang, SEARCHED_GROUPS[""]):
        terms, max_weight = by_field.get(field, ([], 0.0))
        by_field[field] = ([*terms, term], max(max_weight, weight))
    return by_field


def _term_positions(view: IndexView, field: str, terms: Iterable[str], mask: Mask) -> Ints:
    """Return all positions of any of `terms` in documents of `mask`, ascending."""
    keys = [np.empty(0, np.int64)]
    for term in terms:
        documents, positions = view.positions(field, term)
        selected = mask[documents]
        keys.append(documents[selected] * POSITION_STRIDE + positions[selected])
    return np.unique(np.concatenate(keys))


def _near_pairs(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Return documents where two words are near, per occurrence, and the words in between."""
    if not len(left) or not len(right):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    insertion = np.searchsorted(right, left)
    before = np.abs(left - right[np.maximum(insertion - 1, 0)])
    after = np.abs(right[np.minimum(insertion, len(right) - 1)] - left)
    distance = np.minimum(before, after)
    is_near = (distance > 0) & (distance <= MAX_WORD_DISTANCE)
    return left[is_near] // POSITION_STRIDE, distance[is_near] - 1
