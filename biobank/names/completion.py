"""Completion of typed name prefixes in any script: `гадж` completes to Hacıbəyov."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from biobank.names.folding import fold, tokens
from biobank.names.phonetic_costs import SIGN_CODES, SIGN_COSTS
from biobank.names.phonetic_keys import fine_key
from biobank.names.structure import MAX_NAME_WORDS, MAX_WORD_LETTERS
from biobank.names.transliteration import detect_orthographies, prepare, transliterate

if TYPE_CHECKING:
    from biobank.names.index import NameIndex

#: Minimum number of typed letters, and of sounds, for matches by transliteration.
MIN_TRANSLITERATED_CHARS = 3
MIN_SOUNDS = 2
#: Maximum cost per typed sound against the start of a word.
MAX_COST_PER_SOUND = 0.05
#: Sorts after every letter that may follow.
MAX_CODE_POINT = "\U0010ffff"

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Completion:
    """A person with a matching name; `by_transliteration` if no exact prefix matches."""

    person_id: str
    name: str
    popularity: int
    by_transliteration: bool

    @property
    def rank(self) -> tuple[bool, int, str, str]:
        """Return the sort key; lower is better."""
        return self.by_transliteration, -self.popularity, self.name, self.person_id


class CompletionIndex:
    """Prefix index over the words of one name index. Immutable."""

    def __init__(self, index: NameIndex) -> None:
        self._index = index
        vocabulary = index.vocabulary
        by_fold = sorted(zip(vocabulary.folded, range(len(vocabulary)), strict=True))
        self._folded = [folded for folded, _ in by_fold]
        self._words = np.array([number for _, number in by_fold], np.int32)
        self._keys, self._transliterated_words, self._sounds = vocabulary.by_fine_key()

    def find(self, text: str, active_mask: Mask, limit: int) -> list[Completion]:
        """Return active people with a name that has a word for each prefix in `text`."""
        prepared_text = prepare(text)
        prefixes = [token.text[:MAX_WORD_LETTERS] for token in tokens(prepared_text)][:MAX_NAME_WORDS]
        if not prefixes:
            return []
        keys = tuple(table.key for table in detect_orthographies(prepared_text))
        exact = active_mask[self._index.owners]
        transliterated = exact.copy()
        for prefix in prefixes:
            exact_words = self._words_starting_with(fold(prefix))
            exact &= self._names_with(exact_words)
            transliterated &= self._names_with(
                np.concatenate([exact_words, self._transliterated_prefix(prefix, keys)])
            )
        return self._rank(exact, transliterated & ~exact, limit)

    def _rank(self, exact: Mask, transliterated: Mask, limit: int) -> list[Completion]:
        index = self._index
        best: dict[str, Completion] = {}
        for mask, by_transliteration in ((exact, False), (transliterated, True)):
            names = np.flatnonzero(mask)
            popularity = index.popularity[index.owners[names]]
            for position in np.argsort(-popularity, kind="stable")[: 4 * limit].tolist():
                id_ = index.ids[index.owners[names[position]]]
                completion = Completion(
                    id_, index.names[names[position]], int(popularity[position]), by_transliteration
                )
                best.setdefault(id_, completion)
        return sorted(best.values(), key=lambda completion: completion.rank)[:limit]

    def _names_with(self, words: NDArray[np.int32]) -> Mask:
        """Return the mask of names that contain any of `words`."""
        mask = np.zeros(len(self._index.names), np.bool_)
        mask[self._index.names_with_words(words)[0]] = True
        return mask

    def _words_starting_with(self, folded: str) -> NDArray[np.int32]:
        start = bisect_left(self._folded, folded)
        return self._words[start : bisect_left(self._folded, folded + MAX_CODE_POINT)]

    def _transliterated_prefix(self, word: str, keys: tuple[str, ...]) -> NDArray[np.int32]:
        """Return words that start with `word` under one of its transliterations."""
        words = [np.empty(0, np.int32)]
        for reading in transliterate(word, keys) if len(word) >= MIN_TRANSLITERATED_CHARS else ():
            if len(reading.skeleton) >= MIN_SOUNDS:
                words.append(self._similar_sounding(reading.skeleton))
        return np.unique(np.concatenate(words))

    def _similar_sounding(self, skeleton: str) -> NDArray[np.int32]:
        """Return words with a transliteration that has the same key prefix and similar sounds."""
        key = fine_key(skeleton).encode()
        start, end = np.searchsorted(self._keys, [key, key + b"\x7f"])
        typed = np.array([SIGN_CODES[sign] for sign in skeleton[: self._sounds.shape[1]]])
        costs = SIGN_COSTS[typed, self._sounds[start:end, : len(typed)]].sum(axis=1)
        similar: NDArray[np.int32] = self._transliterated_words[start:end][
            costs <= MAX_COST_PER_SOUND * len(typed)
        ]
        return similar
