"""The memory of an import does not grow with the content of its records."""

import gc
import tracemalloc
from collections.abc import Iterator

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.reading import Item
from biobank.store.session import Database
from tests.support import seed

#: Bytes of each biography; together far more than the limit.
LIFE = 20_000
#: Both exceed two batches, which are in memory at once while one follows the other.
BATCH, FEW, MANY = 10, 30, 90
#: Bytes remembered of one record: its id, its line, a key.
EACH_MOST = 4_000


def items(prefix: str, number: int) -> Iterator[Item]:
    names = seed.alone("nizami-gencevi")["names"]
    for at in range(number):
        life = f"{at} " + "söz " * (LIFE // 5)
        yield Item(f"line {at}", {"id": f"{prefix}{at}", "names": names, "biography": {"az": life}})


def most(database: Database, prefix: str, number: int) -> int:
    """Return the peak memory of an import of so many records."""
    # Exclude objects of earlier tests from garbage collection.
    gc.freeze()
    tracemalloc.start()
    try:
        report = import_people(
            database,
            items(prefix, number),
            file="f",
            who=OPERATOR,
            publish=False,
            # Collect unreferenced objects at the same points in every run.
            progress=lambda _step, _done, _total: gc.collect() and None,
        )
        assert report.refused == 0
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.unfreeze()
        # As in all tests: see conftest.
        gc.collect()
        gc.freeze()


def test_three_times_as_many_records_take_little_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.exchange.importing.importer.BATCH", BATCH)
    # Warm up what is loaded once: the patterns of names and dates.
    most(database, "a", FEW)
    for few, many in (("b", "c"), ("b", "c")):
        # New records the first time, the same the second time.
        assert most(database, many, MANY) - most(database, few, FEW) < (MANY - FEW) * EACH_MOST
