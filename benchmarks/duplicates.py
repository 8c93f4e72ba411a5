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

from benchmarks.corpus import SEED, seeded_random
from biobank.accounts.identity import OPERATOR
from biobank.editorial.duplicates.candidates import DuplicateFinder, to_comparable
from biobank.editorial.duplicates.scan import find_pairs
from biobank.editorial.revisions.bulk_save import save_records
from biobank.exchange import seeding
from biobank.names.matcher import NameMatcher
from biobank.records.people import queries
from biobank.store import schema
from biobank.store.session import Database

CHUNK = 500
#: One person in DUPLICATE_EVERY repeats the previous one.
DUPLICATE_EVERY = 50
LOOKUP_SAMPLE = 100

Record = dict[str, Any]


class _NameIndex:
    """The names of all people, as the search holds them."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._matcher = NameMatcher(
            (record["id"], [name["text"] for name in record["names"]], 0) for record in records
        )

    def matcher(self) -> NameMatcher:
        return self._matcher


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=6000)
    parser.add_argument("--folder", type=Path, help="where a bank is kept")
    args = parser.parse_args()
    if args.folder:
        _report_bank(Database(f"sqlite:///{args.folder}/biobank.db"))
        return
    with tempfile.TemporaryDirectory() as temp_folder:
        database = Database(f"sqlite:///{temp_folder}/biobank.db")
        schema.upgrade(database)
        seeding.seed(database, SEED)
        with database.read() as session:
            seed = [record for chunk in queries.iter_chunks(session) for record in chunk.values()]
        people = list(generate_people(seed, args.people))
        for start in range(0, len(people), CHUNK):
            with database.write() as session:
                save_records(session, people[start : start + CHUNK], OPERATOR, "made", publish=True)
        _report_scan(database, people)
        _report_lookup(database, [*seed, *people])
        database.dispose()


def generate_people(seed: Sequence[Record], count: int) -> Iterator[Record]:
    """Return `count` records; `again-N` is a duplicate of `made-N`."""
    rng = seeded_random()
    names_by_person = [
        names_by_lang for record in seed if len(names_by_lang := _names_by_language(record)) == 3
    ]
    people: list[Record] = []
    for number in range(count):
        if number % DUPLICATE_EVERY == DUPLICATE_EVERY - 1:
            people.append(_duplicate_of(people[-1]))
        else:
            first, last = rng.sample(names_by_person, 2)
            people.append(_person(number, first, last, rng.randint(1780, 1990), rng.random()))
    return iter(people)


def _names_by_language(record: Record) -> dict[str, list[str]]:
    return {
        name["lang"]: name["text"].split()
        for name in record["names"]
        if name["kind"] == "preferred" and len(name["text"].split()) == 2
    }


def _person(
    number: int, first: dict[str, list[str]], last: dict[str, list[str]], born: int, share: float
) -> Record:
    names = [
        {"text": f"{first[lang][0]} {last[lang][-1]}", "lang": lang, "kind": "preferred"} for lang in first
    ]
    record: Record = {"id": f"made-{number}", "names": names, "birth": {"date": f"{born}-05-28"}}
    if share < 0.8:
        record["death"] = {"date": str(born + 40 + int(share * 50))}
    return record


def _duplicate_of(person: Record) -> Record:
    """Return the same person with the Russian name and the year of birth only."""
    names = [name for name in person["names"] if name["lang"] == "ru"]
    number = str(person["id"]).rpartition("-")[2]
    born = person["birth"]["date"][:4]
    return {"id": f"again-{number}", "names": names, "birth": {"date": born}}


def _report_bank(database: Database) -> None:
    started = time.process_time()
    with database.read() as session:
        pairs = find_pairs(session)
    seconds = time.process_time() - started
    print(f"{seconds:.1f} s of a processor, {len(pairs)} pairs")
    database.dispose()


def _report_scan(database: Database, people: Sequence[Record]) -> None:
    duplicate_ids = {item["id"] for item in people if item["id"].startswith("again-")}
    started = time.perf_counter()
    with database.read() as session:
        pairs = find_pairs(session)
    seconds = time.perf_counter() - started
    correct = [item for item in pairs if len({id_.rpartition("-")[2] for id_ in item.ids}) == 1]
    print(
        f"{len(people)} made people: {seconds:.1f} s, {len(pairs)} pairs, "
        f"{len(correct)} of {len(duplicate_ids)} duplicates found"
    )
    best = pairs[: len(duplicate_ids)]
    print(f"of the first {len(best)}: {sum(1 for item in best if item in correct)} are right")


def _report_lookup(database: Database, records: Sequence[Record]) -> None:
    finder = DuplicateFinder(database, _NameIndex(records))  # type: ignore[arg-type]
    queries = [to_comparable({**query, "id": ""}) for query in seeded_random().sample(records, LOOKUP_SAMPLE)]
    finder.find_candidates(OPERATOR, queries[0])
    times = []
    for query in queries:
        started = time.perf_counter()
        finder.find_candidates(OPERATOR, query)
        times.append(time.perf_counter() - started)
    times.sort()
    median_ms, p95_ms = times[len(times) // 2] * 1000, times[int(len(times) * 0.95)] * 1000
    print(f"while names are typed: {median_ms:.0f} ms in the middle, {p95_ms:.0f} ms for 95 of 100")


if __name__ == "__main__":
    main()
