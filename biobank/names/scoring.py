"""Scores of names against a query name: assignment of words, and penalties for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biobank.names.candidate_index import distinct
from biobank.names.index import EMPTY_SLOT, NameIndex
from biobank.names.structure import (
    INITIAL_ROLE,
    LONE_TITLE_WEIGHT,
    MAX_NAME_WORDS,
    NAME_ROLE,
    NUMBER_ROLE,
    PATRONYMIC_ROLE,
    TITLE_ROLE,
    NameWord,
    ParsedName,
)
from biobank.names.vocabulary import EQUAL, SIMILAR, VOWELLESS_ORTHOGRAPHY, WordMatches

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

#: Penalties for query words missing from the name, and for name words missing from the query.
EXTRA_WORD_PENALTY = 0.9
MISSING_WORD_PENALTY = 0.34
MAX_MISSING_PENALTY = 0.5
#: Factor for a patronymic matched with a name: same family, but seldom the same person.
OTHER_ROLE_FACTOR = 0.9
#: Penalty for a different word order.
DISORDER_PENALTY = 0.004
#: Minimum similarity of a single word by maximum length in letters: "their" is not Tair.
LONE_WORD_MIN_SIMILARITY = ((3, 0.985), (4, 0.98), (6, 0.965))
#: Maximum number of scored names, those that share most with the query.
MAX_CANDIDATE_NAMES = 200


@dataclass(frozen=True)
class ScoredNames:
    """Scored names by number: score, level, and the slot assigned to each query word."""

    names: Ints
    scores: Floats
    levels: NDArray[np.int8]
    slots: NDArray[np.int8]

    def select(self, mask: NDArray[np.bool_]) -> ScoredNames:
        """Return the names for which the mask is true."""
        return ScoredNames(self.names[mask], self.scores[mask], self.levels[mask], self.slots[mask])


def search(index: NameIndex, name: ParsedName, active_mask: NDArray[np.bool_], limit: int) -> ScoredNames:
    """Return the best names for `name` among active people, at most `limit`, unordered."""
    word_matches = _match_words(index, name)
    candidates = _candidate_names(index, name, word_matches, active_mask, limit)
    return _score(index, name, word_matches, candidates)


def search_exact(index: NameIndex, name: ParsedName, active_mask: NDArray[np.bool_]) -> ScoredNames:
    """Return all names of active people that match `name`, exact or transliterated.

    A single word has no other words to confirm it, so it must match closely.
    """
    word_matches = _match_words(index, name)
    searched = _search_positions(name)
    name_mask = active_mask[index.owners]
    for position in searched:
        is_exact = word_matches[position].levels > SIMILAR
        if len(searched) == 1:
            is_exact &= _is_close(index, name, word_matches[position], name.words[position])
        names_with_word = np.zeros(len(index.names), np.bool_)
        names_with_word[index.names_with_words(word_matches[position].ids[is_exact])[0]] = True
        name_mask &= names_with_word
        if not name_mask.any():
            return _no_names(name)
    scored = _score(index, name, word_matches, np.flatnonzero(name_mask).astype(np.int32))
    return scored.select(scored.levels > SIMILAR)


def _no_names(name: ParsedName) -> ScoredNames:
    """Return no names, in the shape of the scores of `name`."""
    levels = np.empty(0, np.int8)
    slots = np.empty((0, len(name.words)), np.int8)
    return ScoredNames(np.empty(0, np.int32), np.empty(0, np.float32), levels, slots)


def _is_close(
    index: NameIndex, name: ParsedName, word_matches: WordMatches, word: NameWord
) -> NDArray[np.bool_]:
    """Return which matches of a lone word are similar enough and write the same vowels."""
    min_similarity = next(
        (
            min_similarity
            for max_chars, min_similarity in LONE_WORD_MIN_SIMILARITY
            if len(word.folded) <= max_chars
        ),
        0.0,
    )
    writes_vowels = ~index.vocabulary.vowelless[word_matches.ids] | (VOWELLESS_ORTHOGRAPHY in name.keys)
    close = writes_vowels & (word_matches.similarity >= min_similarity)
    return np.asarray(close | (word_matches.levels == EQUAL))


def names_with(index: NameIndex, word: NameWord, keys: tuple[str, ...]) -> Ints:
    """Return the names that contain `word`, exact or transliterated."""
    word_matches = index.vocabulary.match(word, keys)
    return index.names_with_words(word_matches.ids[word_matches.levels > SIMILAR])[0]


def score_names(index: NameIndex, name: ParsedName, names: Ints) -> ScoredNames:
    """Score the given name numbers only."""
    return _score(index, name, _match_words(index, name), names)


def _match_words(index: NameIndex, name: ParsedName) -> list[WordMatches]:
    return [index.vocabulary.match(word, name.keys) for word in name.words]


def _search_positions(name: ParsedName) -> Sequence[int]:
    """Return the positions of words used for the search: names, else titles, else all."""
    names = [position for position, word in enumerate(name.words) if word.role == NAME_ROLE]
    names = names or [position for position, word in enumerate(name.words) if word.role != INITIAL_ROLE]
    return names or range(len(name.words))


def _candidate_names(
    index: NameIndex,
    name: ParsedName,
    word_matches: Sequence[WordMatches],
    active_mask: NDArray[np.bool_],
    limit: int,
) -> Ints:
    weights = name.weights()
    postings = []
    for position in _search_positions(name):
        order = np.argsort(word_matches[position].similarity, kind="stable")
        names, counts = index.names_with_words(word_matches[position].ids[order])
        postings.append(
            (weights[position], names, np.repeat(word_matches[position].similarity[order], counts))
        )
    candidates = distinct(np.concatenate([names for _, names, _ in postings]), len(index.names))
    candidates = candidates[active_mask[index.owners[candidates]]]
    total = index.bias[candidates]
    for weight, names, similarity in postings:
        by_name = np.zeros(len(index.names), np.float32)
        # Ascending, so that the more similar of two words of a name is written last.
        by_name[names] = similarity
        total += weight * by_name[candidates]
    if len(candidates) > limit:
        candidates = candidates[np.argpartition(-total, limit)[:limit]]
    return np.sort(candidates).astype(np.int32)


def _score(
    index: NameIndex, name: ParsedName, word_matches: Sequence[WordMatches], names: Ints
) -> ScoredNames:
    """Return the weight of the assigned words relative to the total weight."""
    slots, weights = index.slots[names], index.weights[names]
    query_weights = np.array(name.weights(), np.float32)
    similarity, levels = _word_slot_matches(index, name, word_matches, slots, index.roles[names])
    slots_taken = _assign_slots(similarity, query_weights, weights)
    rows, word_indexes = np.nonzero(slots_taken != EMPTY_SLOT)
    taken_slots = slots_taken[rows, word_indexes]
    pair_weights = (query_weights[word_indexes] + weights[rows, taken_slots]) / 2
    count = len(names)
    matched_weight = np.bincount(rows, pair_weights * similarity[rows, word_indexes, taken_slots], count)
    total = np.bincount(rows, pair_weights, count)
    extra_weight = (query_weights[None, :] * (slots_taken == EMPTY_SLOT)).sum(axis=1)
    missing_penalty = np.minimum(_missing_penalty(name, slots_taken, weights), MAX_MISSING_PENALTY)
    points = matched_weight / np.maximum(total + EXTRA_WORD_PENALTY * extra_weight + missing_penalty, 1e-6)
    points -= DISORDER_PENALTY * _is_disordered(slots_taken)
    pair_levels = np.full(slots_taken.shape, EQUAL, np.int8)
    pair_levels[rows, word_indexes] = levels[rows, word_indexes, taken_slots]
    name_levels = pair_levels.min(axis=1)
    # Initials alone match only the same initials.
    is_initial = np.array([word.role == INITIAL_ROLE for word in name.words])
    identifies = ~is_initial[word_indexes] & (index.roles[names][rows, taken_slots] != INITIAL_ROLE)
    is_identified = np.bincount(rows, identifies | (pair_levels[rows, word_indexes] == EQUAL), count) > 0
    name_levels = np.where(is_identified & ~_lacks_required(name, slots_taken), name_levels, SIMILAR).astype(
        np.int8
    )
    return ScoredNames(names, points.astype(np.float32), name_levels, slots_taken)


def _assign_slots(similarity: Floats, query_weights: Floats, weights: Floats) -> NDArray[np.int8]:
    """Assign query words to slots greedily, the most similar pair first."""
    count, size, _ = similarity.shape
    slots_taken = np.full((count, size), EMPTY_SLOT, np.int8)
    remaining = similarity * np.minimum(query_weights[None, :, None] + 0.2, weights[:, None, :] + 0.2)
    rows = np.arange(count)
    for _ in range(size):
        best = remaining.reshape(count, size * MAX_NAME_WORDS).argmax(axis=1)
        word, slot = best // MAX_NAME_WORDS, best % MAX_NAME_WORDS
        is_match = remaining[rows, word, slot] > 0
        slots_taken[rows[is_match], word[is_match]] = slot[is_match]
        remaining[rows[is_match], word[is_match], :] = 0
        remaining[rows[is_match], :, slot[is_match]] = 0
    return slots_taken


def _word_slot_matches(
    index: NameIndex,
    name: ParsedName,
    word_matches: Sequence[WordMatches],
    slots: Ints,
    roles: NDArray[np.int8],
) -> tuple[Floats, NDArray[np.int8]]:
    """Return similarity and level by name, query word and slot."""
    shape = (len(slots), len(name.words), MAX_NAME_WORDS)
    similarity, levels = np.zeros(shape, np.float32), np.zeros(shape, np.int8)
    # One extra element for the index -1 of empty slots.
    by_word = np.zeros(len(index.vocabulary) + 1, np.float32)
    level_by_word = np.zeros(len(index.vocabulary) + 1, np.int8)
    for position, word in enumerate(name.words):
        ids = word_matches[position].ids
        by_word[ids], level_by_word[ids] = (word_matches[position].similarity, word_matches[position].levels)
        similarity[:, position], levels[:, position] = by_word[slots], level_by_word[slots]
        role_differs = (roles == PATRONYMIC_ROLE) != (word.role == PATRONYMIC_ROLE)
        similarity[:, position] *= np.where(role_differs, OTHER_ROLE_FACTOR, 1.0)
        levels[:, position] = np.where(role_differs, SIMILAR, levels[:, position])
        by_word[ids], level_by_word[ids] = 0, 0
    return similarity, levels


def _missing_penalty(name: ParsedName, slots_taken: NDArray[np.int8], weights: Floats) -> Floats:
    """Return the penalty for name words missing from the query; constant for single words."""
    unmatched = weights.copy()
    for position in range(slots_taken.shape[1]):
        is_matched = slots_taken[:, position] != EMPTY_SLOT
        unmatched[is_matched, slots_taken[is_matched, position]] = 0
    total = unmatched.sum(axis=1)
    if sum(word.role == NAME_ROLE for word in name.words) == 1:
        return np.asarray(
            MISSING_WORD_PENALTY * (unmatched.max(axis=1) >= np.float32(LONE_TITLE_WEIGHT)), np.float32
        )
    return np.asarray(MISSING_WORD_PENALTY * total, np.float32)


def _lacks_required(name: ParsedName, slots_taken: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return whether a required word is missing: a name, a number, or the title of a lone name."""
    names = sum(word.role == NAME_ROLE for word in name.words)
    required = [
        word.role in (NAME_ROLE, INITIAL_ROLE, NUMBER_ROLE) or (word.role == TITLE_ROLE and names <= 1)
        for word in name.words
    ]
    return np.asarray(((slots_taken == EMPTY_SLOT) & np.array(required)).any(axis=1))


def _is_disordered(slots_taken: NDArray[np.int8]) -> NDArray[np.bool_]:
    last = np.full(len(slots_taken), -1, np.int8)
    disordered = np.zeros(len(slots_taken), np.bool_)
    for position in range(slots_taken.shape[1]):
        slot = slots_taken[:, position]
        disordered |= (slot != EMPTY_SLOT) & (slot < last)
        last = np.maximum(last, slot)
    return disordered
