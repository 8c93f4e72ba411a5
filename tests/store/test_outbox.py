"""The outbox: changes are queued in their own transaction until they are applied."""

from datetime import timedelta

import pytest

from biobank.common.clock import now
from biobank.store import outbox
from biobank.store.session import Database


@pytest.fixture
def store(database: Database) -> Database:
    return database


def pending_people(store: Database, limit: int = 100) -> list[str]:
    with store.read() as session:
        return [row.person_id for row in outbox.pending(session, limit)]


def add_changes(store: Database, *people: str) -> None:
    with store.write() as session:
        outbox.add(session, people)


def test_changes_are_pending_in_order(store: Database) -> None:
    add_changes(store, "b", "a")
    add_changes(store, "c", "b")
    assert pending_people(store) == ["b", "a", "c", "b"]
    assert pending_people(store, limit=2) == ["b", "a"]


def add_and_fail(store: Database) -> None:
    with store.write() as session:
        outbox.add(session, ["a"])
        session.flush()
        raise ArithmeticError


def test_a_rolled_back_change_is_not_queued(store: Database) -> None:
    with pytest.raises(ArithmeticError):
        add_and_fail(store)
    assert pending_people(store) == []


def test_applied_changes_are_not_pending_but_can_be_replayed(store: Database) -> None:
    add_changes(store, "a", "b", "a")
    before = now()
    with store.write() as session:
        outbox.mark_applied(session, [row.id for row in outbox.pending(session, 3)][:1])
    assert pending_people(store) == ["b", "a"]
    with store.read() as session:
        assert len(outbox.pending_ids(session)) == 2
        assert list(outbox.unapplied_since(session, before).values()) == ["a", "b", "a"]
        later = outbox.unapplied_since(session, now() + timedelta(seconds=1))
        assert list(later.values()) == ["b", "a"]


def test_a_change_added_during_application_is_not_lost(store: Database) -> None:
    add_changes(store, "a")
    with store.read() as session:
        row_ids = outbox.pending_ids(session)
    add_changes(store, "a")
    with store.write() as session:
        outbox.mark_applied(session, row_ids)
    assert pending_people(store) == ["a"]


def test_more_changes_are_marked_than_fit_in_one_statement(store: Database) -> None:
    # PostgreSQL accepts 65,535 values per statement, SQLite half as many.
    with store.write() as session:
        outbox.mark_applied(session, range(1, 70_001))
    add_changes(store, "a")
    assert pending_people(store) == ["a"]
