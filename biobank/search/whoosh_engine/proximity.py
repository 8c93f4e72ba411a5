"""Positions of words: phrases, and the distance between the words of a query."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np

from biobank.names.folding import fold_word, tokens
from biobank.search.language.tree import Phrase, Prefix
from biobank.search.query import MAX_PREFIX_WORDS
from biobank.search.query_words import QueryWord
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.fields import EXACT_PREFIX, NAME_FIELD, SOURCES_FIELD, group_fields
from biobank.search.whoosh_engine.postings import Floats, Ints
from biobank.search.whoosh_engine.scoring import (
    GROUP_WEIGHTS,
    SEARCHED_GROUPS,
    FieldPostings,
    WordEvidence,
    combine_evidence,
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
            scores = _pair_scores(view, (_field_terms(left, lang), _field_terms(right, lang)), fields, both)
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
            _term_positions(view, field, left_terms, mask), _term_positions(view, field, right_terms, mask)
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


def match_phrase(view: IndexView, part: Phrase) -> WordEvidence:
    """Return the documents that contain the words of a phrase consecutively."""
    words = [fold_word(token.text) for token in tokens(part.text)]
    postings = [
        (field, documents, _phrase_score(group, documents, len(words)))
        for group, field in _searched_fields(part.field)
        if len(documents := _phrase_documents(view, field, _exact_terms(field, words)))
    ]
    return combine_evidence(view, 0, part.text, postings)


def match_prefix(view: IndexView, part: Prefix) -> tuple[WordEvidence, bool]:
    """Return the documents with a word that has the prefix, and whether words were left out."""
    folded_prefix = fold_word(part.text)
    postings: list[FieldPostings] = []
    truncated = False
    for group, field in _searched_fields(part.field):
        terms = view.terms(field, _exact_terms(field, [folded_prefix])[0], MAX_PREFIX_WORDS + 1)
        truncated = truncated or len(terms) > MAX_PREFIX_WORDS
        for term in terms[:MAX_PREFIX_WORDS]:
            postings += (
                (field, documents, _phrase_score(group, documents, 1))
                for documents, _ in view.postings(field, term)
            )
    return combine_evidence(view, 0, part.text, postings), truncated


def _searched_fields(field: str) -> Iterator[tuple[str, str]]:
    return chain.from_iterable(
        ((group, field_name) for field_name in group_fields(group)) for group in SEARCHED_GROUPS[field]
    )


def _exact_terms(field: str, words: Sequence[str]) -> list[str]:
    """Return the terms of words as written; names and source titles have no others."""
    return list(words) if field in (NAME_FIELD, SOURCES_FIELD) else [EXACT_PREFIX + word for word in words]


def _phrase_score(group: str, documents: Ints, words: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Return the score of a phrase: that of its words together."""
    return np.full(len(documents), GROUP_WEIGHTS[group] * words, np.float32)


def _phrase_documents(view: IndexView, field: str, terms: Sequence[str]) -> Ints:
    """Return documents that contain `terms` at consecutive positions."""
    starts: Ints | None = None
    for offset, term in enumerate(terms):
        documents, positions = view.positions(field, term)
        term_starts = documents * POSITION_STRIDE + positions - offset
        starts = term_starts if starts is None else np.intersect1d(starts, term_starts, assume_unique=True)
        if not len(starts):
            return starts
    return np.unique(starts // POSITION_STRIDE) if starts is not None else np.empty(0, np.int64)
