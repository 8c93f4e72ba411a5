"""Measure how long a merge of a place that many people name holds the lock of the store.

    python -m benchmarks.reference_merging [--people 15000] [--postgresql] [--profile]

Prints the seconds between the first and the last statement of the transaction that writes, of the merge
and of its undo, and the statements of each. `tests/editorial/reference/test_merge_statements.py` holds
the limits.
"""

import argparse
import cProfile
import pstats
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event

from benchmarks.bank import with_facts
from benchmarks.corpus import SEED
from benchmarks.duplicates import generate_people
from biobank.accounts.identity import OPERATOR
from biobank.editorial.reference import merge, service, undo
from biobank.editorial.revisions.bulk_save import save_records
from biobank.exchange import seeding
from biobank.records.people import queries
from biobank.records.reference.kinds import PLACE_KIND
from biobank.store import schema
from biobank.store.session import Database
from tests.support.databases import new_database
from tests.support.postgres import cluster
from tests.support.statements import logged_statements

SURVIVOR, DUPLICATE = "merged-town", "named-town"
CHUNK = 500
#: One person in DRAFT_EVERY has a draft.
DRAFT_EVERY = 100
#: Lines of the profile.
PROFILE_LINES = 45


def fill(database: Database, people: int) -> None:
    """Fill the bank with people who were all born in one place."""
    schema.upgrade(database)
    seeding.seed(database, SEED)
    for id_ in (SURVIVOR, DUPLICATE):
        names = [{"text": id_, "lang": "en"}]
        service.add_record(database, OPERATOR, PLACE_KIND, {"id": id_, "kind": "town", "names": names})
    with database.read() as session:
        seed = [record for chunk in queries.iter_chunks(session) for record in chunk.values()]
    records = [
        {**record, "birth": {**record["birth"], "place": DUPLICATE}}
        for record in with_facts(list(generate_people(seed, people)), seed)
    ]
    for start in range(0, len(records), CHUNK):
        with database.write() as session:
            save_records(session, records[start : start + CHUNK], OPERATOR, "added", publish=True)
    drafts = [{**record, "headline": {"en": "Draft"}} for record in records[::DRAFT_EVERY]]
    with database.write() as session:
        save_records(session, drafts, OPERATOR, "edited", publish=False)


@contextmanager
def lock_timer(database: Database) -> Iterator[list[float]]:
    """Collect the seconds of each transaction of a session that writes."""
    seconds: list[float] = []
    started: list[float] = []

    def begin(connection: object) -> None:
        if connection.get_execution_options().get("biobank_writes"):  # type: ignore[attr-defined]
            started.append(time.perf_counter())

    def commit(_connection: object) -> None:
        if started:
            seconds.append(time.perf_counter() - started.pop())

    event.listen(database.engine, "begin", begin)
    event.listen(database.engine, "commit", commit)
    try:
        yield seconds
    finally:
        event.remove(database.engine, "begin", begin)
        event.remove(database.engine, "commit", commit)


def measure(database: Database, name: str, action: Callable[[], object], profiled: bool) -> None:
    profile = cProfile.Profile()
    with lock_timer(database) as seconds, logged_statements(database.engine) as log:
        started = time.perf_counter()
        if profiled:
            profile.runcall(action)
        else:
            action()
        total_seconds = time.perf_counter() - started
    longest = max(seconds)
    print(
        f"{name}: {total_seconds:.2f} s, lock {longest:.2f} s at most, "
        f"{len(seconds)} transactions, {len(log.executed):,} statements",
        flush=True,
    )
    if profiled:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(PROFILE_LINES)


def run(database: Database, people: int, profiled: bool) -> None:
    fill(database, people)
    merge_ids: list[int] = []

    def merge_places() -> None:
        merge_ids.append(merge.merge_references(database, OPERATOR, PLACE_KIND, SURVIVOR, DUPLICATE))

    measure(database, "merge", merge_places, profiled)
    measure(database, "undo", lambda: undo.undo_reference_merge(database, OPERATOR, merge_ids[0]), profiled)
    database.dispose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=15_000)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    if options.postgresql:
        with cluster() as server:
            run(Database(new_database(server).render_as_string()), options.people, options.profile)
        return
    with tempfile.TemporaryDirectory() as folder:
        run(Database(f"sqlite:///{Path(folder)}/biobank.db"), options.people, options.profile)


if __name__ == "__main__":
    main()
