"""Concurrent readers with one writer; writers wait for each other."""

import threading
from pathlib import Path

from biobank.search.port import SearchEngine
from biobank.search.query import UNKNOWN, SearchQuery
from tests.contract.engines import Filled, Open, ids
from tests.support.documents import choices_of, document
from tests.support.threads import together

READERS = 8


def test_eight_threads_read_right_while_another_writes(filled: Filled) -> None:
    """One person is replaced by another in one change, so the total stays constant."""
    others = [document(f"p{n}", "Xan", text="opera", documented=n) for n in range(20)]
    engine = filled(*others, document("turn0", "Bəy", text="opera"))

    def read() -> None:
        for query, total in (
            (SearchQuery("opera", size=100), 21),
            (SearchQuery("xan operalar", size=100, sort="name"), 20),
            (SearchQuery("bəy", size=100), 1),
            (SearchQuery(size=100, choices=choices_of(gender=[UNKNOWN])), 21),
        ):
            answer = engine.search(query)
            assert answer.total == total
            assert len({hit.id for hit in answer.hits}) == total
            assert answer.facets["country"] == {UNKNOWN: total}
        assert len(list(engine.names_since().upserts)) == 21

    def write() -> None:
        for turn in range(1, 31):
            engine.apply([document(f"turn{turn}", "Bəy", text="opera")], [f"turn{turn - 1}"])
            assert ids(engine, "bəy") == [f"turn{turn}"]

    together(write, *[read] * READERS)


def test_the_swap_of_generations_is_one_step_for_readers(filled: Filled) -> None:
    small = [document(f"p{n}", "Xan", facets={"gender": ("a",)}) for n in range(3)]
    large = [document(f"q{n}", "Xan", facets={"gender": ("b",)}) for n in range(11)]
    engine = filled(*small)
    seen: set[int] = set()

    def read() -> None:
        answer = engine.search(SearchQuery("xan", size=100))
        found = "".join(sorted({hit.id[0] for hit in answer.hits}))
        facts = (answer.total, len(answer.hits), found, dict(answer.facets["gender"]))
        assert facts in [(3, 3, "p", {"a": 3}), (11, 11, "q", {"b": 11})]
        seen.add(answer.total)

    def write() -> None:
        for turn in range(12):
            engine.activate(engine.build(small if turn % 2 else large))

    together(write, *[read] * READERS)
    assert seen == {3, 11}


def test_writers_wait_for_each_other(filled: Filled, open_engine: Open, tmp_path: Path) -> None:
    engine = filled(document("0", "Xan"))
    other = open_engine(tmp_path)

    def write(writer: SearchEngine, first: int) -> None:
        for number in range(first, first + 5):
            writer.apply([document(str(number), "Xan")], [])

    threads = [
        threading.Thread(target=write, args=(writer, first))
        for writer, first in ((engine, 1), (engine, 6), (other, 11))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(engine.ids()) == {str(number) for number in range(16)}
