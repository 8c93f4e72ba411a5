"""What an import holds in memory does not grow with what its records say."""

import gc
import tracemalloc
from collections.abc import Iterator

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.reading import Item
from biobank.store.session import Database
from tests.support import seed

#: Bytes of the life of each; together far more than may be held.
LIFE = 20_000
#: Both more than two batches, which are held at once while one follows the other.
BATCH, FEW, MANY = 10, 30, 90
#: Bytes that may be remembered of one record: its id, its line, a key.
EACH_MOST = 4_000


def items(prefix: str, number: int) -> Iterator[Item]:
    names = seed.alone("nizami-gencevi")["names"]
    for at in range(number):
        life = f"{at} " + "söz " * (LIFE // 5)
        yield Item(f"line {at}", {"id": f"{prefix}{at}", "names": names, "biography": {"az": life}})


def most(database: Database, prefix: str, number: int) -> int:
    """The most that was held at once, while so many came in."""
    # What tests before this one left behind is not looked through each time.
    gc.freeze()
    tracemalloc.start()
    try:
        report = import_people(
            database,
            items(prefix, number),
            file="f",
            who=OPERATOR,
            publish=False,
            # What nobody holds any more is let go at the same points in every run.
            progress=lambda _step, _done, _total: gc.collect() and None,
        )
        assert report.refused == 0
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.unfreeze()
        # As it is in all tests: see conftest.
        gc.collect()
        gc.freeze()


def test_three_times_as_many_records_take_little_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.exchange.importing.importer.BATCH", BATCH)
    # What is loaded once, and by whomever: the patterns of names and dates.
    most(database, "a", FEW)
    for few, many in (("b", "c"), ("b", "c")):
        # New ones the first time, the same the second.
        assert most(database, many, MANY) - most(database, few, FEW) < (MANY - FEW) * EACH_MOST
