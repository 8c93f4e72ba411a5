"""Detection of possible duplicates of new people, in bounded time and memory.

People are compared only if they share a block, as in the duplicate scan of the whole bank. Of all
people only blocks and years are held in memory; records are read again only for those who share a
block with a new person and were born at about the same time.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from biobank.common.i18n import LANGUAGES
from biobank.common.progress import ProgressReporter
from biobank.editorial.duplicates.candidates import (
    COMPARED_FIELDS,
    MAX_DISTANT_YEARS,
    MIN_DUPLICATE_SCORE,
    ComparableRecord,
    DuplicateCandidate,
    score_facts,
    to_comparable,
)
from biobank.editorial.duplicates.scan import SoundCache, block_keys, match_by_names
from biobank.editorial.revisions.latest_revisions import get_latest_revisions, iter_latest_revisions
from biobank.exchange.imports.record_checker import SpooledRecord
from biobank.exchange.imports.runs import MAX_REPORT_DUPLICATES, ImportReport
from biobank.names.explain import explain_match
from biobank.names.folding import fold
from biobank.names.matcher import NameMatcher
from biobank.store.outbox import batched
from biobank.store.session import Database

#: Returns the records of new people, from the first to the last, on each call.
Newcomers = Callable[[], Iterator[SpooledRecord]]

#: Each person in a block is compared with at most this many of the next born.
MAX_NEWCOMER_NEIGHBOURS: Final = 25
#: Limits of pairs whose facts are compared, of people whose records are loaded for that, and of the
#: most likely pairs whose names are compared.
MAX_NEWCOMER_PAIRS: Final = 300_000
MAX_LOADED_PEOPLE: Final = 30_000
MAX_NAME_COMPARISONS: Final = 5_000
#: Words whose phonetic keys are cached.
MAX_CACHED_SOUNDS: Final = 20_000
#: Score added if two people share a spelling of a name, to choose pairs for a closer comparison.
SAME_NAME_SCORE: Final = 0.5
PROGRESS_INTERVAL_PEOPLE: Final = 1_000
#: An unknown year; fits into 16 bits.
UNKNOWN_YEAR: Final = -32_000


class _BlockIndex:
    """Blocks and years of people by number; stored people come before new ones."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.stored_count = 0
        self._keys, self._owners = array("q"), array("i")
        self._years = array("h")
        self._sounds: SoundCache = {}

    def add(self, person: ComparableRecord) -> None:
        number = len(self.ids)
        self.ids.append(person.id)
        self._years.append(_reference_year(person))
        for key in {hash(key) for key in block_keys(person, self._sounds)}:
            self._keys.append(key)
            self._owners.append(number)
        if len(self._sounds) > MAX_CACHED_SOUNDS:
            self._sounds.clear()

    def pairs(self) -> list[tuple[int, int]]:
        """Return pairs that share a block and contain a new person, from small blocks first."""
        years = np.array(self._years, np.int32)
        seen: set[tuple[int, int]] = set()
        people: set[int] = set()
        for block in self._blocks():
            by_year = block[np.argsort(years[block], kind="stable")]
            for pair in _block_pairs(by_year, years, self.stored_count):
                if pair in seen:
                    continue
                seen.add(pair)
                people.update(pair)
                if len(seen) >= MAX_NEWCOMER_PAIRS or len(people) >= MAX_LOADED_PEOPLE:
                    return list(seen)
        return list(seen)

    def _blocks(self) -> Iterator[NDArray[np.int32]]:
        """Yield the blocks of at least two people with a new one among them, small blocks first."""
        keys, owners = np.array(self._keys, np.int64), np.array(self._owners, np.int32)
        order = np.argsort(keys, kind="stable")
        keys, owners = keys[order], owners[order]
        starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else keys
        sizes = np.diff(np.r_[starts, len(keys)])
        # Numbers ascend within a block, so a new person is the last one.
        last = owners[starts + sizes - 1] if len(keys) else owners
        relevant = np.flatnonzero((sizes > 1) & (last >= self.stored_count))
        for position in relevant[np.argsort(sizes[relevant], kind="stable")].tolist():
            yield owners[starts[position] : starts[position] + sizes[position]]


