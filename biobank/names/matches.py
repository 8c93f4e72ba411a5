"""What a look-up answers: the person, which of their names, how good, and word by word why."""

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
    """A word of the question and the word of the name it stands for; either may be empty."""

    query: str
    name: str
    quality: str
    reading: str
    likeness: float = 0.0
    #: Whether the question's word is a name, and not a title, an initial or the father's.
    telling: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """A person found: which of their names, how good, and why; `score` 0–1 is no identity."""

    person_id: str
    score: float
    quality: str
    name: str
    pairs: tuple[Pair, ...]
    reading: str


@dataclass(frozen=True)
class Found:
    """A name that was scored; the words are paired only when somebody wants to know."""

    id: str
    #: Less is better: only similar, then the score, then read otherwise, then badly documented.
    rank: tuple[bool, float, bool, int]
    index: NameIndex
    name: int
    score: float
    level: int
    #: By word of the question, the slot of the name that it was assigned to.
    taken: tuple[int, ...]
    asked: Name

    @property
    def whole(self) -> bool:
        """Whether every word of the question that says much has a word of the name."""
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
