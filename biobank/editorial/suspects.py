"""Search for duplicate pairs in the whole bank, in bounded time.

Only people who share a block are compared: two words of a name that sound alike under some
transliteration, or an id in another catalogue. In a large block only people born at about the same
time are compared. The remaining pairs are compared by name, most likely first.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice, product
from threading import Lock, Thread
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.distinct import Pair, distinct_pairs, pair
from biobank.editorial.duplicates import is_telling, suspect
from biobank.editorial.heads import newest_id, walk
from biobank.editorial.sameness import (
    LEAST,
    PARTS,
    SAME_IDENTIFIER,
    Compared,
    Suspect,
    compared,
    facts,
)
from biobank.names.keys import coarse_key
from biobank.names.matcher import Matcher
from biobank.names.matches import Match
from biobank.names.readings import readings
from biobank.names.structure import NAME, parse
from biobank.records.people.models import Person
from biobank.store.session import Database

#: Maximum numbers of readings per word, words per name and names per person that form blocks.
READINGS_MOST: Final = 3
WORDS_MOST: Final = 3
NAMES_MOST: Final = 12
#: Number of following people, by birth, that each person of a block is compared with.
NEXT_MOST: Final = 50
#: Maximum number of pairs compared by facts, and of those compared by name: at most 30 seconds.
PAIRS_MOST: Final = 500_000
NAMED_MOST: Final = 3_000
#: Maximum number of names of one person matched against those of the other.
SOUGHT_MOST: Final = 3
#: Maximum number of pairs returned.
TOLD_MOST: Final = 500
#: Seconds for which the result is reused even if records change.
KEPT: Final = 60.0
THREAD: Final = "suspects"
#: Maximum number of people scanned within a request (a few tenths of a second).
AT_ONCE_MOST: Final = 1_000
#: The phonetic keys by word and its readings.
Sounds = dict[tuple[str, tuple[str, ...]], frozenset[str]]


@dataclass(frozen=True)
class SuspectPair:
    """A person and a candidate for the same person."""

    first: str
    second: str
    suspect: Suspect

    @property
    def ids(self) -> Pair:
        return pair(self.first, self.second)


def suspects(session: Session, most: int = TOLD_MOST) -> list[SuspectPair]:
    """Return the most likely pairs, best first, without those marked as distinct."""
    return undecided(session, find_pairs(session))[:most]


def undecided(session: Session, pairs: Sequence[SuspectPair]) -> list[SuspectPair]:
    """Return those of `pairs` that were not marked as distinct."""
    decided = distinct_pairs(session)
    return [one for one in pairs if one.ids not in decided]


def find_pairs(session: Session) -> list[SuspectPair]:
    """Return all pairs found within the limits above, best first, including decided ones."""
    people = [compared(head.record, head.person_id) for head in walk(session, PARTS)]
    likely = sorted(_by_facts(people), key=lambda one: (-one[0], one[1].id, one[2].id))[:NAMED_MOST]
    named = {one.id: one for _, *both in likely for one in both}
    matcher = Matcher((one.id, one.names, 0) for one in named.values())
    found = [
        SuspectPair(first.id, second.id, which)
        for points, first, second in likely
        if (which := by_names(matcher, points, first, second))
    ]
    return sorted(found, key=lambda one: (-one.suspect.score, one.ids))


def _by_facts(people: Sequence[Compared]) -> Iterator[tuple[float, Compared, Compared]]:
    """Yield pairs that share a block with their points, except contradicting ones."""
    seen: set[tuple[int, int]] = set()
    for first, second in islice(_pairs(people), PAIRS_MOST):
        if (first, second) not in seen:
            seen.add((first, second))
            told = facts(people[first], people[second])
            if told is not None and told[0] + 1 >= LEAST:
                yield told[0], people[first], people[second]


def _pairs(people: Sequence[Compared]) -> Iterator[tuple[int, int]]:
    """Yield index pairs of small blocks first, which are the most specific."""
    for block in sorted(_blocks(people).values(), key=len):
        block.sort(key=lambda number: _when(people[number]))
        for at, number in enumerate(block):
            for other in block[at + 1 : at + 1 + NEXT_MOST]:
                yield (number, other) if number < other else (other, number)


def _when(one: Compared) -> int:
    """Return a year to sort by; people without dates come first."""
    known = [year for year in (*one.born, *one.died) if year is not None]
    return known[0] if known else -10_000


def _blocks(people: Sequence[Compared]) -> dict[str, list[int]]:
    """Return the indexes of people by block key, for blocks of two or more."""
    keys_of: Sounds = {}
    blocks: dict[str, list[int]] = {}
    for number, one in enumerate(people):
        for key in dict.fromkeys(block_keys(one, keys_of)):
            blocks.setdefault(key, []).append(number)
    return {key: block for key, block in blocks.items() if len(block) > 1}


def block_keys(one: Compared, keys_of: Sounds) -> Iterator[str]:
    """Yield the block keys of a person; `sound_cache` stores the phonetic keys of words."""
    for scheme, value in (one.identifiers or {}).items():
        yield f"#{scheme}:{value}"
    for text in one.names[:NAMES_MOST]:
        name = parse(text)
        words = [word for word in name.words if word.role == NAME][:WORDS_MOST]
        sounds = []
        for word in words:
            known = (word.text, name.keys)
            if known not in keys_of:
                keys_of[known] = _sounds(*known)
            sounds.append(keys_of[known])
        if len(sounds) == 1:
            yield from sounds[0]
        for both in combinations(sounds, 2):
            for first, second in product(*both):
                yield f"{first} {second}" if first < second else f"{second} {first}"


def _sounds(word: str, keys: tuple[str, ...]) -> frozenset[str]:
    read = readings(word, keys)[:READINGS_MOST]
    return frozenset(coarse_key(one.skeleton[: one.stem]) for one in read) - {""}


def by_names(matcher: Matcher, points: float, first: Compared, second: Compared) -> Suspect | None:
    """Return the second person, whose names are in `matcher`, as a candidate for the first.

    `points` are those of the facts.
    """
    best: Match | None = None
    for name in first.names[:SOUGHT_MOST]:
        match = matcher.match(name, second.id)
        if match and is_telling(name, match) and (not best or match.score > best.score):
            best = match
            if match.quality != "similar":
                break
    if best is None and points < SAME_IDENTIFIER:
        return None
    return suspect(first, second, best)


@dataclass
class KnownSuspects:
    """A cache of the pairs in the whole bank, refreshed at most once per `cache_seconds`.

    Safe to share between threads. A bank of more than `max_inline_people` people is scanned in a
    background thread, and the previous result is returned meanwhile.
    """

    database: Database
    kept: float = KEPT
    at_once: int = AT_ONCE_MOST
    _pairs: list[SuspectPair] = field(default_factory=list)
    _mark: int = -1
    _at: float = 0.0
    _looking: Lock = field(default_factory=Lock)

    def undecided(self, who: Identity) -> list[SuspectPair] | None:
        """Return the undecided pairs; None while the first scan of a large bank is running."""
        require(who, Action.SEE_DESK)
        if self._mark < 0 and self._is_small():
            with self._looking:
                if self._mark < 0:
                    self._find()
        if self._mark < 0:
            self._look_behind()
            return None
        known = self._pairs
        if time.monotonic() - self._at > self.kept:
            self._look_behind()
        with self.database.read() as session:
            return undecided(session, known)[:TOLD_MOST]

    def _is_small(self) -> bool:
        with self.database.read() as session:
            people = session.scalar(select(func.count()).select_from(Person)) or 0
        return people <= self.at_once

    def _look_behind(self) -> None:
        if self._looking.acquire(blocking=False):
            Thread(target=self._find_behind, name=THREAD, daemon=True).start()

    def _find_behind(self) -> None:
        try:
            self._find()
        finally:
            self._looking.release()

    def _find(self) -> None:
        with self.database.read() as session:
            mark = newest_id(session)
            if mark != self._mark:
                self._pairs, self._mark = find_pairs(session), mark
        self._at = time.monotonic()