def find_duplicates(
    database: Database, newcomers: Newcomers, report: ImportReport, progress: ProgressReporter
) -> None:
    """Add possible duplicates of new people to `report`."""
    index = _build_index(database, newcomers, progress)
    pairs = index.pairs()
    numbers = {number for pair in pairs for number in pair}
    labels: dict[str, str] = {}
    people = {person.id: person for person in _load_people(database, newcomers, index, numbers, labels)}
    likely = _likely_pairs(index, pairs, people)
    matcher = NameMatcher(
        (candidate.id, candidate.names, 0)
        for candidate in {person.id: person for _, *both in likely for person in both}.values()
    )
    duplicates = [
        _report_entry(first, candidate, labels)
        for score, other, first in likely
        if (candidate := match_by_names(matcher, score, first, other))
    ]
    duplicates.sort(key=lambda candidate: (-candidate["score"], candidate["id"], candidate["like"]))
    report.duplicates = duplicates[:MAX_REPORT_DUPLICATES]
    report.duplicate_count = len(duplicates)


def _build_index(database: Database, newcomers: Newcomers, progress: ProgressReporter) -> _BlockIndex:
    index = _BlockIndex()
    with database.read() as session:
        for revision in iter_latest_revisions(session, COMPARED_FIELDS):
            index.add(to_comparable(revision.record, revision.person_id))
            _report_progress(index, progress)
    index.stored_count = len(index.ids)
    for line in newcomers():
        index.add(to_comparable(line.record))
        _report_progress(index, progress)
    return index


def _report_progress(index: _BlockIndex, progress: ProgressReporter) -> None:
    if len(index.ids) % PROGRESS_INTERVAL_PEOPLE == 0:
        progress("compared", len(index.ids), None)


def _block_pairs(
    block: NDArray[np.int32], years: NDArray[np.int32], stored_count: int
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a block in order of birth year, except those born too far apart."""
    numbers = block.tolist()
    birth_years = years[block].tolist()
    for position, number in enumerate(numbers):
        for other in range(position + 1, min(position + 1 + MAX_NEWCOMER_NEIGHBOURS, len(numbers))):
            is_known = birth_years[position] != UNKNOWN_YEAR
            if is_known and birth_years[other] - birth_years[position] > MAX_DISTANT_YEARS:
                break
            first, second = sorted((number, numbers[other]))
            if second >= stored_count:
                yield first, second


def _load_people(
    database: Database, newcomers: Newcomers, index: _BlockIndex, numbers: set[int], labels: dict[str, str]
) -> Iterator[ComparableRecord]:
    """Yield the numbered people; `labels` receives the positions of new people."""
    ids = [index.ids[number] for number in sorted(numbers) if number < index.stored_count]
    with database.read() as session:
        for batch in batched(ids, 500):
            for revision in get_latest_revisions(session, batch).values():
                yield to_comparable(revision.record, revision.person_id)
    for number, line in enumerate(newcomers(), index.stored_count):
        if number in numbers:
            labels[line.record["id"]] = line.label
            yield to_comparable(line.record)


def _likely_pairs(
    index: _BlockIndex, pairs: Iterable[tuple[int, int]], people: dict[str, ComparableRecord]
) -> list[tuple[float, ComparableRecord, ComparableRecord]]:
    """Return the most likely pairs with the score of their facts, the earlier person first."""
    scored: list[tuple[float, float, ComparableRecord, ComparableRecord]] = []
    for first, second in pairs:
        left, right = (people.get(index.ids[number]) for number in (first, second))
        evidence = score_facts(left, right) if left and right else None
        if left and right and evidence is not None and evidence[0] + 1 >= MIN_DUPLICATE_SCORE:
            share_spelling = not set(map(fold, left.names)).isdisjoint(map(fold, right.names))
            name_score = SAME_NAME_SCORE if share_spelling else 0.0
            scored.append((evidence[0] + name_score, evidence[0], left, right))
    scored.sort(key=lambda entry: (-entry[0], entry[2].id, entry[3].id))
    return [(score, left, right) for _, score, left, right in scored[:MAX_NAME_COMPARISONS]]


def _report_entry(
    newcomer: ComparableRecord, candidate: DuplicateCandidate, labels: dict[str, str]
) -> dict[str, Any]:
    """Return the report entry of a new person and a similar one, with reasons."""
    match = candidate.match
    why = explain_match(match).text if match else None
    return {
        "at": labels.get(newcomer.id, ""),
        "id": newcomer.id,
        "like": candidate.person_id,
        "like_at": labels.get(candidate.person_id),
        "score": candidate.score,
        "name": newcomer.names[0],
        "like_name": match.name if match else "",
        "why": {lang: why(lang) for lang in LANGUAGES} if why else {},
        "reasons": [{"kind": reason.kind, "value": reason.value} for reason in candidate.reasons],
    }


def _reference_year(person: ComparableRecord) -> int:
    years = [year for year in (*person.born, *person.died) if year is not None]
    return max(UNKNOWN_YEAR + 1, min(years[0], 32_000)) if years else UNKNOWN_YEAR
