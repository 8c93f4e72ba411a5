"""Pairs in the whole bank that may be one person twice, found in bounded time.

People are compared only with those who share a block: two words of a name that sound alike under
some reading, or an id in another catalogue. Within a large block only people born about the same
time are. What is left is compared by names as a question is, the likeliest first.
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

#: Readings of a word, words of a name and names of a person that make blocks.
READINGS_MOST: Final = 3
WORDS_MOST: Final = 3
NAMES_MOST: Final = 12
#: In a block each is compared with so many that were born next.
NEXT_MOST: Final = 50
#: Pairs whose facts are compared, and those of them whose names are: half a minute at the worst.
PAIRS_MOST: Final = 500_000
NAMED_MOST: Final = 3_000
#: Names of one person that are sought among those of the other.
SOUGHT_MOST: Final = 3
#: Pairs that are told.
TOLD_MOST: Final = 500
#: Seconds for which what was found is told, whatever is written meanwhile.
KEPT: Final = 60.0
THREAD: Final = "suspects"
#: People of a bank that somebody waits for, some tenths of a second.
AT_ONCE_MOST: Final = 1_000
#: How a word sounds, under which readings.
Sounds = dict[tuple[str, tuple[str, ...]], frozenset[str]]


@dataclass(frozen=True)
class SuspectPair:
    """Two ids, and how the second may be the first."""

    first: str
    second: str
    suspect: Suspect

    @property
    def ids(self) -> Pair:
        return pair(self.first, self.second)


def suspects(session: Session, most: int = TOLD_MOST) -> list[SuspectPair]:
    """The likeliest pairs, best first, without those that were said to be two people."""
    return undecided(session, find_pairs(session))[:most]


def undecided(session: Session, pairs: Sequence[SuspectPair]) -> list[SuspectPair]:
    """Those of `pairs` of which nobody said that they are two people."""
    decided = distinct_pairs(session)
    return [one for one in pairs if one.ids not in decided]


def find_pairs(session: Session) -> list[SuspectPair]:
    """All pairs that the bounds above let find, best first, decided ones too."""
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
    """Pairs that share a block, with what their facts add; those left out cannot be one person."""
    seen: set[tuple[int, int]] = set()
    for first, second in islice(_pairs(people), PAIRS_MOST):
        if (first, second) not in seen:
            seen.add((first, second))
            told = facts(people[first], people[second])
            if told is not None and told[0] + 1 >= LEAST:
                yield told[0], people[first], people[second]


def _pairs(people: Sequence[Compared]) -> Iterator[tuple[int, int]]:
    """Small blocks first, which say most."""
    for block in sorted(_blocks(people).values(), key=len):
        block.sort(key=lambda number: _when(people[number]))
        for at, number in enumerate(block):
            for other in block[at + 1 : at + 1 + NEXT_MOST]:
                yield (number, other) if number < other else (other, number)


def _when(one: Compared) -> int:
    """A year to sort by; who has none stands before all others."""
    known = [year for year in (*one.born, *one.died) if year is not None]
    return known[0] if known else -10_000


def _blocks(people: Sequence[Compared]) -> dict[str, list[int]]:
    """People by their numbers under each key, in blocks of two or more."""
    keys_of: Sounds = {}
    blocks: dict[str, list[int]] = {}
    for number, one in enumerate(people):
        for key in dict.fromkeys(block_keys(one, keys_of)):
            blocks.setdefault(key, []).append(number)
    return {key: block for key, block in blocks.items() if len(block) > 1}


def block_keys(one: Compared, keys_of: Sounds) -> Iterator[str]:
    """What blocks somebody is in; `keys_of` remembers how words sound, from one to the next."""
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
    """How the second, whose names `matcher` has, may be the first; `points` is what facts add."""
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
    """The pairs of the whole bank, looked for again where something was written, once in a while.

    Safe to share between threads. Nobody waits for a bank of more than `at_once` people: they are
    looked through behind the back of whoever asks, who is told what was found last.
    """

    database: Database
    kept: float = KEPT
    at_once: int = AT_ONCE_MOST
    _pairs: list[SuspectPair] = field(default_factory=list)
    _mark: int = -1
    _at: float = 0.0
    _looking: Lock = field(default_factory=Lock)

    def undecided(self, who: Identity) -> list[SuspectPair] | None:
        """As `suspects`; None while the first look through a large bank goes on."""
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
