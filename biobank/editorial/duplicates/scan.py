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
from biobank.common.grouping import group_pairs
from biobank.editorial.duplicates.candidates import (
    COMPARED_FIELDS,
    MIN_DUPLICATE_SCORE,
    SAME_IDENTIFIER_SCORE,
    ComparableRecord,
    DuplicateCandidate,
    is_whole_name_match,
    score_candidate,
    score_facts,
    to_comparable,
)
from biobank.editorial.duplicates.not_duplicates import IdPair, distinct_pairs, ordered_pair
from biobank.editorial.revisions.latest_revisions import iter_latest_revisions, last_revision_id
from biobank.names.matcher import NameMatcher
from biobank.names.matches import Match
from biobank.names.phonetic_keys import coarse_key
from biobank.names.structure import NAME_ROLE, parse_name
from biobank.names.transliteration import transliterate
from biobank.records.people.models import Person
from biobank.store.session import Database

#: Maximum numbers of readings per word, words per name and names per person that form blocks.
MAX_BLOCK_READINGS: Final = 3
MAX_BLOCK_WORDS: Final = 3
MAX_BLOCK_NAMES: Final = 12
#: Number of following people, by birth, that each person of a block is compared with.
MAX_BLOCK_NEIGHBOURS: Final = 50
#: Maximum number of pairs compared by facts, and of those compared by name: at most 30 seconds.
MAX_COMPARED_PAIRS: Final = 500_000
MAX_NAME_MATCHED_PAIRS: Final = 3_000
#: Maximum number of names of one person matched against those of the other.
MAX_MATCHED_NAMES: Final = 3
#: Maximum number of pairs returned.
MAX_LISTED_PAIRS: Final = 500
#: Seconds for which the result is reused even if records change.
SCAN_CACHE_SECONDS: Final = 60.0
SCAN_THREAD_NAME: Final = "suspects"
#: Maximum number of people scanned within a request (a few tenths of a second).
MAX_INLINE_SCAN_PEOPLE: Final = 1_000
#: The phonetic keys by word and its readings.
SoundCache = dict[tuple[str, tuple[str, ...]], frozenset[str]]


@dataclass(frozen=True)
class DuplicatePair:
    """A person and a candidate for the same person."""

    first: str
    second: str
    candidate: DuplicateCandidate

    @property
    def ids(self) -> IdPair:
        return ordered_pair(self.first, self.second)


def exclude_decided(session: Session, pairs: Sequence[DuplicatePair]) -> list[DuplicatePair]:
    """Return those of `pairs` that were not marked as distinct."""
    decided = distinct_pairs(session)
    return [pair_ for pair_ in pairs if pair_.ids not in decided]


def find_pairs(session: Session) -> list[DuplicatePair]:
    """Return all pairs found within the limits above, best first, including decided ones."""
    people = [
        to_comparable(revision.record, revision.person_id)
        for revision in iter_latest_revisions(session, COMPARED_FIELDS)
    ]
    scored = sorted(_score_pairs(people), key=lambda item: (-item[0], item[1].id, item[2].id))
    likely = scored[:MAX_NAME_MATCHED_PAIRS]
    people_by_id = {item.id: item for _, *compared_pair in likely for item in compared_pair}
    matcher = NameMatcher((item.id, item.names, 0) for item in people_by_id.values())
    pairs = [
        DuplicatePair(first.id, second.id, candidate)
        for points, first, second in likely
        if (candidate := match_by_names(matcher, points, first, second))
    ]
    return sorted(pairs, key=lambda item: (-item.candidate.score, item.ids))


def _score_pairs(
    people: Sequence[ComparableRecord],
) -> Iterator[tuple[float, ComparableRecord, ComparableRecord]]:
    """Yield pairs that share a block with their points, except contradicting ones."""
    seen: set[tuple[int, int]] = set()
    for first, second in islice(_iter_block_pairs(people), MAX_COMPARED_PAIRS):
        if (first, second) not in seen:
            seen.add((first, second))
            scored = score_facts(people[first], people[second])
            if scored is not None and scored[0] + 1 >= MIN_DUPLICATE_SCORE:
                yield scored[0], people[first], people[second]


def _iter_block_pairs(people: Sequence[ComparableRecord]) -> Iterator[tuple[int, int]]:
    """Yield index pairs of small blocks first, which are the most specific."""
    for block in sorted(_group_into_blocks(people).values(), key=len):
        block.sort(key=lambda number: _sort_year(people[number]))
        for position, number in enumerate(block):
            for neighbour in block[position + 1 : position + 1 + MAX_BLOCK_NEIGHBOURS]:
                yield (number, neighbour) if number < neighbour else (neighbour, number)


