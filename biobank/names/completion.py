"""Completion of typed name prefixes in any script: `гадж` completes to Hacıbəyov."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from biobank.names.folding import fold, tokens
from biobank.names.keys import fine_key
from biobank.names.phones import CODES, SIGN_COSTS
from biobank.names.readings import orthographies, prepared, readings
from biobank.names.structure import LETTERS_MOST, WORDS_MOST

if TYPE_CHECKING:
    from biobank.names.index import NameIndex

#: Minimum number of typed letters, and of sounds, for matches by transliteration.
READ_LEAST = 3
SOUNDS_LEAST = 2
#: Maximum cost per typed sound against the start of a word.
COST_EACH = 0.05
#: Sorts after every letter that may follow.
BEHIND = "\U0010ffff"

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Completion:
    """A person with a matching name; `by_transliteration` if no exact prefix matches."""

    person_id: str
    name: str
    documented: int
    read: bool

    @property
    def rank(self) -> tuple[bool, int, str, str]:
        """Return the sort key; lower is better."""
        return self.read, -self.documented, self.name, self.person_id


class Completions:
    """Prefix index over the words of one name index. Immutable."""

    def __init__(self, index: NameIndex) -> None:
        self._index = index
        vocabulary = index.vocabulary
        by_fold = sorted(zip(vocabulary.folded, range(len(vocabulary)), strict=True))
        self._folded = [folded for folded, _ in by_fold]
        self._words = np.array([number for _, number in by_fold], np.int32)
        self._keys, self._read_words, self._sounds = vocabulary.by_fine_key()

    def find(self, text: str, alive: Mask, most: int) -> list[Completion]:
        """Return active people with a name that has a word for each prefix in `text`."""
        ready = prepared(text)
        typed = [token.text[:LETTERS_MOST] for token in tokens(ready)][:WORDS_MOST]
        if not typed:
            return []
        keys = tuple(table.key for table in orthographies(ready))
        exact = alive[self._index.owners]
        read = exact.copy()
        for word in typed:
            plain = self._beginning(fold(word))
            exact &= self._having(plain)
            read &= self._having(np.concatenate([plain, self._read(word, keys)]))
        return self._ranked(exact, read & ~exact, most)

    def _ranked(self, exact: Mask, read: Mask, most: int) -> list[Completion]:
        index = self._index
        found: dict[str, Completion] = {}
        for mask, is_read in ((exact, False), (read, True)):
            names = np.flatnonzero(mask)
            documented = index.documented[index.owners[names]]
            for at in np.argsort(-documented, kind="stable")[: 4 * most].tolist():
                id_ = index.ids[index.owners[names[at]]]
                one = Completion(id_, index.names[names[at]], int(documented[at]), is_read)
                found.setdefault(id_, one)
        return sorted(found.values(), key=lambda one: one.rank)[:most]

    def _having(self, words: NDArray[np.int32]) -> Mask:
        """Return the mask of names that contain any of `words`."""
        mask = np.zeros(len(self._index.names), np.bool_)
        mask[self._index.with_words(words)[0]] = True
        return mask

    def _beginning(self, folded: str) -> NDArray[np.int32]:
        start = bisect_left(self._folded, folded)
        return self._words[start : bisect_left(self._folded, folded + BEHIND)]

    def _read(self, word: str, keys: tuple[str, ...]) -> NDArray[np.int32]:
        """Return words that start with `word` under one of its transliterations."""
        found = [np.empty(0, np.int32)]
        for reading in readings(word, keys) if len(word) >= READ_LEAST else ():
            if len(reading.skeleton) >= SOUNDS_LEAST:
                found.append(self._sounding(reading.skeleton))
        return np.unique(np.concatenate(found))

    def _sounding(self, skeleton: str) -> NDArray[np.int32]:
        """Return words with a transliteration that has the same key prefix and similar sounds."""
        key = fine_key(skeleton).encode()
        start, end = np.searchsorted(self._keys, [key, key + b"\x7f"])
        typed = np.array([CODES[sign] for sign in skeleton[: self._sounds.shape[1]]])
        costs = SIGN_COSTS[typed, self._sounds[start:end, : len(typed)]].sum(axis=1)
        near: NDArray[np.int32] = self._read_words[start:end][costs <= COST_EACH * len(typed)]
        return near
