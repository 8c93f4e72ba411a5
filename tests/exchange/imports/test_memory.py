"""The memory of an import does not grow with the content of its records."""

import gc
import tracemalloc
from collections.abc import Iterator

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.items import ImportItem
from biobank.store.session import Database
from tests.support import seed

#: Bytes of each biography; together far more than the limit.
BIOGRAPHY_BYTES = 20_000
#: Both exceed two batches, which are in memory at once while one follows the other.
BATCH_RECORDS, FEW_RECORDS, MANY_RECORDS = 10, 30, 90
#: Bytes remembered of one record: its id, its line, a key.
MAX_BYTES_PER_RECORD = 4_000


def items(prefix: str, number: int) -> Iterator[ImportItem]:
    names = seed.person_without_relations("nizami-gencevi")["names"]
    for at in range(number):
        biography = f"{at} " + "söz " * (BIOGRAPHY_BYTES // 5)
        yield ImportItem(
            f"line {at}", {"id": f"{prefix}{at}", "names": names, "biography": {"az": biography}}
        )


def peak_memory(database: Database, prefix: str, number: int) -> int:
    """Return the peak memory of an import of so many records."""
    # Exclude objects of earlier tests from garbage collection.
    gc.freeze()
    tracemalloc.start()
    try:
        report = import_people(
            database,
            items(prefix, number),
            file="f",
            actor=OPERATOR,
            publish=False,
            # Collect unreferenced objects at the same points in every run.
            progress=lambda _step, _done, _total: gc.collect() and None,
        )
        assert report.refused == 0
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_records(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.exchange.imports.importer.IMPORT_BATCH_RECORDS", BATCH_RECORDS)
    # Warm up what is loaded once: the patterns of names and dates.
    peak_memory(database, "a", FEW_RECORDS)
    for few_prefix, many_prefix in (("b", "c"), ("b", "c")):
        # New records the first time, the same the second time.
        assert (
            peak_memory(database, many_prefix, MANY_RECORDS) - peak_memory(database, few_prefix, FEW_RECORDS)
            < (MANY_RECORDS - FEW_RECORDS) * MAX_BYTES_PER_RECORD
        )
