"""Snapshots of the matcher: its indexes, and the people in them that are active."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biobank.names.index import NameIndex, Person
from biobank.names.structure import Word
from biobank.names.vocabulary import SIMILAR


@dataclass(frozen=True)
class State:
    """An immutable snapshot: the indexes, and a mask of active people for each."""

    indexes: tuple[NameIndex, ...]
    alive: tuple[NDArray[np.bool_], ...]

    def knows(self, skeleton: str, fine: bool) -> bool:
        """Return whether a name has a word with the same coarse key, or fine key if `fine`."""
        return any(index.vocabulary.knows(skeleton, fine=fine) for index in self.indexes)

    def familiarity(self, word: Word, keys: tuple[str, ...]) -> float:
        """Return how similar a word is to a word of any name; 1 for a transliteration."""
        best = 0.0
        for index in self.indexes:
            near = index.vocabulary.near(word, keys)
            value = np.where(near.levels > SIMILAR, 1.0, np.minimum(near.likeness, 0.99))
            best = max(best, float(value.max(initial=0.0)))
        return best

    def holding(self, person_id: str) -> tuple[NameIndex, int] | None:
        """Return the index that contains a person, and the person's number in it."""
        for index, alive in zip(self.indexes, self.alive, strict=True):
            number = index.numbers.get(person_id)
            if number is not None and alive[number]:
                return index, number
        return None


def people_of(state: State, place: int) -> Iterator[Person]:
    """Yield the active people of one of the indexes, as they were given."""
    if place < len(state.indexes):
        index, alive = state.indexes[place], state.alive[place]
        for number in np.flatnonzero(alive).tolist():
            yield index.person(number)


def stands_so(held: tuple[NameIndex, int] | None, person: Person) -> bool:
    """Return whether an indexed person equals the given data."""
    if held is None:
        return False
    index, number = held
    _, names, documented = index.person(number)
    _, new_names, new_documented = person
    return documented == new_documented and list(names) == list(dict.fromkeys(new_names))
