"""Snapshots of the matcher: its indexes, and the people in them that are active."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biobank.names.index import NameIndex, PersonNames
from biobank.names.structure import NameWord
from biobank.names.vocabulary import SIMILAR


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
            value = np.where(
                word_matches.levels > SIMILAR, 1.0, np.minimum(word_matches.similarity, 0.99)
            )
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
