"""Concurrent readers with one writer; writers wait for each other."""

import threading
from pathlib import Path

from biobank.search.engine import SearchEngine
from biobank.search.query import UNKNOWN, SearchQuery
from tests.contract.engines import EngineFactory, FilledEngineFactory, search_ids
from tests.support.documents import choices_of, document
from tests.support.threads import run_while_reading

READERS = 8


def test_concurrent_readers_see_consistent_state(filled: FilledEngineFactory) -> None:
    """One person is replaced by another in one change, so the total stays constant."""
    documents = [document(f"p{n}", "Xan", text="opera", documented=n) for n in range(20)]
    engine = filled(*documents, document("turn0", "Bəy", text="opera"))

    def read() -> None:
        for query, total in (
            (SearchQuery("opera", size=100), 21),
            (SearchQuery("xan operalar", size=100, sort="name"), 20),
            (SearchQuery("bəy", size=100), 1),
            (SearchQuery(size=100, choices=choices_of(gender=[UNKNOWN])), 21),
        ):
            response = engine.search(query)
            assert response.total == total
            assert len({hit.id for hit in response.hits}) == total
            assert response.facets["country"] == {UNKNOWN: total}
        assert len(list(engine.name_changes().upserts)) == 21

    def write() -> None:
        for turn in range(1, 31):
            engine.apply([document(f"turn{turn}", "Bəy", text="opera")], [f"turn{turn - 1}"])
            assert search_ids(engine, "bəy") == [f"turn{turn}"]

    run_while_reading(write, *[read] * READERS)


def test_generation_switch_is_atomic_for_readers(filled: FilledEngineFactory) -> None:
    small = [document(f"p{n}", "Xan", facets={"gender": ("a",)}) for n in range(3)]
    large = [document(f"q{n}", "Xan", facets={"gender": ("b",)}) for n in range(11)]
    engine = filled(*small)
    seen: set[int] = set()

    def read() -> None:
        response = engine.search(SearchQuery("xan", size=100))
        initials = "".join(sorted({hit.id[0] for hit in response.hits}))
        facts = (response.total, len(response.hits), initials, dict(response.facets["gender"]))
        assert facts in [(3, 3, "p", {"a": 3}), (11, 11, "q", {"b": 11})]
        seen.add(response.total)

    def write() -> None:
        for turn in range(12):
            engine.activate(engine.build(small if turn % 2 else large))

    run_while_reading(write, *[read] * READERS)
    assert seen == {3, 11}


def test_writers_wait_for_each_other(
    filled: FilledEngineFactory, open_engine: EngineFactory, tmp_path: Path
) -> None:
    engine = filled(document("0", "Xan"))
    other_engine = open_engine(tmp_path)

    def write(writer: SearchEngine, first: int) -> None:
        for number in range(first, first + 5):
            writer.apply([document(str(number), "Xan")], [])

    threads = [
        threading.Thread(target=write, args=(writer, first))
        for writer, first in ((engine, 1), (engine, 6), (other_engine, 11))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(engine.ids()) == {str(number) for number in range(16)}
