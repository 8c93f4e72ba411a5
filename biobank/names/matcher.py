"""The name matcher: finds a person under any spelling and script."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from biobank.names.completion import Completion
from biobank.names.index import NameIndex, Person
from biobank.names.matches import Found, Match
from biobank.names.ranking import all_bearers, best_people, names_of_person
from biobank.names.recut import recut
from biobank.names.scoring import CANDIDATES, names_with
from biobank.names.state import State, people_of, stands_so
from biobank.names.structure import NAME, Name, parse
from biobank.names.vocabulary import SIMILAR

#: Score above which the query is not split into words differently.
GOOD = 0.97
#: Score below which words that match no name are also joined, in case of typing errors.
POOR = 0.75
#: Score factors of differently split names, and of guesses.
RECUT = 0.985
GUESSED = 0.9
#: Score difference within which names of one person count as equally good.
NEAR = 0.03
#: Maximum number of changed people in the overlay index before all are reindexed.
OVERLAY_MOST = 2000


class Matcher:
    """A name matcher for concurrent readers and one writer."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        index = NameIndex(people)
        self._state = State((index,), (np.ones(len(index), np.bool_),))
        self._writing = threading.Lock()

    def __len__(self) -> int:
        return sum(int(alive.sum()) for alive in self._state.alive)

    def ids(self) -> list[str]:
        """Return the ids of all people."""
        return [id_ for place in (0, 1) for id_, _, _ in people_of(self._state, place)]

    def __contains__(self, person_id: str) -> bool:
        return self._state.holding(person_id) is not None

    def apply(self, upserts: Iterable[Person] = (), deletes: Iterable[str] = ()) -> None:
        """Apply upserts and deletes atomically for readers.

        Changed people are stored in an overlay index, so that a publication costs some
        milliseconds; when there are many, everything is reindexed while readers use the previous
        snapshot.
        """
        with self._writing:
            state = self._state
            changed = {p[0]: p for p in upserts if not stands_so(state.holding(p[0]), p)}
            gone = set(deletes) - changed.keys()
            if not changed and not gone:
                return
            base, base_alive = state.indexes[0], state.alive[0].copy()
            for id_ in (*changed, *gone):
                if id_ in base.numbers:
                    base_alive[base.numbers[id_]] = False
            overlay = {person[0]: person for person in people_of(state, 1)}
            overlay = {id_: p for id_, p in (overlay | changed).items() if id_ not in gone}
            if not len(base) or len(overlay) > max(OVERLAY_MOST, len(base) // 20):
                kept = State((base,), (base_alive,))
                index = NameIndex([*people_of(kept, 0), *overlay.values()])
                self._state = State((index,), (np.ones(len(index), np.bool_),))
            elif overlay:
                index = NameIndex(overlay.values())
                alive = np.ones(len(index), np.bool_)
                self._state = State((base, index), (base_alive, alive))
            else:
                self._state = State((base,), (base_alive,))

    def familiarity(self, word: str) -> float:
        """Return how similar `word` is to a word of any name; 1 for a transliteration."""
        asked = parse(word)
        return self._state.familiarity(asked.words[0], asked.keys) if asked.words else 0.0

    def having(self, word: str) -> NDArray[np.bool_]:
        """Return the mask of all names that contain `word`, exact or transliterated."""
        asked = parse(word)
        found = []
        for index, alive in zip(self._state.indexes, self._state.alive, strict=True):
            mask = np.zeros(len(index.names), np.bool_)
            for part in asked.words:
                mask[names_with(index, part, asked.keys)] = True
            found.append(mask & alive[index.owners])
        return np.concatenate(found)

    def find(self, text: str, limit: int = 10) -> list[Match]:
        """Return the people that `text` may name, best first.

        Exact and transliterated matches come before similar ones; within these the order is by
        score, then by documentation score.
        """
        state = self._state
        asked = parse(text)
        if not asked.words:
            return []
        most = max(CANDIDATES, 4 * limit)
        found = best_people(state, asked, most, limit, 1.0)
        if not _settled(found):
            for other, part in _other_ways(state, asked, found):
                found += best_people(state, other, CANDIDATES, limit, part)
        best: dict[str, Found] = {}
        for one in found:
            if one.id not in best or one.rank < best[one.id].rank:
                best[one.id] = one
        ranked = sorted(best.values(), key=lambda one: (*one.rank, one.id))
        return [one.match() for one in ranked[:limit]]

    def bearers(self, text: str, *, cut_otherwise: bool = False) -> Mapping[str, float]:
        """Return all people named `text`, exact or transliterated, with scores from 0 to 1.

        All bearers of a surname are included; equally good matches have equal scores. With
        `resegment`, words are joined or split if no name has all of the query.
        """
        state = self._state
        asked = parse(text)
        if not any(word.role == NAME for word in asked.words):
            return {}
        found, whole = all_bearers(state, asked, 1.0)
        if cut_otherwise and not whole:
            for other, part in _other_ways(state, asked):
                for id_, score in all_bearers(state, other, part)[0].items():
                    found[id_] = max(score, found.get(id_, 0.0))
        return found

    def complete(self, text: str, most: int) -> list[Completion]:
        """Return people with a name that starts with `text` in any script, best documented first.

        Each typed prefix belongs to a different word of the name, in any order.
        """
        state = self._state
        found = [
            one
            for index, alive in zip(state.indexes, state.alive, strict=True)
            for one in index.completions.find(text, alive, most)
        ]
        return sorted(found, key=lambda one: one.rank)[:most]

    def match(self, text: str, person_id: str) -> Match | None:
        """Return how `text` matches the best name of one person; None if none matches.

        Among equally good names the first one given is chosen, which is the preferred name.
        """
        state = self._state
        asked = parse(text)
        held = state.holding(person_id)
        if held is None or not asked.words:
            return None
        index, number = held
        found = list(names_of_person(index, number, asked, 1.0))
        if not _settled(found):
            for other, part in _other_ways(state, asked, found):
                found += names_of_person(index, number, other, part)
        if not found:
            return None
        best = min(found, key=lambda one: one.rank)
        near = [one for one in found if one.level == best.level and one.score > best.score - NEAR]
        return min(near, key=lambda one: (one.name, one.rank)).match()


def compare(one: str, other: str) -> Match | None:
    """Return how a query matches a name; None if not at all."""
    found = Matcher([(other, [other], 0)]).find(one, 1)
    return found[0] if found else None


def similarity(one: str, other: str) -> float:
    """Return the symmetric similarity of two names, 0–1: the lower score of both directions."""
    both = (compare(one, other), compare(other, one))
    return min(match.score if match else 0.0 for match in both)


def _settled(found: Sequence[Found]) -> bool:
    """Return whether the query need not be split differently."""
    return any(one.level > SIMILAR and one.whole for one in found) or _best(found) >= GOOD


def _best(found: Sequence[Found]) -> float:
    return max((one.score for one in found), default=0.0)


def _other_ways(
    state: State, asked: Name, found: Sequence[Found] | None = None
) -> Iterator[tuple[Name, float]]:
    """Yield alternative splits of the query, each with a score factor."""
    desperate = found is not None and _best(found) < POOR
    for other in recut(asked, state, desperate=desperate):
        yield other, GUESSED if desperate else RECUT
