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

from benchmarks.corpus import SEED, same_chance
from biobank.exchange import seeding
from biobank.records.people import models as m
from biobank.records.people import queries
from biobank.search.similar import similar_people
from biobank.store import outbox, schema
from biobank.store.session import Database

#: Fields that a generated person copies whole from one person of the seed.
PARTS = ("names", "birth", "death", "professions", "events", "memberships", "works", "relations")
CHUNK = 500

Record = dict[str, Any]


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as place:
        database = Database(f"sqlite:///{place}/biobank.db")
        schema.upgrade(database)
        seeding.seed(database, SEED)
        with database.read() as session:
            seed = [record for chunk in queries.walk(session) for record in chunk.values()]
        _fill(database, made_records(seed, arguments.people))
        tell(database, seed, "of the seed")
        made = list(made_records(seed, arguments.asked))
        tell(database, made, "made")
        database.dispose()


def made_records(seed: Sequence[Record], count: int) -> Iterator[Record]:
    """Yield `count` records, each recombined from several of `seed`."""
    chance = same_chance()
    for number in range(count):
        record = {part: value for part in PARTS if (value := _part(chance, seed, part))}
        yield {**record, "id": f"made-{number}"}


def _part(chance: random.Random, seed: Sequence[Record], part: str) -> Any:
    """Return a part of a random person; every other work title is made unique."""
    value = chance.choice(seed).get(part)
    if part == "works" and value:
        return [_own(work, chance) if chance.random() < 0.5 else work for work in value]
    return value


def _own(work: Mapping[str, Any], chance: random.Random) -> Record:
    number = chance.randrange(10**9)
    return {**work, "title": {lang: f"{text} {number}" for lang, text in work["title"].items()}}


def _fill(database: Database, records: Iterator[Record]) -> None:
    chunk: list[tuple[m.Person, Record]] = []
    for record in records:
        person = m.Person(id=record["id"], published=1, updated_at=outbox.now())
        chunk.append((person, record))
        if len(chunk) == CHUNK:
            _write(database, chunk)
            chunk = []
    _write(database, chunk)


def _write(database: Database, chunk: Sequence[tuple[m.Person, Record]]) -> None:
    with database.write() as session:
        session.add_all(person for person, _ in chunk)
        session.flush()
        queries.write(session, chunk)


def tell(database: Database, records: Sequence[Record], whose: str) -> None:
    """Query each record twice in one session, as a page does, and print the second times."""
    took: list[float] = []
    with database.read() as session:
        for record in (*records, *records):
            started = time.perf_counter()
            similar_people(session, record)
            took.append((time.perf_counter() - started) * 1000)
    last = sorted(took[len(records) :])
    print(
        f"{len(last):6} people {whose:12} median {statistics.median(last):6.1f} ms   "
        f"p95 {last[int(len(last) * 0.95)]:6.1f} ms   most {last[-1]:6.1f} ms"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--asked", type=int, default=200)
    return parser.parse_args()


if __name__ == "__main__":
    main()