def _sort_year(person: ComparableRecord) -> int:
    """Return a year to sort by; people without dates come first."""
    years = [year for year in (*person.born, *person.died) if year is not None]
    return years[0] if years else -10_000


def _group_into_blocks(people: Sequence[ComparableRecord]) -> dict[str, list[int]]:
    """Return the indexes of people by block key, for blocks of two or more."""
    sound_cache: SoundCache = {}
    blocks = group_pairs(
        (key, number)
        for number, person in enumerate(people)
        for key in dict.fromkeys(block_keys(person, sound_cache))
    )
    return {key: block for key, block in blocks.items() if len(block) > 1}


def block_keys(person: ComparableRecord, sound_cache: SoundCache) -> Iterator[str]:
    """Yield the block keys of a person; `sound_cache` stores the phonetic keys of words."""
    for scheme, value in (person.identifiers or {}).items():
        yield f"#{scheme}:{value}"
    for text in person.names[:MAX_BLOCK_NAMES]:
        name = parse_name(text)
        words = [word for word in name.words if word.role == NAME_ROLE][:MAX_BLOCK_WORDS]
        sounds = []
        for word in words:
            cache_key = (word.text, name.keys)
            if cache_key not in sound_cache:
                sound_cache[cache_key] = _sound_keys(*cache_key)
            sounds.append(sound_cache[cache_key])
        if len(sounds) == 1:
            yield from sounds[0]
        for word_pair in combinations(sounds, 2):
            for first, second in product(*word_pair):
                yield f"{first} {second}" if first < second else f"{second} {first}"


def _sound_keys(word: str, keys: tuple[str, ...]) -> frozenset[str]:
    hypotheses = transliterate(word, keys)[:MAX_BLOCK_READINGS]
    return frozenset(coarse_key(hypothesis.skeleton[: hypothesis.stem]) for hypothesis in hypotheses) - {""}


def match_by_names(
    matcher: NameMatcher, points: float, first: ComparableRecord, second: ComparableRecord
) -> DuplicateCandidate | None:
    """Return the second person, whose names are in `matcher`, as a candidate for the first.

    `points` are those of the facts.
    """
    best: Match | None = None
    for name in first.names[:MAX_MATCHED_NAMES]:
        match = matcher.match(name, second.id)
        if match and is_whole_name_match(name, match) and (not best or match.score > best.score):
            best = match
            if match.quality != "similar":
                break
    if best is None and points < SAME_IDENTIFIER_SCORE:
        return None
    return score_candidate(first, second, best)


@dataclass
class DuplicateScanCache:
    """A cache of the pairs in the whole bank, refreshed at most once per `cache_seconds`.

    Safe to share between threads. A bank of more than `max_inline_people` people is scanned in a
    background thread, and the previous result is returned meanwhile.
    """

    database: Database
    cache_seconds: float = SCAN_CACHE_SECONDS
    max_inline_people: int = MAX_INLINE_SCAN_PEOPLE
    _pairs: list[DuplicatePair] = field(default_factory=list)
    _scanned_revision_id: int = -1
    _scanned_at: float = 0.0
    _scan_lock: Lock = field(default_factory=Lock)

    def undecided_pairs(self, actor: Identity) -> list[DuplicatePair] | None:
        """Return the undecided pairs; None while the first scan of a large bank is running."""
        require(actor, Action.SEE_DESK)
        if self._scanned_revision_id < 0 and self._is_small():
            with self._scan_lock:
                if self._scanned_revision_id < 0:
                    self._scan()
        if self._scanned_revision_id < 0:
            self._start_background_scan()
            return None
        pairs = self._pairs
        if time.monotonic() - self._scanned_at > self.cache_seconds:
            self._start_background_scan()
        with self.database.read() as session:
            return exclude_decided(session, pairs)[:MAX_LISTED_PAIRS]

    def _is_small(self) -> bool:
        with self.database.read() as session:
            people = session.scalar(select(func.count()).select_from(Person)) or 0
        return people <= self.max_inline_people

    def _start_background_scan(self) -> None:
        if self._scan_lock.acquire(blocking=False):
            Thread(target=self._scan_in_background, name=SCAN_THREAD_NAME, daemon=True).start()

    def _scan_in_background(self) -> None:
        try:
            self._scan()
        finally:
            self._scan_lock.release()

    def _scan(self) -> None:
        with self.database.read() as session:
            last_id = last_revision_id(session)
            if last_id != self._scanned_revision_id:
                self._pairs, self._scanned_revision_id = find_pairs(session), last_id
        self._scanned_at = time.monotonic()
