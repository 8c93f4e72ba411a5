"""Match results: the person, the matched name, the score, and the matched word pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from biobank.names.index import NameIndex
from biobank.names.structure import NAME_ROLE, TITLE_ROLE, ParsedName, parse_name
from biobank.names.vocabulary import EQUAL, READING, SIMILAR

QUALITIES = {EQUAL: "equal", READING: "reading", SIMILAR: "similar"}


@dataclass(frozen=True, slots=True)
class WordPair:
    """A word of the query and the corresponding word of the name; either may be empty."""

    query: str
    name: str
    quality: str
    reading: str
    similarity: float = 0.0
    #: Whether the query word is a name, not a title, an initial or a patronymic.
    is_name: bool = True


@dataclass(frozen=True, slots=True)
class Match:
    """A matched person and name with word pairs; even a high `score` (0–1) proves no identity."""

    person_id: str
    score: float
    quality: str
    name: str
    pairs: tuple[WordPair, ...]
    reading: str


@dataclass(frozen=True)
class NameCandidate:
    """A scored name; its words are paired on demand only."""

    id: str
    #: Lower is better: only similar, negative score, by transliteration, negative popularity.
    rank: tuple[bool, float, bool, int]
    index: NameIndex
    name: int
    score: float
    level: int
    #: The slot of the name assigned to each word of the query.
    slots: tuple[int, ...]
    query: ParsedName

    @property
    def is_complete(self) -> bool:
        """Return whether every name and title of the query corresponds to a word of the name."""
        return all(
            slot >= 0 or word.role not in (NAME_ROLE, TITLE_ROLE)
            for word, slot in zip(self.query.words, self.slots, strict=True)
        )

    def to_match(self) -> Match:
        pairs = tuple(self._word_pairs())
        keys = [pair.reading for pair in pairs if pair.reading]
        return Match(
            self.id,
            round(self.score, 4),
            QUALITIES[self.level],
            self.index.names[self.name],
            pairs,
            keys[0] if keys else "",
        )

    def _word_pairs(self) -> Iterator[WordPair]:
        words = parse_name(self.index.names[self.name]).words
        for word, slot in zip(self.query.words, self.slots, strict=True):
            if slot < 0:
                yield WordPair(
                    word.text, "", QUALITIES[SIMILAR], "", is_name=word.role == NAME_ROLE
                )
                continue
            number = self.index.slots[self.name, slot]
            word_matches = self.index.vocabulary.match(word, self.query.keys)
            position = int(np.flatnonzero(word_matches.ids == number)[0])
            reading = int(word_matches.reading[position])
            key = word_matches.readings[reading].key if reading >= 0 else ""
            quality = QUALITIES[int(word_matches.levels[position])]
            yield WordPair(
                word.text,
                words[slot].text,
                quality,
                key,
                round(float(word_matches.similarity[position]), 3),
            )
