"""The matcher: one person under every spelling and script."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biobank.names.index import NameIndex, Person
from biobank.names.recut import cut_otherwise
from biobank.names.scoring import CANDIDATES, search
from biobank.names.structure import NAME, TITLE, Name, Word, parse
from biobank.names.vocabulary import EQUAL, READING, SIMILAR

QUALITIES = {EQUAL: "equal", READING: "reading", SIMILAR: "similar"}
#: Good enough to need no other way of cutting the question into words.
GOOD = 0.97
#: So poor that words nobody has are joined too, in case there is a slip in them.
POOR = 0.75
#: What a name joined or cut differently loses.
RECUT = 0.985
GUESSED = 0.9
#: Less than this is not shown at all.
LEAST = 0.5
#: Changed people that are searched beside the rest before all are put together again.
OVERLAY_MOST = 2000


@dataclass(frozen=True, slots=True)
class Pair:
    """A word of the question and the word of the name it stands for; either may be empty."""

    query: str
    name: str
    quality: str
    reading: str
    likeness: float = 0.0


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
class _State:
    """What readers see: indexes side by side, with those people in them that still count."""

    indexes: tuple[NameIndex, ...]
    alive: tuple[NDArray[np.bool_], ...]

    def knows(self, skeleton: str, fine: bool) -> bool:
        """Whether anybody's name has a word with the same coarse, or fine, key."""
        return any(index.vocabulary.knows(skeleton, fine=fine) for index in self.indexes)

    def familiarity(self, word: Word, keys: tuple[str, ...]) -> float:
        """How like a word of anybody's name a word is: 1 where it is one under a reading."""
        best = 0.0
        for index in self.indexes:
            near = index.vocabulary.near(word, keys)
            value = np.where(near.levels > SIMILAR, 1.0, np.minimum(near.likeness, 0.99))
            best = max(best, float(value.max(initial=0.0)))
        return best


@dataclass(frozen=True)
class _Found:
    id: str
    rank: tuple[bool, float, bool, int]
    index: NameIndex
    name: int
    score: float
    level: int
    taken: tuple[int, ...]
    asked: Name

    @property
    def whole(self) -> bool:
        """Whether every word of the question that says much has a word of the name."""
        return all(
            slot >= 0 or word.role not in (NAME, TITLE)
            for word, slot in zip(self.asked.words, self.taken, strict=True)
        )


class Matcher:
    """Safe for any number of readers while one writer changes it."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        index = NameIndex(people)
        self._state = _State((index,), (np.ones(len(index), np.bool_),))
        self._writing = threading.Lock()

    def __len__(self) -> int:
        return sum(int(alive.sum()) for alive in self._state.alive)

    def apply(self, upserts: Iterable[Person] = (), deletes: Iterable[str] = ()) -> None:
        """Brings in changed people and leaves out deleted ones; readers see all of it or nothing.

        Changed people are searched beside the rest, so that a publish costs some milliseconds; when
        they have become many, everything is put together again, while readers use what was.
        """
        with self._writing:
            state = self._state
            changed = {person[0]: person for person in upserts}
            gone = set(deletes) - changed.keys()
            base, base_alive = state.indexes[0], state.alive[0].copy()
            for id_ in (*changed, *gone):
                if id_ in base.numbers:
                    base_alive[base.numbers[id_]] = False
            overlay = {person[0]: person for person in _people(state, 1)}
            overlay = {id_: p for id_, p in (overlay | changed).items() if id_ not in gone}
            if len(overlay) > max(OVERLAY_MOST, len(base) // 20):
                kept = _State((base,), (base_alive,))
                index = NameIndex([*_people(kept, 0), *overlay.values()])
                self._state = _State((index,), (np.ones(len(index), np.bool_),))
            elif overlay:
                index = NameIndex(overlay.values())
                alive = np.ones(len(index), np.bool_)
                self._state = _State((base, index), (base_alive, alive))
            else:
                self._state = _State((base,), (base_alive,))

    def familiarity(self, word: str) -> float:
        """How like a word of anybody's name `word` is: 1 where it is one under a reading."""
        asked = parse(word)
        return self._state.familiarity(asked.words[0], asked.keys) if asked.words else 0.0

    def find(self, text: str, limit: int = 10) -> list[Match]:
        """The people whom `text` may name, best first.

        What is equal or equal under a reading comes before what is only similar; within, the
        likelier; of those alike, the better documented.
        """
        state = self._state
        asked = parse(text)
        if not asked.words:
            return []
        most = max(CANDIDATES, 4 * limit)
        found = _search(state, asked, most, limit, 1.0)
        best_score = max((one.score for one in found), default=0.0)
        if best_score < GOOD and not any(one.level > SIMILAR and one.whole for one in found):
            desperate = best_score < POOR
            for other in cut_otherwise(asked, state, desperate=desperate):
                part = GUESSED if desperate else RECUT
                found += _search(state, other, CANDIDATES, limit, part)
        best: dict[str, _Found] = {}
        for one in found:
            if one.id not in best or one.rank < best[one.id].rank:
                best[one.id] = one
        ranked = sorted(best.values(), key=lambda one: (*one.rank, one.id))
        return [_match(one) for one in ranked[:limit]]


