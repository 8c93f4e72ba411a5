"""Measure the search for similar people: `python -m benchmarks.similar --people 20000`.

Generated people take their names, places, dates, professions, memberships, works and teachers from
different people of the seed, so that frequencies match.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.corpus import SEED, seeded_random
from biobank.common.clock import now
from biobank.exchange import seeding
from biobank.records.catalogue import load_catalogue
from biobank.records.people import models as m
from biobank.records.people import queries
from biobank.search.similar_people import find_similar
from biobank.store import schema
from biobank.store.session import Database

#: Fields that a generated person copies whole from one person of the seed.
RECOMBINED_FIELDS = ("names", "birth", "death", "professions", "events", "memberships", "works", "relations")
CHUNK = 500

Record = dict[str, Any]


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as temp_folder:
        database = Database(f"sqlite:///{temp_folder}/biobank.db")
        schema.upgrade(database)
        seeding.seed(database, SEED)
        with database.read() as session:
            seed = [record for chunk in queries.iter_chunks(session) for record in chunk.values()]
        _fill(database, generate_records(seed, arguments.people))
        report(database, seed, "of the seed")
        records = list(generate_records(seed, arguments.asked))
        report(database, records, "made")
        database.dispose()


def generate_records(seed: Sequence[Record], count: int) -> Iterator[Record]:
    """Yield `count` records, each recombined from several of `seed`."""
    rng = seeded_random()
    for number in range(count):
        record = {part: value for part in RECOMBINED_FIELDS if (value := _random_part(rng, seed, part))}
        yield {**record, "id": f"made-{number}"}


def _random_part(rng: random.Random, seed: Sequence[Record], part: str) -> Any:
    """Return a part of a random person; every other work title is made unique."""
    value = rng.choice(seed).get(part)
    if part == "works" and value:
        return [_unique_work(work, rng) if rng.random() < 0.5 else work for work in value]
    return value


def _unique_work(work: Mapping[str, Any], rng: random.Random) -> Record:
    number = rng.randrange(10**9)
    return {**work, "title": {lang: f"{text} {number}" for lang, text in work["title"].items()}}


def _fill(database: Database, records: Iterator[Record]) -> None:
    chunk: list[tuple[m.Person, Record]] = []
    for record in records:
        person = m.Person(id=record["id"], published=1, updated_at=now())
        chunk.append((person, record))
        if len(chunk) == CHUNK:
            _write(database, chunk)
            chunk = []
    _write(database, chunk)


def _write(database: Database, chunk: Sequence[tuple[m.Person, Record]]) -> None:
    with database.write() as session:
        session.add_all(person for person, _ in chunk)
        session.flush()
        queries.write_records(session, chunk)


def report(database: Database, records: Sequence[Record], label: str) -> None:
    """Query each record twice in one session, as a page does, and print the second times."""
    durations: list[float] = []
    with database.read() as session:
        catalogue = load_catalogue(session)
        for record in (*records, *records):
            started = time.perf_counter()
            find_similar(session, record, catalogue)
            durations.append((time.perf_counter() - started) * 1000)
    warm_durations = sorted(durations[len(records) :])
    print(
        f"{len(warm_durations):6} people {label:12} median {statistics.median(warm_durations):6.1f} ms   "
        f"p95 {warm_durations[int(len(warm_durations) * 0.95)]:6.1f} ms   most {warm_durations[-1]:6.1f} ms"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--asked", type=int, default=200)
    return parser.parse_args()


if __name__ == "__main__":
    main()
