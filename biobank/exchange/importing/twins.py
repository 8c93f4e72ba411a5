"""Detection of possible duplicates of new people, in bounded time and memory.

People are compared only if they share a block, as in the duplicate scan of the whole bank. Of all
people only blocks and years are held in memory; records are read again only for those who share a
block with a new person and were born at about the same time.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from biobank.editorial.heads import heads, walk
from biobank.editorial.sameness import (
    FAR_YEARS,
    LEAST,
    PARTS,
    Compared,
    Suspect,
    compared,
    facts,
)
from biobank.editorial.suspects import Sounds, block_keys, by_names
from biobank.exchange.importing.checking import Line
from biobank.exchange.importing.report import DUPLICATES_KEPT, Report
from biobank.i18n import LANGUAGES
from biobank.names.explain import why
from biobank.names.folding import fold
from biobank.names.matcher import Matcher
from biobank.store.outbox import batched
from biobank.store.session import Database

Progress = Callable[[str, int, int | None], None]
#: Returns the records of new people, from the first to the last, on each call.
Newcomers = Callable[[], Iterator[Line]]

#: Each person in a block is compared with at most this many of the next born.
NEXT_MOST: Final = 25
#: Limits of pairs whose facts are compared, of people whose records are loaded for that, and of the
#: most likely pairs whose names are compared.
PAIRS_MOST: Final = 300_000
PEOPLE_MOST: Final = 30_000
NAMED_MOST: Final = 5_000
#: Words whose phonetic keys are cached.
SOUNDS_MOST: Final = 20_000
#: Score added if two people share a spelling of a name, to choose pairs for a closer comparison.
SAME_NAME: Final = 0.5
TOLD_EVERY: Final = 1_000
#: An unknown year; fits into 16 bits.
UNKNOWN: Final = -32_000


class _Everybody:
    """Blocks and years of people by number; stored people come before new ones."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.bank = 0
        self._keys, self._owners = array("q"), array("i")
        self._years = array("h")
        self._sounds: Sounds = {}

    def add(self, one: Compared) -> None:
        number = len(self.ids)
        self.ids.append(one.id)
        self._years.append(_year(one))
        for key in {hash(key) for key in block_keys(one, self._sounds)}:
            self._keys.append(key)
            self._owners.append(number)
        if len(self._sounds) > SOUNDS_MOST:
            self._sounds.clear()

    def pairs(self) -> list[tuple[int, int]]:
        """Return pairs that share a block and contain a new person, from small blocks first."""
        years = np.array(self._years, np.int32)
        seen: set[tuple[int, int]] = set()
        people: set[int] = set()
        for block in self._blocks():
            for pair in _near(block[np.argsort(years[block], kind="stable")], years, self.bank):
                if pair in seen:
                    continue
                seen.add(pair)
                people.update(pair)
                if len(seen) >= PAIRS_MOST or len(people) >= PEOPLE_MOST:
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
        told = np.flatnonzero((sizes > 1) & (last >= self.bank))
        for at in told[np.argsort(sizes[told], kind="stable")].tolist():
            yield owners[starts[at] : starts[at] + sizes[at]]


def find_twins(
    database: Database, newcomers: Newcomers, report: Report, progress: Progress
) -> None:
    """Add possible duplicates of new people to `report`."""
    everybody = _everybody(database, newcomers, progress)
    pairs = everybody.pairs()
    wanted = {number for pair in pairs for number in pair}
    labels: dict[str, str] = {}
    people = {one.id: one for one in _records(database, newcomers, everybody, wanted, labels)}
    likely = _likely(everybody, pairs, people)
    matcher = Matcher(
        (one.id, one.names, 0) for one in {it.id: it for _, *both in likely for it in both}.values()
    )
    found = [
        _told(first, which, labels)
        for points, other, first in likely
        if (which := by_names(matcher, points, first, other))
    ]
    found.sort(key=lambda one: (-one["score"], one["id"], one["like"]))
    report.duplicates = found[:DUPLICATES_KEPT]
    report.duplicates_found = len(found)


def _everybody(database: Database, newcomers: Newcomers, progress: Progress) -> _Everybody:
    made = _Everybody()
    with database.read() as session:
        for head in walk(session, PARTS):
            made.add(compared(head.record, head.person_id))
            _tick(made, progress)
    made.bank = len(made.ids)
    for line in newcomers():
        made.add(compared(line.record))
        _tick(made, progress)
    return made


def _tick(made: _Everybody, progress: Progress) -> None:
    if len(made.ids) % TOLD_EVERY == 0:
        progress("compared", len(made.ids), None)


def _near(
    block: NDArray[np.int32], years: NDArray[np.int32], bank: int
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a block in order of birth year, except those born too far apart."""
    numbers = block.tolist()
    born = years[block].tolist()
    for at, number in enumerate(numbers):
        for other in range(at + 1, min(at + 1 + NEXT_MOST, len(numbers))):
            if born[at] != UNKNOWN and born[other] - born[at] > FAR_YEARS:
                break
            first, second = sorted((number, numbers[other]))
            if second >= bank:
                yield first, second


def _records(
    database: Database,
    newcomers: Newcomers,
    everybody: _Everybody,
    wanted: set[int],
    labels: dict[str, str],
) -> Iterator[Compared]:
    """Yield the numbered people; `labels` receives the positions of new people."""
    ids = [everybody.ids[number] for number in sorted(wanted) if number < everybody.bank]
    with database.read() as session:
        for portion in batched(ids, 500):
            for head in heads(session, portion).values():
                yield compared(head.record, head.person_id)
    for number, line in enumerate(newcomers(), everybody.bank):
        if number in wanted:
            labels[line.record["id"]] = line.label
            yield compared(line.record)


def _likely(
    everybody: _Everybody, pairs: Iterable[tuple[int, int]], people: dict[str, Compared]
) -> list[tuple[float, Compared, Compared]]:
    """Return the most likely pairs with the score of their facts, the earlier person first."""
    found: list[tuple[float, float, Compared, Compared]] = []
    for first, second in pairs:
        one, other = (people.get(everybody.ids[number]) for number in (first, second))
        told = facts(one, other) if one and other else None
        if one and other and told is not None and told[0] + 1 >= LEAST:
            alike = SAME_NAME if _written_alike(one.names, other.names) else 0.0
            found.append((told[0] + alike, told[0], one, other))
    found.sort(key=lambda it: (-it[0], it[2].id, it[3].id))
    return [(points, one, other) for _, points, one, other in found[:NAMED_MOST]]


def _written_alike(names: Sequence[str], others: Sequence[str]) -> bool:
    return not {fold(name) for name in names}.isdisjoint(fold(name) for name in others)


def _told(newcomer: Compared, which: Suspect, labels: dict[str, str]) -> dict[str, Any]:
    """Return the report entry of a new person and a similar one, with reasons."""
    match = which.match
    return {
        "at": labels.get(newcomer.id, ""),
        "id": newcomer.id,
        "like": which.person_id,
        "like_at": labels.get(which.person_id),
        "score": which.score,
        "name": newcomer.names[0],
        "like_name": match.name if match else "",
        "why": {lang: why(match, lang) for lang in LANGUAGES} if match else {},
        "reasons": [{"kind": it.kind, "value": it.value} for it in which.reasons],
    }


def _year(one: Compared) -> int:
    known = [year for year in (*one.born, *one.died) if year is not None]
    return max(UNKNOWN + 1, min(known[0], 32_000)) if known else UNKNOWN