def compare(one: str, other: str) -> Match | None:
    """How `one`, as a question, matches the name `other`; None where they are nothing alike."""
    found = Matcher([(other, [other], 0)]).find(one, 1)
    return found[0] if found else None


def similarity(one: str, other: str) -> float:
    """Likeness of two names, 0–1, the same both ways: the lesser of what each is to the other."""
    both = (compare(one, other), compare(other, one))
    return min(match.score if match else 0.0 for match in both)


def _people(state: _State, place: int) -> Iterator[Person]:
    """The people of one of the indexes that still count, as they were given."""
    if place < len(state.indexes):
        index, alive = state.indexes[place], state.alive[place]
        for number, person in enumerate(index.people()):
            if alive[number]:
                yield person


def _search(state: _State, asked: Name, most: int, limit: int, part: float) -> list[_Found]:
    """The best name of each of the best `limit` people, of every index; scores are times `part`."""
    # A single word is borne by many; small differences of what else they are called say nothing.
    single = sum(word.role == NAME for word in asked.words) <= 1
    places = 2 if single else 4
    found = []
    for index, alive in zip(state.indexes, state.alive, strict=True):
        scored = search(index, asked, alive, most)
        scores = scored.scores * part
        owners = index.owners[scored.names]
        similar = scored.levels == SIMILAR
        documented = index.documented[owners]
        rounded = np.round(scores, places)
        reading = (scored.levels == READING) & (not single)
        order = np.lexsort((scored.names, -documented, reading, -rounded, similar))
        order = order[scores[order] >= LEAST]
        _, first = np.unique(owners[order], return_index=True)
        for row in order[np.sort(first)[: 2 * limit]].tolist():
            rank = (
                bool(similar[row]),
                -float(rounded[row]),
                bool(reading[row]),
                -int(documented[row]),
            )
            found.append(
                _Found(
                    index.ids[owners[row]],
                    rank,
                    index,
                    int(scored.names[row]),
                    float(scores[row]),
                    int(scored.levels[row]),
                    tuple(scored.taken[row].tolist()),
                    asked,
                )
            )
    return found


def _match(one: _Found) -> Match:
    pairs = tuple(_pairs(one))
    keys = [pair.reading for pair in pairs if pair.reading]
    return Match(
        one.id,
        round(one.score, 4),
        QUALITIES[one.level],
        one.index.names[one.name],
        pairs,
        keys[0] if keys else "",
    )


def _pairs(one: _Found) -> Iterator[Pair]:
    words = parse(one.index.names[one.name]).words
    for word, slot in zip(one.asked.words, one.taken, strict=True):
        if slot < 0:
            yield Pair(word.text, "", QUALITIES[SIMILAR], "")
            continue
        number = one.index.slots[one.name, slot]
        near = one.index.vocabulary.near(word, one.asked.keys)
        at = int(np.flatnonzero(near.ids == number)[0])
        reading = int(near.reading[at])
        key = near.readings[reading].key if reading >= 0 else ""
        quality = QUALITIES[int(near.levels[at])]
        yield Pair(word.text, words[slot].text, quality, key, round(float(near.likeness[at]), 3))
