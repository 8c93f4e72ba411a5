"""The words of all names, each once, and those that a spelling may stand for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from sys import intern

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from biobank.names.distance import Distances, Forms, Ints, distances, make_forms
from biobank.names.keys import coarse_key, fine_key, grams
from biobank.names.phones import CODES, SIGN_COSTS
from biobank.names.readings import Reading, readings
from biobank.names.structure import INITIAL, NUMBER, TITLE, Word
from biobank.names.suffixes import suffix

Floats = NDArray[np.float32]

SIMILAR, READING, EQUAL = 0, 1, 2

#: Forms that share most grams with a word; of these, those whose distance is measured: the ones
#: whose keys are nearest by plain edit distance, which costs a thousandth.
SHARING = 400
NEAREST = 64
SHARED = 2.0
#: Postings of grams that are read for one word, rare grams first.
POSTINGS_MOST = 40_000
#: Readings of one word that are tried.
READINGS_MOST = 7
#: Less alike than this is no likeness at all.
LEAST = 0.52
#: What the difference of two spellings of one word may cost; less for words of few sounds, and
#: nearly nothing where both are written in today's alphabet.
SPELLING_MOST = 0.25
SPELLING_EACH = 0.085
PLAIN_MOST = 0.05
#: An initial says less than the name; its sign may cost so much against the name's first.
INITIAL_LIKENESS = 0.72
INITIAL_MOST = 0.1

Key = tuple[str, tuple[str, ...], str]
_INITIAL = "initial"


@dataclass(frozen=True)
class Near:
    """Words of the vocabulary that a word may be: likeness 0–1, level, and the reading used."""

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
    """What tells words of the vocabulary apart: the text, how it may be written, the kind."""
    if word.role in (TITLE, NUMBER):
        return word.text, keys, word.tag
    return word.text, keys, _INITIAL if word.role == INITIAL else ""


class Vocabulary:
    """Immutable.  Words are known by their number, in the order given."""

    def __init__(self, words: Sequence[Key]) -> None:
        self.words = words
        self.folded = [fold_of(key) for key in words]
        self._by_fold: dict[str, list[int]] = defaultdict(list)
        self._by_kind: dict[str, list[int]] = defaultdict(list)
        spelt: list[tuple[Reading, int]] = []
        for number, (text, keys, kind) in enumerate(words):
            if kind:
                self._by_kind[kind].append(number)
            if kind != _INITIAL:
                self._by_fold[self.folded[number]].append(number)
                spelt.extend((reading, number) for reading in readings(text, keys))
        self._owners = np.array([number for _, number in spelt], np.int32)
        self._forms = make_forms([(r, suffix(words[number][0])) for r, number in spelt])
        self._plain = np.array([reading.key == "az" for reading, _ in spelt], np.bool_)
        self._first = self._first_signs()
        self._initials = np.array(self._by_kind.get(_INITIAL, []), np.int32)
        self._initial_signs = np.array(
            [_first_sign(words[number]) for number in self._initials], np.int8
        )
        self._index([reading for reading, _ in spelt])
        self._fine = [intern(fine_key(r.skeleton[: r.stem])) for r, _ in spelt]
        self._coarse = [intern(coarse_key(r.skeleton[: r.stem])) for r, _ in spelt]
        self.near = lru_cache(maxsize=2048)(self._near)

    def __len__(self) -> int:
        return len(self.words)

    def _index(self, spelt: Sequence[Reading]) -> None:
        """Postings of grams: form numbers in one array, cut by `_starts`."""
        lists: dict[str, list[int]] = defaultdict(list)
        for form, reading in enumerate(spelt):
            for gram in grams(reading.skeleton, reading.stem):
                lists[gram].append(form)
        self._grams = {gram: number for number, gram in enumerate(lists)}
        counts = np.array([len(forms) for forms in lists.values()], np.int64)
        self._starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        self._postings = np.fromiter(
            (form for forms in lists.values() for form in forms), np.int32, int(counts.sum())
        )
        self._rarity = np.log(1 + len(spelt) / np.maximum(counts, 1)).astype(np.float32)
        self._sums = np.bincount(
            self._postings, np.repeat(self._rarity, counts), minlength=len(spelt)
        ).astype(np.float32)

    def _first_signs(self) -> NDArray[np.int8]:
        first = np.zeros(len(self.words), np.int8)
        if len(self._owners):
            first[self._owners[::-1]] = self._forms.codes[::-1, 0]
        return first

    def _near(self, word: Word, keys: tuple[str, ...]) -> Near:
        """The words that `word` may be, in whatever script they are."""
        if word.role == INITIAL:
            return self._of_initial(word, keys)
        found = self._alike(word, keys)
        if word.tag:
            return _joined(found, self._titles(word))
        return _joined(found, self._initials_of(found.readings))

    def _titles(self, word: Word) -> Near:
        ids = np.array(self._by_kind.get(word.tag, []), np.int32)
        same = [self.folded[number] == word.folded for number in ids]
        levels = np.where(same, EQUAL, READING).astype(np.int8)
        return Near(ids, np.ones(len(ids), np.float32), levels, np.full(len(ids), -1, np.int16), ())

    def _of_initial(self, word: Word, keys: tuple[str, ...]) -> Near:
        spelt = readings(word.text, keys)
        if not spelt:
            return _NONE
        costs = np.min([SIGN_COSTS[CODES[r.skeleton[0]], self._first] for r in spelt], axis=0)
        ids = np.flatnonzero((costs <= INITIAL_MOST) & (self._first > 0)).astype(np.int32)
        same = self._by_kind.get(_INITIAL, [])
        equal = [number for number in same if self.folded[number] == word.folded]
        found = _level(ids, INITIAL_LIKENESS, READING)
        return _joined(found, _level(np.array(equal, np.int32), 1.0, EQUAL))

    def _initials_of(self, spelt: Sequence[Reading]) -> Near:
        """Names in the bank that have but an initial for a word spelt so."""
        if not len(self._initials) or not spelt:
            return _NONE
        codes = [CODES[reading.skeleton[0]] for reading in spelt]
        costs = SIGN_COSTS[np.array(codes)][:, self._initial_signs].min(axis=0)
        return _level(self._initials[costs <= INITIAL_MOST], INITIAL_LIKENESS, READING)

    def _alike(self, word: Word, keys: tuple[str, ...]) -> Near:
        spelt = readings(word.text, keys)[:READINGS_MOST]
        nearest = self._nearest(spelt, *self._sharing_grams(spelt))
        exact = self._by_fold.get(word.folded, [])
        if not len(nearest):
            return _level(np.array(exact, np.int32), 1.0, EQUAL)
        ending = suffix(word.text)
        own = make_forms([(reading, ending) for reading in spelt])
        ones = np.repeat(np.arange(len(spelt), dtype=np.int32), len(nearest))
        others = np.tile(nearest, len(spelt)).astype(np.int32)
        measured = distances(own, ones, self._forms, others)
        return self._best(measured, own, ones, others, exact, spelt)

    def _best(
        self,
        measured: Distances,
        own: Forms,
        ones: Ints,
        others: Ints,
        exact: list[int],
        spelt: tuple[Reading, ...],
    ) -> Near:
        """Of all pairs, the best one for each word."""
        plain = np.array([reading.key == "az" for reading in spelt])[ones] & self._plain[others]
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
        near = Near(ids, likeness, levels, ones[best].astype(np.int16), spelt)
        return _joined(near, _level(np.array(exact, np.int32), 1.0, EQUAL))

    def _sharing_grams(self, spelt: Iterable[Reading]) -> tuple[Ints, Floats]:
        """Forms that share most with any of the readings, and how much, weighed by rarity."""
        wanted = {
            number
            for reading in spelt
            for gram in grams(reading.skeleton, reading.stem)
            if (number := self._grams.get(gram)) is not None
        }
        if not wanted:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        numbers = np.array(sorted(wanted, key=lambda number: (-self._rarity[number], number)))
        sizes = self._starts[numbers + 1] - self._starts[numbers]
        kept = max(1, int(np.searchsorted(np.cumsum(sizes), POSTINGS_MOST, side="right")))
        numbers, sizes = numbers[:kept], sizes[:kept]
        starts = self._starts
        forms = np.concatenate([self._postings[starts[n] : starts[n + 1]] for n in numbers])
        shared = np.bincount(forms, np.repeat(self._rarity[numbers], sizes))
        touched = np.flatnonzero(shared)
        total = float(self._rarity[numbers].sum()) / max(1.0, len(numbers) / 14)
        score = (shared[touched] / (self._sums[touched] + total)).astype(np.float32)
        if len(touched) > SHARING:
            best = np.argpartition(-score, SHARING)[:SHARING]
            touched, score = touched[best], score[best]
        return touched.astype(np.int32), score

    def _nearest(self, spelt: Sequence[Reading], forms: Ints, shared: Floats) -> Ints:
        """Of `forms`, those with the nearest keys that share most."""
        if len(forms) <= NEAREST:
            return np.sort(forms)
        alike = SHARED * shared
        numbers = forms.tolist()
        for keys, own, part in (
            (self._fine, {fine_key(reading.skeleton[: reading.stem]) for reading in spelt}, 1.0),
            (self._coarse, {coarse_key(reading.skeleton[: reading.stem]) for reading in spelt}, 0.5),
        ):
            alike += part * cdist(
                sorted(own),
                [keys[number] for number in numbers],
                scorer=Levenshtein.normalized_similarity,
                dtype=np.float32,
            ).max(axis=0)
        return np.sort(forms[np.argpartition(-alike, NEAREST)[:NEAREST]])

    def knows(self, skeleton: str) -> bool:
        """Whether a word here has the same coarse key as this skeleton."""
        return grams(skeleton, len(skeleton))[0] in self._grams


def fold_of(key: Key) -> str:
    from biobank.names.folding import fold

    return fold(key[0])


def rarity(count: int, total: int) -> float:
    """How telling it is to share what `count` of `total` have."""
    return log(1 + total / max(count, 1))


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
    """`more` replaces what `near` says of the same words."""
    kept = ~np.isin(near.ids, more.ids)
    return Near(
        np.concatenate([near.ids[kept], more.ids]),
        np.concatenate([near.likeness[kept], more.likeness]),
        np.concatenate([near.levels[kept], more.levels]),
        np.concatenate([near.reading[kept], more.reading]),
        near.readings,
    )
