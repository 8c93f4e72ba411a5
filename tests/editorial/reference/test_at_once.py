"""Concurrent changes of a reference record: each one is saved or refused."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from biobank.editorial.reference import keeping
from biobank.errors import RecordRefused, ReferenceChanged
from biobank.records.reference.kinds import PLACE, TERM
from biobank.store.session import Database
from tests.editorial.reference import bank
from tests.editorial.reference.bank import EDITOR, place, term

WRITERS, WORDS = 4, 5


def test_no_word_is_lost_where_several_write_at_once(database: Database) -> None:
    key = keeping.add(database, EDITOR, TERM, term("test-bard"))

    def write(writer: int) -> int:
        refused = 0
        for number in range(WORDS):
            while True:
                now: dict[str, Any] = bank.record_of(database, TERM, key) or {}
                words = [*now.get("alt", {}).get("en", ()), f"word {writer} {number}"]
                try:
                    seen = keeping.version(now)
                    keeping.change(database, EDITOR, TERM, key, {**now, "alt": {"en": words}}, seen)
                    break
                except ReferenceChanged:
                    refused += 1
        return refused

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    kept = (bank.record_of(database, TERM, key) or {})["alt"]["en"]
    assert sorted(kept) == [
        f"word {it} {number}" for it in range(WRITERS) for number in range(WORDS)
    ]


def test_two_at_once_make_no_ring(database: Database) -> None:
    for id_ in ("test-a", "test-b"):
        keeping.add(database, EDITOR, PLACE, place(id_))

    def lay(within: tuple[str, str]) -> bool:
        id_, broader = within
        seen = keeping.version(place(id_))
        try:
            keeping.change(database, EDITOR, PLACE, id_, place(id_, broader=broader), seen)
        except RecordRefused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lay, [("test-a", "test-b"), ("test-b", "test-a")]))
    assert sorted(done) == [False, True]
