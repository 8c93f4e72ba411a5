"""Name index of a set of people: names as rows of word numbers, and postings by word."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from biobank.names.completion import CompletionIndex
from biobank.names.structure import MAX_NAME_WORDS, NameWord, parse_name
from biobank.names.vocabulary import SIMILAR, Vocabulary, WordKey, word_key

#: (id, names, documentation score): the input of the matcher.
PersonNames = tuple[str, Sequence[str], int]
EMPTY_SLOT = -1


class NameIndex:
    """An immutable index; people and names are numbered in the order given."""

    def __init__(self, people: Iterable[PersonNames]) -> None:
        self.ids: list[str] = []
        self.names: list[str] = []
        numbers: dict[WordKey, int] = {}
        owners, popularity = array("i"), array("i")
        slots, weights, roles = array("i"), array("f"), array("b")
        for person, (id_, names, count) in enumerate(people):
            self.ids.append(id_)
            popularity.append(count)
            for text in dict.fromkeys(names):
                name = parse_name(text)
                if not name.words:
                    continue
                self.names.append(text)
                owners.append(person)
                padding = MAX_NAME_WORDS - len(name.words)
                keys = (word_key(word, name.keys) for word in name.words)
                slots.extend(
                    [*(numbers.setdefault(key, len(numbers)) for key in keys), *[EMPTY_SLOT] * padding]
                )
                weights.extend([*name.weights(), *[0.0] * padding])
                roles.extend([*(word.role for word in name.words), *[EMPTY_SLOT] * padding])
        self.popularity = np.array(popularity, np.int32)
        self.owners = np.array(owners, np.int32)
        self.slots = np.array(slots, np.int32).reshape(-1, MAX_NAME_WORDS)
        self.weights = np.array(weights, np.float32).reshape(-1, MAX_NAME_WORDS)
        self.roles = np.array(roles, np.int8).reshape(-1, MAX_NAME_WORDS)
        self.vocabulary = Vocabulary(list(numbers))
        self._build_postings(len(numbers))
        self.numbers = {id_: number for number, id_ in enumerate(self.ids)}
        self.bias = self._tie_breakers()
        #: By name, whether its short vowels are not written.
        self.vowelless = self.vocabulary.vowelless[self.slots[:, 0]]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def completions(self) -> CompletionIndex:
        """Return the prefix index, built on first use."""
        return CompletionIndex(self)

    def person(self, number: int) -> PersonNames:
        """Return a person as given, without duplicate names."""
        names = [self.names[name] for name in self.names_of(number).tolist()]
        return self.ids[number], names, int(self.popularity[number])

    def names_of(self, number: int) -> NDArray[np.int32]:
        """Return the numbers of a person's names, which are consecutive."""
        start, end = np.searchsorted(self.owners, (number, number + 1))
        return np.arange(start, end, dtype=np.int32)

    def _build_postings(self, words: int) -> None:
        """Build the postings: the names with each word, in one array sliced by `_starts`."""
        rows, columns = np.nonzero(self.slots != EMPTY_SLOT)
        word_numbers = self.slots[rows, columns]
        order = np.argsort(word_numbers, kind="stable")
        self._postings = rows[order].astype(np.int32)
        self._starts = np.searchsorted(word_numbers[order], np.arange(words + 1))

    def _tie_breakers(self) -> NDArray[np.float32]:
        """Return tie breakers: shorter names first, then the better documented people."""
        lengths = (self.slots != EMPTY_SLOT).sum(axis=1)
        rank = np.argsort(np.argsort(self.popularity, kind="stable"), kind="stable")
        share = rank / max(1, len(rank))
        raw_bias = 0.02 / np.maximum(lengths, 1) + 0.005 * share[self.owners]
        bias: NDArray[np.float32] = raw_bias.astype(np.float32)
        return bias

    def names_with_words(self, words: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the names that contain any of `words`, and the number of names per word."""
        starts, ends = self._starts[words], self._starts[words + 1]
        parts = [self._postings[start:end] for start, end in zip(starts, ends, strict=True)]
        names = np.concatenate(parts) if parts else np.empty(0, np.int32)
        return names, ends - starts


@dataclass(frozen=True)
class MatcherSnapshot:
    """An immutable snapshot: the indexes, and a mask of active people for each."""

    indexes: tuple[NameIndex, ...]
    active_masks: tuple[NDArray[np.bool_], ...]

    def has_key(self, skeleton: str, fine: bool) -> bool:
        """Return whether a name has a word with the same coarse key, or fine key if `fine`."""
        return any(index.vocabulary.has_key(skeleton, fine=fine) for index in self.indexes)

    def word_similarity(self, word: NameWord, keys: tuple[str, ...]) -> float:
        """Return how similar a word is to a word of any name; 1 for a transliteration."""
        best = 0.0
        for index in self.indexes:
            word_matches = index.vocabulary.match(word, keys)
            value = np.where(word_matches.levels > SIMILAR, 1.0, np.minimum(word_matches.similarity, 0.99))
            best = max(best, float(value.max(initial=0.0)))
        return best

    def locate(self, person_id: str) -> tuple[NameIndex, int] | None:
        """Return the index that contains a person, and the person's number in it."""
        for index, active_mask in zip(self.indexes, self.active_masks, strict=True):
            number = index.numbers.get(person_id)
            if number is not None and active_mask[number]:
                return index, number
        return None


def active_people(snapshot: MatcherSnapshot, index_number: int) -> Iterator[PersonNames]:
    """Yield the active people of one of the indexes, as they were given."""
    if index_number < len(snapshot.indexes):
        index, active_mask = snapshot.indexes[index_number], snapshot.active_masks[index_number]
        for number in np.flatnonzero(active_mask).tolist():
            yield index.person(number)


def is_unchanged(location: tuple[NameIndex, int] | None, person: PersonNames) -> bool:
    """Return whether an indexed person equals the given data."""
    if location is None:
        return False
    index, number = location
    _, names, popularity = index.person(number)
    _, new_names, new_popularity = person
    return popularity == new_popularity and list(names) == list(dict.fromkeys(new_names))
