"""The outbox: changes are queued in their own transaction until they are applied."""

from datetime import timedelta

import pytest

from biobank.store import outbox, schema
from biobank.store.session import Database


@pytest.fixture
def store(empty_database: Database) -> Database:
    schema.upgrade(empty_database)
    return empty_database


def waiting(store: Database, limit: int = 100) -> list[str]:
    with store.read() as session:
        return [row.person_id for row in outbox.pending(session, limit)]


def tell(store: Database, *people: str) -> None:
    with store.write() as session:
        outbox.add(session, people)


def test_changes_wait_in_the_order_in_which_they_were_told(store: Database) -> None:
    tell(store, "b", "a")
    tell(store, "c", "b")
    assert waiting(store) == ["b", "a", "c", "b"]
    assert waiting(store, limit=2) == ["b", "a"]


def tell_and_die(store: Database) -> None:
    with store.write() as session:
        outbox.add(session, ["a"])
        session.flush()
        raise ArithmeticError


def test_a_change_that_was_rolled_back_was_not_told(store: Database) -> None:
    with pytest.raises(ArithmeticError):
        tell_and_die(store)
    assert waiting(store) == []


def test_what_is_applied_waits_no_longer_but_can_be_replayed(store: Database) -> None:
    tell(store, "a", "b", "a")
    before = outbox.now()
    with store.write() as session:
        outbox.mark_done(session, [row.id for row in outbox.pending(session, 3)][:1])
    assert waiting(store) == ["b", "a"]
    with store.read() as session:
        assert len(outbox.pending_ids(session)) == 2
        assert list(outbox.unsettled_since(session, before).values()) == ["a", "b", "a"]
        later = outbox.unsettled_since(session, outbox.now() + timedelta(seconds=1))
        assert list(later.values()) == ["b", "a"]


def test_a_change_told_while_others_are_applied_is_not_lost(store: Database) -> None:
    tell(store, "a")
    with store.read() as session:
        taken = outbox.pending_ids(session)
    tell(store, "a")
    with store.write() as session:
        outbox.mark_done(session, taken)
    assert waiting(store) == ["a"]


def test_more_changes_are_marked_than_one_statement_takes_values(store: Database) -> None:
    # PostgreSQL accepts 65,535 values per statement, SQLite half as many.
    with store.write() as session:
        outbox.mark_done(session, range(1, 70_001))
    tell(store, "a")
    assert waiting(store) == ["a"]
