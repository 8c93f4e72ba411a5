"""The matcher: one person under every spelling and script."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biobank.names.completion import Completion
from biobank.names.index import EMPTY, NameIndex, Person
from biobank.names.matches import Found, Match
from biobank.names.recut import recut
from biobank.names.scoring import CANDIDATES, Scored, names_with, score_names, search, search_whole
from biobank.names.structure import NAME, TITLE, Name, Word, parse
from biobank.names.vocabulary import READING, SIMILAR, VOWELLESS

#: Good enough to need no other way of cutting the question into words.
GOOD = 0.97
#: So poor that words nobody has are joined too, in case there is a slip in them.
POOR = 0.75
#: What a name joined or cut differently loses.
RECUT = 0.985
GUESSED = 0.9
#: Less than this is not shown at all.
LEAST = 0.5
#: What a spelling that has to be read loses to the very same name, where all else is the same.
READ = 0.001
#: What is left of a likeness to a name whose vowels are not written: nearly all are like it.
UNTOLD = 0.85
#: Names of one person fit as well as each other where their scores differ by less.
NEAR = 0.03
#: Changed people that are searched beside the rest before all are put together again.
OVERLAY_MOST = 2000


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

    def holding(self, person_id: str) -> tuple[NameIndex, int] | None:
        """Where a person stands, and under which number."""
        for index, alive in zip(self.indexes, self.alive, strict=True):
            number = index.numbers.get(person_id)
            if number is not None and alive[number]:
                return index, number
        return None


class Matcher:
    """Safe for any number of readers while one writer changes it."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        index = NameIndex(people)
        self._state = _State((index,), (np.ones(len(index), np.bool_),))
        self._writing = threading.Lock()

    def __len__(self) -> int:
        return sum(int(alive.sum()) for alive in self._state.alive)

    def ids(self) -> list[str]:
        """Everybody's id."""
        return [id_ for place in (0, 1) for id_, _, _ in _people(self._state, place)]

    def __contains__(self, person_id: str) -> bool:
        return self._state.holding(person_id) is not None

    def apply(self, upserts: Iterable[Person] = (), deletes: Iterable[str] = ()) -> None:
        """Brings in changed people and leaves out deleted ones; readers see all of it or nothing.

        Changed people are searched beside the rest, so that a publish costs some milliseconds; when
        they have become many, everything is put together again, while readers use what was.
        """
        with self._writing:
            state = self._state
            changed = {p[0]: p for p in upserts if not _same(state.holding(p[0]), p)}
            gone = set(deletes) - changed.keys()
            if not changed and not gone:
                return
            base, base_alive = state.indexes[0], state.alive[0].copy()
            for id_ in (*changed, *gone):
                if id_ in base.numbers:
                    base_alive[base.numbers[id_]] = False
            overlay = {person[0]: person for person in _people(state, 1)}
            overlay = {id_: p for id_, p in (overlay | changed).items() if id_ not in gone}
            if not len(base) or len(overlay) > max(OVERLAY_MOST, len(base) // 20):
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

    def having(self, word: str) -> NDArray[np.bool_]:
        """Of all names one after another, which have `word`, equal or under a reading."""
        asked = parse(word)
        found = []
        for index, alive in zip(self._state.indexes, self._state.alive, strict=True):
            mask = np.zeros(len(index.names), np.bool_)
            for part in asked.words:
                mask[names_with(index, part, asked.keys)] = True
            found.append(mask & alive[index.owners])
        return np.concatenate(found)

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
        if not _settled(found):
            for other, part in _other_ways(state, asked, found):
                found += _search(state, other, CANDIDATES, limit, part)
        best: dict[str, Found] = {}
        for one in found:
            if one.id not in best or one.rank < best[one.id].rank:
                best[one.id] = one
        ranked = sorted(best.values(), key=lambda one: (*one.rank, one.id))
        return [one.match() for one in ranked[:limit]]

    def bearers(self, text: str, *, cut_otherwise: bool = False) -> Mapping[str, float]:
        """Everybody who is called `text`, equal or under a reading, with how well, 0–1.

        All of them, however many bear a surname; those who are alike have the same score.  If
        `cut_otherwise`, words are joined or cut in two where nobody bears all that was asked.
        """
        state = self._state
        asked = parse(text)
        if not any(word.role == NAME for word in asked.words):
            return {}
        found, whole = _bearers(state, asked, 1.0)
        if cut_otherwise and not whole:
            for other, part in _other_ways(state, asked):
                for id_, score in _bearers(state, other, part)[0].items():
                    found[id_] = max(score, found.get(id_, 0.0))
        return found

    def complete(self, text: str, most: int) -> list[Completion]:
        """People with a name that begins as `text` does, in whatever script, best documented first.

        Each beginning typed is of another word of the name, in any order.
        """
        state = self._state
        found = [
            one
            for index, alive in zip(state.indexes, state.alive, strict=True)
            for one in index.completions.find(text, alive, most)
        ]
        return sorted(found, key=lambda one: one.rank)[:most]

    def match(self, text: str, person_id: str) -> Match | None:
        """How `text` matches the name of one person that fits it best; None where none does.

        Of names that fit nearly as well the first as given, which is the one the person goes by.
        """
        state = self._state
        asked = parse(text)
        held = state.holding(person_id)
        if held is None or not asked.words:
            return None
        index, number = held
        found = list(_of_person(index, number, asked, 1.0))
        if not _settled(found):
            for other, part in _other_ways(state, asked, found):
                found += _of_person(index, number, other, part)
        if not found:
            return None
        best = min(found, key=lambda one: one.rank)
        near = [one for one in found if one.level == best.level and one.score > best.score - NEAR]
        return min(near, key=lambda one: (one.name, one.rank)).match()


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
        for number in np.flatnonzero(alive).tolist():
            yield index.person(number)


def _same(held: tuple[NameIndex, int] | None, person: Person) -> bool:
    """Whether a person stands in an index just so."""
    if held is None:
        return False
    index, number = held
    _, names, documented = index.person(number)
    _, new_names, new_documented = person
    return documented == new_documented and list(names) == list(dict.fromkeys(new_names))


def _settled(found: Sequence[Found]) -> bool:
    """Whether there is no need to cut the question in other ways."""
    return any(one.level > SIMILAR and one.whole for one in found) or _best(found) >= GOOD


def _best(found: Sequence[Found]) -> float:
    return max((one.score for one in found), default=0.0)


def _other_ways(
    state: _State, asked: Name, found: Sequence[Found] | None = None
) -> Iterator[tuple[Name, float]]:
    """The question cut otherwise, and what part of a score that leaves."""
    desperate = found is not None and _best(found) < POOR
    for other in recut(asked, state, desperate=desperate):
        yield other, GUESSED if desperate else RECUT


def _search(state: _State, asked: Name, most: int, limit: int, part: float) -> list[Found]:
    """The best name of each of the best `limit` people, of every index; scores are times `part`."""
    return [
        one
        for index, alive in zip(state.indexes, state.alive, strict=True)
        for one in _ranked(index, search(index, asked, alive, most), asked, part, 2 * limit)
    ]


def _of_person(index: NameIndex, number: int, asked: Name, part: float) -> Iterator[Found]:
    """The names of one person that fit, best first."""
    scored = score_names(index, asked, index.names_of(number))
    yield from _ranked(index, scored, asked, part, len(scored.names), each_name=True)


def _bearers(state: _State, asked: Name, part: float) -> tuple[dict[str, float], bool]:
    """Everybody with how well, and whether any name has all the names and titles asked for."""
    found: dict[str, float] = {}
    told = np.array([word.role in (NAME, TITLE) for word in asked.words])
    whole = False
    for index, alive in zip(state.indexes, state.alive, strict=True):
        scored = search_whole(index, asked, alive)
        scores = np.round(scored.scores * part, _places(asked))
        scores -= READ * ((scored.levels == READING) & (not _single(asked)))
        owners = index.owners[scored.names]
        # Ascending, so that of the names of one person the likeliest is written last and stays.
        order = np.argsort(scores, kind="stable")
        for owner, score in zip(owners[order].tolist(), scores[order].tolist(), strict=True):
            found[index.ids[owner]] = score
        whole |= bool((scored.taken[:, told] != EMPTY).all(axis=1).any())
    return found, whole


def _single(asked: Name) -> bool:
    return sum(word.role == NAME for word in asked.words) <= 1


def _places(asked: Name) -> int:
    """Digits of a score that count.

    A single word is borne by many; small differences of what else they are called say nothing.
    """
    return 2 if _single(asked) else 4


def _ranked(
    index: NameIndex,
    scored: Scored,
    asked: Name,
    part: float,
    most: int,
    *,
    each_name: bool = False,
) -> Iterator[Found]:
    """The best name of each of the best `most` people, or each name; scores times `part`."""
    owners = index.owners[scored.names]
    similar = scored.levels == SIMILAR
    scores = scored.scores * part
    if VOWELLESS not in asked.keys:
        scores = np.where(similar & index.vowelless[scored.names], scores * UNTOLD, scores)
    documented = index.documented[owners]
    rounded = np.round(scores, _places(asked))
    reading = (scored.levels == READING) & (not _single(asked))
    order = np.lexsort((scored.names, -documented, reading, -rounded, similar))
    order = order[scores[order] >= LEAST]
    who = scored.names if each_name else owners
    _, first = np.unique(who[order], return_index=True)
    for row in order[np.sort(first)[:most]].tolist():
        yield Found(
            id=index.ids[owners[row]],
            rank=(
                bool(similar[row]),
                -float(rounded[row]),
                bool(reading[row]),
                -int(documented[row]),
            ),
            index=index,
            name=int(scored.names[row]),
            score=float(scores[row]),
            level=int(scored.levels[row]),
            taken=tuple(scored.taken[row].tolist()),
            asked=asked,
        )
