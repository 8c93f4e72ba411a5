"""Concurrent changes of a reference record: each one is saved or refused."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from biobank.editorial.reference import service
from biobank.errors import RecordRefused, ReferenceChanged
from biobank.records.reference.kinds import PLACE_KIND, TERM_KIND
from biobank.store.session import Database
from tests.editorial.reference import helpers
from tests.editorial.reference.helpers import EDITOR, place, term

WRITERS, WORDS = 4, 5


def test_concurrent_edits_lose_nothing(database: Database) -> None:
    key = service.add_record(database, EDITOR, TERM_KIND, term("test-bard"))

    def write(writer: int) -> int:
        refused = 0
        for number in range(WORDS):
            while True:
                now: dict[str, Any] = helpers.get_record(database, TERM_KIND, key) or {}
                words = [*now.get("alt", {}).get("en", ()), f"word {writer} {number}"]
                try:
                    seen = service.record_version(now)
                    service.update_record(
                        database, EDITOR, TERM_KIND, key, {**now, "alt": {"en": words}}, seen
                    )
                    break
                except ReferenceChanged:
                    refused += 1
        return refused

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    labels = (helpers.get_record(database, TERM_KIND, key) or {})["alt"]["en"]
    assert sorted(labels) == [
        f"word {writer_number} {number}" for writer_number in range(WRITERS) for number in range(WORDS)
    ]


def test_concurrent_edits_create_no_cycle(database: Database) -> None:
    for id_ in ("test-a", "test-b"):
        service.add_record(database, EDITOR, PLACE_KIND, place(id_))

    def set_broader(within: tuple[str, str]) -> bool:
        id_, broader = within
        seen = service.record_version(place(id_))
        try:
            service.update_record(database, EDITOR, PLACE_KIND, id_, place(id_, broader=broader), seen)
        except RecordRefused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(set_broader, [("test-a", "test-b"), ("test-b", "test-a")]))
    assert sorted(outcomes) == [False, True]
