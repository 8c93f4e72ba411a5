"""Name index of a set of people: names as rows of word numbers, and postings by word."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from biobank.names.completion import Completions
from biobank.names.structure import WORDS_MOST, parse
from biobank.names.vocabulary import Key, Vocabulary, key_of

#: (id, names, documentation score): the input of the matcher.
Person = tuple[str, Sequence[str], int]
EMPTY = -1


class NameIndex:
    """An immutable index; people and names are numbered in the order given."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.ids: list[str] = []
        self.names: list[str] = []
        numbers: dict[Key, int] = {}
        owners, documented = array("i"), array("i")
        slots, weights, roles = array("i"), array("f"), array("b")
        for person, (id_, names, count) in enumerate(people):
            self.ids.append(id_)
            documented.append(count)
            for text in dict.fromkeys(names):
                name = parse(text)
                if not name.words:
                    continue
                self.names.append(text)
                owners.append(person)
                rest = WORDS_MOST - len(name.words)
                keys = (key_of(word, name.keys) for word in name.words)
                slots.extend(
                    [*(numbers.setdefault(k, len(numbers)) for k in keys), *[EMPTY] * rest]
                )
                weights.extend([*name.weights(), *[0.0] * rest])
                roles.extend([*(word.role for word in name.words), *[EMPTY] * rest])
        self.documented = np.array(documented, np.int32)
        self.owners = np.array(owners, np.int32)
        self.slots = np.array(slots, np.int32).reshape(-1, WORDS_MOST)
        self.weights = np.array(weights, np.float32).reshape(-1, WORDS_MOST)
        self.roles = np.array(roles, np.int8).reshape(-1, WORDS_MOST)
        self.vocabulary = Vocabulary(list(numbers))
        self._index(len(numbers))
        self.numbers = {id_: number for number, id_ in enumerate(self.ids)}
        self.bias = self._bias()
        #: By name, whether its short vowels are not written.
        self.vowelless = self.vocabulary.vowelless[self.slots[:, 0]]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def completions(self) -> Completions:
        """Return the prefix index, built on first use."""
        return Completions(self)

    def person(self, number: int) -> Person:
        """Return a person as given, without duplicate names."""
        names = [self.names[name] for name in self.names_of(number).tolist()]
        return self.ids[number], names, int(self.documented[number])

    def names_of(self, number: int) -> NDArray[np.int32]:
        """Return the numbers of a person's names, which are consecutive."""
        start, end = np.searchsorted(self.owners, (number, number + 1))
        return np.arange(start, end, dtype=np.int32)

    def _index(self, words: int) -> None:
        """Build the postings: the names with each word, in one array sliced by `_starts`."""
        rows, columns = np.nonzero(self.slots != EMPTY)
        held = self.slots[rows, columns]
        order = np.argsort(held, kind="stable")
        self._postings = rows[order].astype(np.int32)
        self._starts = np.searchsorted(held[order], np.arange(words + 1))

    def _bias(self) -> NDArray[np.float32]:
        """Return tie breakers: shorter names first, then the better documented people."""
        lengths = (self.slots != EMPTY).sum(axis=1)
        rank = np.argsort(np.argsort(self.documented, kind="stable"), kind="stable")
        share = rank / max(1, len(rank))
        bias = 0.02 / np.maximum(lengths, 1) + 0.005 * share[self.owners]
        found: NDArray[np.float32] = bias.astype(np.float32)
        return found

    def with_words(self, words: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the names that contain any of `words`, and the number of names per word."""
        starts, ends = self._starts[words], self._starts[words + 1]
        parts = [self._postings[a:b] for a, b in zip(starts, ends, strict=True)]
        names = np.concatenate(parts) if parts else np.empty(0, np.int32)
        return names, ends - starts
