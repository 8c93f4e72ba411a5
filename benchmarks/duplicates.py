"""Measure the duplicate scan of the whole bank: `python -m benchmarks.duplicates`.

Each generated person has a given name and a surname of different people of the seed in the three
languages, a birth and usually a death; every fiftieth repeats the previous person under another
spelling and with a year only. Prints the time, the number of duplicates found, and the number of
false pairs. With `--folder` a bank of `benchmarks.bank` is scanned instead, and CPU seconds are
printed.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpus import SEED, same_chance
from biobank.accounts.identity import OPERATOR
from biobank.editorial.duplicates import Duplicates
from biobank.editorial.publishing import save_many
from biobank.editorial.sameness import compared
from biobank.editorial.suspects import find_pairs
from biobank.exchange import seeding
from biobank.names.matcher import Matcher
from biobank.records.people import queries
from biobank.store import schema
from biobank.store.session import Database

CHUNK = 500
#: One person in DUPLICATE_EVERY repeats the previous one.
TWICE = 50
LOOKED_UP = 100

Record = dict[str, Any]


class _AllNames:
    """The names of all people, as the search holds them."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._matcher = Matcher(
            (one["id"], [n["text"] for n in one["names"]], 0) for one in records
        )

    def matcher(self) -> Matcher:
        return self._matcher


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=6000)
    parser.add_argument("--folder", type=Path, help="where a bank is kept")
    given = parser.parse_args()
    if given.folder:
        _tell_bank(Database(f"sqlite:///{given.folder}/biobank.db"))
        return
    with tempfile.TemporaryDirectory() as place:
        database = Database(f"sqlite:///{place}/biobank.db")
        schema.upgrade(database)
        seeding.seed(database, SEED)
        with database.read() as session:
            seed = [record for chunk in queries.walk(session) for record in chunk.values()]
        made = list(made_people(seed, given.people))
        for at in range(0, len(made), CHUNK):
            with database.write() as session:
                save_many(session, made[at : at + CHUNK], OPERATOR, "made", publish=True)
        _tell_whole(database, made)
        _tell_typed(database, [*seed, *made])
        database.dispose()


def made_people(seed: Sequence[Record], count: int) -> Iterator[Record]:
    """Return `count` records; `again-N` is a duplicate of `made-N`."""
    chance = same_chance()
    languages = [named for one in seed if len(named := _by_language(one)) == 3]
    made: list[Record] = []
    for number in range(count):
        if number % TWICE == TWICE - 1:
            made.append(_again(made[-1]))
        else:
            first, last = chance.sample(languages, 2)
            made.append(_person(number, first, last, chance.randint(1780, 1990), chance.random()))
    return iter(made)


def _by_language(record: Record) -> dict[str, list[str]]:
    return {
        name["lang"]: name["text"].split()
        for name in record["names"]
        if name["kind"] == "preferred" and len(name["text"].split()) == 2
    }


def _person(
    number: int, first: dict[str, list[str]], last: dict[str, list[str]], born: int, share: float
) -> Record:
    names = [
        {"text": f"{first[lang][0]} {last[lang][-1]}", "lang": lang, "kind": "preferred"}
        for lang in first
    ]
    record: Record = {"id": f"made-{number}", "names": names, "birth": {"date": f"{born}-05-28"}}
    if share < 0.8:
        record["death"] = {"date": str(born + 40 + int(share * 50))}
    return record


def _again(one: Record) -> Record:
    """Return the same person with the Russian name and the year of birth only."""
    names = [name for name in one["names"] if name["lang"] == "ru"]
    number = str(one["id"]).rpartition("-")[2]
    born = one["birth"]["date"][:4]
    return {"id": f"again-{number}", "names": names, "birth": {"date": born}}


def _tell_bank(database: Database) -> None:
    started = time.process_time()
    with database.read() as session:
        pairs = find_pairs(session)
    seconds = time.process_time() - started
    print(f"{seconds:.1f} s of a processor, {len(pairs)} pairs")
    database.dispose()


def _tell_whole(database: Database, made: Sequence[Record]) -> None:
    twice = {one["id"] for one in made if one["id"].startswith("again-")}
    started = time.perf_counter()
    with database.read() as session:
        pairs = find_pairs(session)
    seconds = time.perf_counter() - started
    right = [one for one in pairs if len({id_.rpartition("-")[2] for id_ in one.ids}) == 1]
    print(
        f"{len(made)} made people: {seconds:.1f} s, {len(pairs)} pairs, "
        f"{len(right)} of {len(twice)} duplicates found"
    )
    best = pairs[: len(twice)]
    print(f"of the first {len(best)}: {sum(1 for one in best if one in right)} are right")


def _tell_typed(database: Database, records: Sequence[Record]) -> None:
    looked = Duplicates(database, _AllNames(records))  # type: ignore[arg-type]
    asked = [compared({**one, "id": ""}) for one in same_chance().sample(records, LOOKED_UP)]
    looked.like(OPERATOR, asked[0])
    times = []
    for one in asked:
        started = time.perf_counter()
        looked.like(OPERATOR, one)
        times.append(time.perf_counter() - started)
    times.sort()
    half, most = times[len(times) // 2] * 1000, times[int(len(times) * 0.95)] * 1000
    print(f"while names are typed: {half:.0f} ms in the middle, {most:.0f} ms for 95 of 100")


if __name__ == "__main__":
    main()
