"""The name matcher cache follows the index: synchronously for few changes, else in background."""

import threading
import time
from pathlib import Path

import pytest

from biobank.search import executor
from biobank.search.executor import NameMatcherCache
from biobank.search.whoosh_engine import WhooshEngine
from tests.support.documents import document


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    engine = WhooshEngine(tmp_path)
    engine.activate(engine.build([document("1", "Xan Lalə"), document("2", "Bəy Bahar")]))
    return engine


def people_named(known: NameMatcherCache, text: str) -> set[str]:
    return set(known.matcher().people_with_name(text))


def test_a_publish_is_known_to_the_next_question(engine: WhooshEngine) -> None:
    known = NameMatcherCache(engine)
    assert people_named(known, "lalə") == {"1"}
    engine.apply([document("3", "Ağa Lalə"), document("2", "Xan Bahar Lalə")], ["1"])
    assert people_named(known, "lalə") == {"2", "3"}
    assert known.is_ready


def test_new_generation_replaces_all_names(engine: WhooshEngine) -> None:
    known = NameMatcherCache(engine)
    assert people_named(known, "bahar") == {"2"}
    engine.activate(engine.build([document("4", "Bahar Lalə")]))
    assert people_named(known, "bahar") == people_named(known, "lalə") == {"4"}


def test_large_update_runs_in_background(engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executor, "MAX_SYNC_UPDATES", 1)
    known = NameMatcherCache(engine)
    known.matcher()
    end = time.monotonic() + 60
    while not known.is_ready and time.monotonic() < end:
        time.sleep(0.01)
    assert people_named(known, "lalə") == {"1"}


def test_concurrent_readers_see_old_or_new_names(engine: WhooshEngine) -> None:
    known = NameMatcherCache(engine)
    known.matcher()
    mismatches: list[set[str]] = []
    over = threading.Event()

    def read_names() -> None:
        while not over.is_set():
            people = people_named(known, "bahar")
            if len(people) != 1:
                mismatches.append(people)

    threads = [threading.Thread(target=read_names) for _ in range(4)]
    for thread in threads:
        thread.start()
    for turn in range(20):
        before = f"turn{turn - 1}" if turn else "2"
        engine.apply([document(f"turn{turn}", "Bəy Bahar")], [before])
        assert known.matcher()
    over.set()
    for thread in threads:
        thread.join()
    assert not mismatches
    assert people_named(known, "bahar") == {"turn19"}
