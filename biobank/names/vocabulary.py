"""Vocabulary: the distinct words of all names, and matching of spellings against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from biobank.names.candidate_index import build_forms
from biobank.names.distance import Distances, Ints, SkeletonBatch, build_batch, compute_distances
from biobank.names.folding import fold
from biobank.names.phonetic_costs import SIGN_CODES, SIGN_COSTS
from biobank.names.phonetic_keys import whole_key_grams
from biobank.names.structure import INITIAL_ROLE, NUMBER_ROLE, TITLE_ROLE, NameWord
from biobank.names.suffixes import find_ending
from biobank.names.transliteration import TransliterationHypothesis, transliterate

Floats = NDArray[np.float32]

SIMILAR, READING, EQUAL = 0, 1, 2

#: Maximum number of transliterations tried for one word.
MAX_READINGS = 7
#: Minimum similarity; lower values count as no match.
MIN_SIMILARITY = 0.52
#: Maximum cost of two spellings of one word: absolute, per weight of sound for short words, and if
#: both are in the modern alphabet.
MAX_SPELLING_COST = 0.25
MAX_SPELLING_COST_PER_WEIGHT = 0.085
MAX_PLAIN_SPELLING_COST = 0.05
#: Similarity of words that differ only in a typed accent.
OTHER_ACCENTS_SIMILARITY = 0.9995
#: Similarity of words with two transposed letters after the first, which is seldom a typing error.
TRANSPOSED_SIMILARITY = 0.92
#: Similarity of other forms of a title: Bek and bəy, Soltan and Sultan.
OTHER_TITLE_FORM_SIMILARITY = 0.96
#: Similarity of a name to its initial, and the maximum cost of the initial against the first sign.
INITIAL_SIMILARITY = 0.72
MAX_INITIAL_COST = 0.1

WordKey = tuple[str, tuple[str, ...], str]
_INITIAL_KIND = "initial"
#: The orthography without short vowels.
VOWELLESS_ORTHOGRAPHY = "fa"
#: Roman numerals that look like initials.
_NUMERAL_INITIALS = {"1": "i", "5": "v", "10": "x"}


@dataclass(frozen=True)
class WordMatches:
    """Matching vocabulary words: similarity 0–1, level, and the transliteration used."""

    ids: Ints
    similarity: Floats
    levels: NDArray[np.int8]
    reading: NDArray[np.int16]
    readings: tuple[TransliterationHypothesis, ...]


_NO_MATCHES = WordMatches(
    np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.int8), np.empty(0, np.int16), ()
)


def word_key(word: NameWord, keys: tuple[str, ...]) -> WordKey:
    """Return the identity of a vocabulary word: text, possible orthographies, and kind."""
    if word.role in (TITLE_ROLE, NUMBER_ROLE):
        return word.text, keys, word.tag
    return word.text, keys, _INITIAL_KIND if word.role == INITIAL_ROLE else ""


class Vocabulary:
    """An immutable vocabulary; words are numbered in the order given."""

    def __init__(self, words: Sequence[WordKey]) -> None:
        self.words = words
        self.folded = [fold(text) for text, _, _ in words]
        self._has_kind = np.array([kind not in ("", _INITIAL_KIND) for _, _, kind in words], np.bool_)
        self.vowelless = np.array([VOWELLESS_ORTHOGRAPHY in keys for _, keys, _ in words], np.bool_)
        self._by_fold: dict[str, list[int]] = {}
        self._by_kind: dict[str, list[int]] = {}
        for number, (_, _, kind) in enumerate(words):
            if kind:
                self._by_kind.setdefault(kind, []).append(number)
            if kind != _INITIAL_KIND:
                self._by_fold.setdefault(self.folded[number], []).append(number)
        self._batch, self._owners, self._gram_index = build_forms(words)
        self._first = self._first_signs()
        self._initials = np.array(self._by_kind.get(_INITIAL_KIND, []), np.int32)
        self._initial_signs = np.array([_first_sign(words[number]) for number in self._initials], np.int8)
        self.match = lru_cache(maxsize=2048)(self._match_word)

    def __len__(self) -> int:
        return len(self.words)

    def _first_signs(self) -> NDArray[np.int8]:
        first = np.zeros(len(self.words), np.int8)
        if len(self._owners):
            first[self._owners[::-1]] = self._batch.codes[::-1, 0]
        return first

    def _match_word(self, word: NameWord, keys: tuple[str, ...]) -> WordMatches:
        """Return the words that `word` may stand for, in any script."""
        if word.role == INITIAL_ROLE:
            return self._match_initial(word, keys)
        matches = self._match_by_sound(word, keys)
        if word.tag:
            return _combine(matches, self._title_matches(word, matches))
        return _combine(matches, self._initial_matches(matches.readings))

    def _title_matches(self, word: NameWord, sound_matches: WordMatches) -> WordMatches:
        """Return the same title or number in any form, those with similar sound first."""
        initials = [
            number
            for number in self._by_kind.get(_INITIAL_KIND, [])
            if self.folded[number] == _NUMERAL_INITIALS.get(word.tag)
        ]
        ids = np.array(self._by_kind.get(word.tag, []) + initials, np.int32)
        sound_by_word = dict(zip(sound_matches.ids.tolist(), sound_matches.similarity.tolist(), strict=True))
        is_same = np.array([self.folded[number] == word.folded for number in ids], np.bool_)
        sound = np.array([sound_by_word.get(number, 0.0) for number in ids.tolist()], np.float32)
        similarity = np.where(
            is_same, 1.0, OTHER_TITLE_FORM_SIMILARITY + (1 - OTHER_TITLE_FORM_SIMILARITY) * sound
        ).astype(np.float32)
        levels = np.where(is_same, EQUAL, READING).astype(np.int8)
        return WordMatches(ids, similarity, levels, np.full(len(ids), -1, np.int16), ())

    def _match_initial(self, word: NameWord, keys: tuple[str, ...]) -> WordMatches:
        initials = self._by_kind.get(_INITIAL_KIND, [])
        equal = [number for number in initials if self.folded[number] == word.folded]
        exact = _uniform_matches(np.array(equal, np.int32), 1.0, EQUAL)
        hypotheses = transliterate(word.text, keys)
        if not hypotheses:
            return exact
        costs = np.min(
            [SIGN_COSTS[SIGN_CODES[hypothesis.skeleton[0]], self._first] for hypothesis in hypotheses], axis=0
        )
        is_possible = (costs <= MAX_INITIAL_COST) & (self._first > 0) & ~self._has_kind
        ids = np.flatnonzero(is_possible).astype(np.int32)
        return _combine(_uniform_matches(ids, INITIAL_SIMILARITY, READING), exact)

    def _initial_matches(self, hypotheses: Sequence[TransliterationHypothesis]) -> WordMatches:
        """Return initials that may stand for a name with these transliterations."""
        if not len(self._initials) or not hypotheses:
            return _NO_MATCHES
        codes = [SIGN_CODES[reading.skeleton[0]] for reading in hypotheses]
        costs = SIGN_COSTS[np.array(codes)][:, self._initial_signs].min(axis=0)
        # A full name says more than its initial: John Paisley is not John P. Syse.
        return _uniform_matches(self._initials[costs <= MAX_INITIAL_COST], INITIAL_SIMILARITY, SIMILAR)

    def _match_by_sound(self, word: NameWord, keys: tuple[str, ...]) -> WordMatches:
        hypotheses = transliterate(word.text, keys)[:MAX_READINGS]
        exact = self._match_by_folding(word)
        query_rows, form_rows = self._gram_index.nearest(hypotheses)
        if not len(query_rows):
            return exact
        ending = find_ending(word.text)
        query_batch = build_batch([(reading, ending) for reading in hypotheses])
        measured = compute_distances(query_batch, query_rows, self._batch, form_rows)
        sound_matches = self._raise_transposed(
            word, self._best_matches(measured, query_batch, query_rows, form_rows, hypotheses)
        )
        return _combine(sound_matches, exact)

    def _match_by_folding(self, word: NameWord) -> WordMatches:
        """Return words with the same folding; identical letters first: Sürəyya is not Süreyya."""
        matches = _uniform_matches(np.array(self._by_fold.get(word.folded, []), np.int32), 1.0, EQUAL)
        if not word.text.isascii():
            has_other_letters = [self.words[number][0] != word.text for number in matches.ids.tolist()]
            matches.similarity[has_other_letters] = OTHER_ACCENTS_SIMILARITY
        return matches

    def _raise_transposed(self, word: NameWord, matches: WordMatches) -> WordMatches:
        """Raise the similarity of words with two transposed letters, whatever their sound."""
        sorted_letters = sorted(word.folded)
        transposed = [
            position
            for position, number in enumerate(matches.ids.tolist())
            if self.folded[number][:1] == word.folded[:1]
            and sorted(self.folded[number]) == sorted_letters
            and OSA.distance(word.folded, self.folded[number]) == 1
        ]
        matches.similarity[transposed] = np.maximum(matches.similarity[transposed], TRANSPOSED_SIMILARITY)
        return matches

    def _best_matches(
        self,
        measured: Distances,
        query_batch: SkeletonBatch,
        query_rows: Ints,
        form_rows: Ints,
        hypotheses: tuple[TransliterationHypothesis, ...],
    ) -> WordMatches:
        """Return the best pair for each word."""
        both_plain = query_batch.plain[query_rows] & self._batch.plain[form_rows]
        weights = np.minimum(query_batch.weights[query_rows], self._batch.weights[form_rows])
        max_cost = np.where(
            both_plain,
            MAX_PLAIN_SPELLING_COST,
            np.minimum(MAX_SPELLING_COST, MAX_SPELLING_COST_PER_WEIGHT * weights),
        )
        is_spelling = measured.cost <= max_cost
        rank_value = measured.similarity + is_spelling
        order = np.lexsort((query_rows, -rank_value, self._owners[form_rows]))
        owners = self._owners[form_rows][order]
        is_first = np.ones(len(order), np.bool_)
        is_first[1:] = owners[1:] != owners[:-1]
        best = order[is_first]
        best = best[measured.similarity[best] >= MIN_SIMILARITY]
        ids = self._owners[form_rows[best]]
        levels = np.where(is_spelling[best], READING, SIMILAR).astype(np.int8)
        similarity = np.minimum(measured.similarity[best], 0.999)
        return WordMatches(ids, similarity, levels, query_rows[best].astype(np.int16), hypotheses)

    def has_key(self, skeleton: str, *, fine: bool = False) -> bool:
        """Return whether a word has the same coarse key as the skeleton, or the same fine key."""
        return self._gram_index.has_gram(whole_key_grams(skeleton)[fine])

    def by_fine_key(self) -> tuple[NDArray[np.bytes_], Ints, NDArray[np.int8]]:
        """Return fine keys in ascending order with words and sounds, for all transliterations."""
        keys = self._gram_index.fine_keys()
        order = np.argsort(keys, kind="stable")
        return keys[order], self._owners[order], self._batch.codes[order]


def _first_sign(key: WordKey) -> int:
    hypotheses = transliterate(key[0], key[1])
    return SIGN_CODES[hypotheses[0].skeleton[0]] if hypotheses else 0


def _uniform_matches(ids: Ints, similarity: float, level: int) -> WordMatches:
    return WordMatches(
        ids,
        np.full(len(ids), similarity, np.float32),
        np.full(len(ids), level, np.int8),
        np.full(len(ids), -1, np.int16),
        (),
    )


def _combine(matches: WordMatches, overriding: WordMatches) -> WordMatches:
    """Combine matches; `overriding` replaces entries for the same words."""
    retained = ~np.isin(matches.ids, overriding.ids)
    return WordMatches(
        np.concatenate([matches.ids[retained], overriding.ids]),
        np.concatenate([matches.similarity[retained], overriding.similarity]),
        np.concatenate([matches.levels[retained], overriding.levels]),
        np.concatenate([matches.reading[retained], overriding.reading]),
        matches.readings,
    )
