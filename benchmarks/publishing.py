"""Measure the time from publishing to search, with a separate indexing process.

`python -m benchmarks.publishing`; over a copy of the seed, with the processes of `serve`.
"""

import argparse
import copy
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services, make_services
from biobank.common.progress import null_progress
from biobank.editorial.revisions.bulk_save import save_records
from biobank.exchange import seeding
from biobank.exchange.imports.items import load_yaml
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.search.query import SearchQuery
from biobank.settings import Settings
from biobank.store import schema

#: Timeout in seconds.
TIMEOUT_SECONDS = 60.0
PERSON = "nizami-gencevi"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory(prefix="biobank-bench-") as temp_folder, _bank(temp_folder) as services:
        durations = sorted(time_until_found(services, times))
    print(
        f"published to found, {times} times: p50 {statistics.median(durations):.3f} s, "
        f"p95 {durations[int(len(durations) * 0.95)]:.3f} s, most {durations[-1]:.3f} s"
    )


def time_until_found(services: Services, times: int) -> list[float]:
    """Return the seconds from publishing until a search finds the change, `times` times.

    Raises:
        TimeoutError: if a change was not found, or not marked as applied, within a minute.
    """
    record = load_validated(person_schema, _record_without_relations(services.settings.seed_dir))

    def publish_and_find(word: str) -> float:
        with services.database.write() as session:
            changed = {**copy.deepcopy(record), "headline": {"az": word}}
            save_records(session, [changed], OPERATOR, "", publish=True)
        return _seconds_until(lambda: services.search.search(SearchQuery(word)).total == 1)

    with _follower(services.settings):
        # The first change waits for the start of the other process.
        publish_and_find("Birdənbir")
        durations = [publish_and_find(f"Qəfildən{number}") for number in range(times)]
        # A change is found before its row is marked as applied in a later transaction.
        _seconds_until(lambda: services.indexer.count_outstanding() == 0)
    return durations


def _record_without_relations(seed: Path) -> dict[str, object]:
    """Return a person of the seed without relations."""
    record = load_yaml(seed / "people" / f"{PERSON}.yaml")
    return {"id": PERSON, **{key: value for key, value in record.items() if key != "relations"}}


@contextmanager
def _bank(place: str) -> Iterator[Services]:
    folder = Path(place)
    settings = Settings(database_url=f"sqlite:///{folder}/biobank.db", index_dir=folder / "index")
    services = make_services(settings)
    schema.upgrade(services.database)
    seeding.seed(services.database, settings.seed_dir)
    services.indexer.rebuild(null_progress)
    yield services
    services.close()


@contextmanager
def _follower(settings: Settings) -> Iterator[None]:
    """Run the indexer that `serve` starts alongside its workers, as a separate process."""
    command = [sys.executable, "-m", "biobank.cli", "index", "follow"]
    environment = {
        "BIOBANK_DATABASE_URL": settings.database_url,
        "BIOBANK_INDEX_DIR": str(settings.index_dir),
        "BIOBANK_DUMPS_DIR": str(settings.dumps_dir),
        "BIOBANK_IMPORTS_DIR": str(settings.imports_dir),
    }
    with subprocess.Popen(command, env=environment) as process:  # noqa: S603
        try:
            yield
        finally:
            process.terminate()


def _seconds_until(condition: Callable[[], bool]) -> float:
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > TIMEOUT_SECONDS:
            raise TimeoutError("not so after a minute")
        time.sleep(0.01)
    return time.monotonic() - started


if __name__ == "__main__":
    main()
