"""Match results: the person, the matched name, the score, and the matched word pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from biobank.names.index import NameIndex
from biobank.names.structure import NAME, TITLE, Name, parse
from biobank.names.vocabulary import EQUAL, READING, SIMILAR

QUALITIES = {EQUAL: "equal", READING: "reading", SIMILAR: "similar"}


@dataclass(frozen=True, slots=True)
class Pair:
    """A word of the query and the corresponding word of the name; either may be empty."""

    query: str
    name: str
    quality: str
    reading: str
    likeness: float = 0.0
    #: Whether the query word is a name, not a title, an initial or a patronymic.
    telling: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """A matched person and name with word pairs; even a high `score` (0–1) proves no identity."""

    person_id: str
    score: float
    quality: str
    name: str
    pairs: tuple[Pair, ...]
    reading: str


@dataclass(frozen=True)
class Found:
    """A scored name; its words are paired on demand only."""

    id: str
    #: Lower is better: only similar, negative score, by transliteration, negative popularity.
    rank: tuple[bool, float, bool, int]
    index: NameIndex
    name: int
    score: float
    level: int
    #: The slot of the name assigned to each word of the query.
    taken: tuple[int, ...]
    asked: Name

    @property
    def whole(self) -> bool:
        """Return whether every name and title of the query corresponds to a word of the name."""
        return all(
            slot >= 0 or word.role not in (NAME, TITLE)
            for word, slot in zip(self.asked.words, self.taken, strict=True)
        )

    def match(self) -> Match:
        pairs = tuple(self._pairs())
        keys = [pair.reading for pair in pairs if pair.reading]
        return Match(
            self.id,
            round(self.score, 4),
            QUALITIES[self.level],
            self.index.names[self.name],
            pairs,
            keys[0] if keys else "",
        )

    def _pairs(self) -> Iterator[Pair]:
        words = parse(self.index.names[self.name]).words
        for word, slot in zip(self.asked.words, self.taken, strict=True):
            if slot < 0:
                yield Pair(word.text, "", QUALITIES[SIMILAR], "", telling=word.role == NAME)
                continue
            number = self.index.slots[self.name, slot]
            near = self.index.vocabulary.near(word, self.asked.keys)
            at = int(np.flatnonzero(near.ids == number)[0])
            reading = int(near.reading[at])
            key = near.readings[reading].key if reading >= 0 else ""
            quality = QUALITIES[int(near.levels[at])]
            yield Pair(
                word.text, words[slot].text, quality, key, round(float(near.likeness[at]), 3)
            )
