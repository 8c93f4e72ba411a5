"""The name matcher cache follows the index: synchronously for few changes, else in background."""

import threading
import time
from pathlib import Path

import pytest

from biobank.search import known_names
from biobank.search.known_names import KnownNames
from biobank.search.whoosh_engine import WhooshEngine
from tests.support.documents import document


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    engine = WhooshEngine(tmp_path)
    engine.activate(engine.build([document("1", "Xan Lalə"), document("2", "Bəy Bahar")]))
    return engine


def called(known: KnownNames, text: str) -> set[str]:
    return set(known.matcher().bearers(text))


def test_a_publish_is_known_to_the_next_question(engine: WhooshEngine) -> None:
    known = KnownNames(engine)
    assert called(known, "lalə") == {"1"}
    engine.apply([document("3", "Ağa Lalə"), document("2", "Xan Bahar Lalə")], ["1"])
    assert called(known, "lalə") == {"2", "3"}
    assert known.ready


def test_a_new_generation_leaves_nobody_of_the_old(engine: WhooshEngine) -> None:
    known = KnownNames(engine)
    assert called(known, "bahar") == {"2"}
    engine.activate(engine.build([document("4", "Bahar Lalə")]))
    assert called(known, "bahar") == called(known, "lalə") == {"4"}


def test_many_are_put_in_order_while_questions_are_answered(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_names, "AT_ONCE_MOST", 1)
    known = KnownNames(engine)
    known.matcher()
    end = time.monotonic() + 60
    while not known.ready and time.monotonic() < end:
        time.sleep(0.01)
    assert called(known, "lalə") == {"1"}


def test_threads_that_ask_while_names_change_see_the_old_or_the_new(engine: WhooshEngine) -> None:
    known = KnownNames(engine)
    known.matcher()
    wrong: list[set[str]] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            found = called(known, "bahar")
            if len(found) != 1:
                wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for turn in range(20):
        before = f"turn{turn - 1}" if turn else "2"
        engine.apply([document(f"turn{turn}", "Bəy Bahar")], [before])
        assert known.matcher()
    over.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert called(known, "bahar") == {"turn19"}
