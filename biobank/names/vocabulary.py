"""Vocabulary: the distinct words of all names, and matching of spellings against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from biobank.names.distance import Distances, Forms, Ints, distances, make_forms
from biobank.names.folding import fold
from biobank.names.grams import spelt_forms
from biobank.names.keys import whole_grams
from biobank.names.phones import CODES, SIGN_COSTS
from biobank.names.readings import Reading, readings
from biobank.names.structure import INITIAL, NUMBER, TITLE, Word
from biobank.names.suffixes import suffix

Floats = NDArray[np.float32]

SIMILAR, READING, EQUAL = 0, 1, 2

#: Maximum number of transliterations tried for one word.
READINGS_MOST = 7
#: Minimum similarity; lower values count as no match.
LEAST = 0.52
#: Maximum cost of two spellings of one word: absolute, per weight of sound for short words, and if
#: both are in the modern alphabet.
SPELLING_MOST = 0.25
SPELLING_EACH = 0.085
PLAIN_MOST = 0.05
#: Similarity of words that differ only in a typed accent.
OTHER_LETTERS = 0.9995
#: Similarity of words with two transposed letters after the first, which is seldom a typing error.
SWAPPED = 0.92
#: Similarity of other forms of a title: Bek and bəy, Soltan and Sultan.
OTHER_FORM = 0.96
#: Similarity of a name to its initial, and the maximum cost of the initial against the first sign.
INITIAL_LIKENESS = 0.72
INITIAL_MOST = 0.1

Key = tuple[str, tuple[str, ...], str]
_INITIAL = "initial"
#: The orthography without short vowels.
VOWELLESS = "fa"
#: Roman numerals that look like initials.
_SHORT_NUMBERS = {"1": "i", "5": "v", "10": "x"}


@dataclass(frozen=True)
class Near:
    """Matching vocabulary words: similarity 0–1, level, and the transliteration used."""

    ids: Ints
    likeness: Floats
    levels: NDArray[np.int8]
    reading: NDArray[np.int16]
    readings: tuple[Reading, ...]


_NONE = Near(
    np.empty(0, np.int32),
    np.empty(0, np.float32),
    np.empty(0, np.int8),
    np.empty(0, np.int16),
    (),
)


def key_of(word: Word, keys: tuple[str, ...]) -> Key:
    """Return the identity of a vocabulary word: text, possible orthographies, and kind."""
    if word.role in (TITLE, NUMBER):
        return word.text, keys, word.tag
    return word.text, keys, _INITIAL if word.role == INITIAL else ""


class Vocabulary:
    """An immutable vocabulary; words are numbered in the order given."""

    def __init__(self, words: Sequence[Key]) -> None:
        self.words = words
        self.folded = [fold(text) for text, _, _ in words]
        self._titled = np.array([kind not in ("", _INITIAL) for _, _, kind in words], np.bool_)
        self.vowelless = np.array([VOWELLESS in keys for _, keys, _ in words], np.bool_)
        self._by_fold: dict[str, list[int]] = {}
        self._by_kind: dict[str, list[int]] = {}
        for number, (_, _, kind) in enumerate(words):
            if kind:
                self._by_kind.setdefault(kind, []).append(number)
            if kind != _INITIAL:
                self._by_fold.setdefault(self.folded[number], []).append(number)
        self._forms, self._owners, self._grams = spelt_forms(words)
        self._first = self._first_signs()
        self._initials = np.array(self._by_kind.get(_INITIAL, []), np.int32)
        self._initial_signs = np.array(
            [_first_sign(words[number]) for number in self._initials], np.int8
        )
        self.near = lru_cache(maxsize=2048)(self._near)

    def __len__(self) -> int:
        return len(self.words)

    def _first_signs(self) -> NDArray[np.int8]:
        first = np.zeros(len(self.words), np.int8)
        if len(self._owners):
            first[self._owners[::-1]] = self._forms.codes[::-1, 0]
        return first

    def _near(self, word: Word, keys: tuple[str, ...]) -> Near:
        """Return the words that `word` may stand for, in any script."""
        if word.role == INITIAL:
            return self._of_initial(word, keys)
        found = self._alike(word, keys)
        if word.tag:
            return _joined(found, self._titles(word, found))
        return _joined(found, self._initials_of(found.readings))

    def _titles(self, word: Word, alike: Near) -> Near:
        """Return the same title or number in any form, those with similar sound first."""
        initials = [
            number
            for number in self._by_kind.get(_INITIAL, [])
            if self.folded[number] == _SHORT_NUMBERS.get(word.tag)
        ]
        ids = np.array(self._by_kind.get(word.tag, []) + initials, np.int32)
        sounds = dict(zip(alike.ids.tolist(), alike.likeness.tolist(), strict=True))
        same = np.array([self.folded[number] == word.folded for number in ids], np.bool_)
        sound = np.array([sounds.get(number, 0.0) for number in ids.tolist()], np.float32)
        likeness = np.where(same, 1.0, OTHER_FORM + (1 - OTHER_FORM) * sound).astype(np.float32)
        levels = np.where(same, EQUAL, READING).astype(np.int8)
        return Near(ids, likeness, levels, np.full(len(ids), -1, np.int16), ())

    def _of_initial(self, word: Word, keys: tuple[str, ...]) -> Near:
        same = self._by_kind.get(_INITIAL, [])
        equal = [number for number in same if self.folded[number] == word.folded]
        exact = _level(np.array(equal, np.int32), 1.0, EQUAL)
        spelt = readings(word.text, keys)
        if not spelt:
            return exact
        costs = np.min([SIGN_COSTS[CODES[r.skeleton[0]], self._first] for r in spelt], axis=0)
        begins = (costs <= INITIAL_MOST) & (self._first > 0) & ~self._titled
        ids = np.flatnonzero(begins).astype(np.int32)
        return _joined(_level(ids, INITIAL_LIKENESS, READING), exact)

    def _initials_of(self, spelt: Sequence[Reading]) -> Near:
        """Return initials that may stand for a name with these transliterations."""
        if not len(self._initials) or not spelt:
            return _NONE
        codes = [CODES[reading.skeleton[0]] for reading in spelt]
        costs = SIGN_COSTS[np.array(codes)][:, self._initial_signs].min(axis=0)
        # A full name says more than its initial: John Paisley is not John P. Syse.
        return _level(self._initials[costs <= INITIAL_MOST], INITIAL_LIKENESS, SIMILAR)

    def _alike(self, word: Word, keys: tuple[str, ...]) -> Near:
        spelt = readings(word.text, keys)[:READINGS_MOST]
        exact = self._folding_alike(word)
        ones, others = self._grams.nearest(spelt)
        if not len(ones):
            return exact
        ending = suffix(word.text)
        own = make_forms([(reading, ending) for reading in spelt])
        measured = distances(own, ones, self._forms, others)
        near = self._swapped(word, self._best(measured, own, ones, others, spelt))
        return _joined(near, exact)

    def _folding_alike(self, word: Word) -> Near:
        """Return words with the same folding; identical letters first: Sürəyya is not Süreyya."""
        found = _level(np.array(self._by_fold.get(word.folded, []), np.int32), 1.0, EQUAL)
        if not word.text.isascii():
            other = [self.words[number][0] != word.text for number in found.ids.tolist()]
            found.likeness[other] = OTHER_LETTERS
        return found

    def _swapped(self, word: Word, near: Near) -> Near:
        """Raise the similarity of words with two transposed letters, whatever their sound."""
        letters = sorted(word.folded)
        slips = [
            at
            for at, number in enumerate(near.ids.tolist())
            if self.folded[number][:1] == word.folded[:1]
            and sorted(self.folded[number]) == letters
            and OSA.distance(word.folded, self.folded[number]) == 1
        ]
        near.likeness[slips] = np.maximum(near.likeness[slips], SWAPPED)
        return near

    def _best(
        self,
        measured: Distances,
        own: Forms,
        ones: Ints,
        others: Ints,
        spelt: tuple[Reading, ...],
    ) -> Near:
        """Return the best pair for each word."""
        plain = own.plain[ones] & self._forms.plain[others]
        weights = np.minimum(own.weights[ones], self._forms.weights[others])
        most = np.where(plain, PLAIN_MOST, np.minimum(SPELLING_MOST, SPELLING_EACH * weights))
        read = measured.cost <= most
        value = measured.likeness + read
        order = np.lexsort((ones, -value, self._owners[others]))
        owners = self._owners[others][order]
        first = np.ones(len(order), np.bool_)
        first[1:] = owners[1:] != owners[:-1]
        best = order[first]
        best = best[measured.likeness[best] >= LEAST]
        ids = self._owners[others[best]]
        levels = np.where(read[best], READING, SIMILAR).astype(np.int8)
        likeness = np.minimum(measured.likeness[best], 0.999)
        return Near(ids, likeness, levels, ones[best].astype(np.int16), spelt)

    def knows(self, skeleton: str, *, fine: bool = False) -> bool:
        """Return whether a word has the same coarse key as the skeleton, or the same fine key."""
        return self._grams.knows(whole_grams(skeleton)[fine])

    def by_fine_key(self) -> tuple[NDArray[np.bytes_], Ints, NDArray[np.int8]]:
        """Return fine keys in ascending order with words and sounds, for all transliterations."""
        keys = self._grams.fine_keys()
        order = np.argsort(keys, kind="stable")
        return keys[order], self._owners[order], self._forms.codes[order]


def _first_sign(key: Key) -> int:
    spelt = readings(key[0], key[1])
    return CODES[spelt[0].skeleton[0]] if spelt else 0


def _level(ids: Ints, likeness: float, level: int) -> Near:
    return Near(
        ids,
        np.full(len(ids), likeness, np.float32),
        np.full(len(ids), level, np.int8),
        np.full(len(ids), -1, np.int16),
        (),
    )


def _joined(near: Near, more: Near) -> Near:
    """Combine matches; `overriding` replaces entries for the same words."""
    kept = ~np.isin(near.ids, more.ids)
    return Near(
        np.concatenate([near.ids[kept], more.ids]),
        np.concatenate([near.likeness[kept], more.likeness]),
        np.concatenate([near.levels[kept], more.levels]),
        np.concatenate([near.reading[kept], more.reading]),
        near.readings,
    )
