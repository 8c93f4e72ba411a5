"""The hash chain of the audit log detects every change, on both databases."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, select, text

from biobank.accounts import audit
from biobank.accounts.audit import verify
from biobank.accounts.identity import OPERATOR, Identity
from biobank.accounts.models import AuditEvent
from biobank.errors import Forbidden
from biobank.records.people.models import Person, Relation
from biobank.records.vocabulary.models import term_key
from biobank.store import schema
from biobank.store.session import Database

NIGAR = Identity("editor", "session", "Nigar", 7, "nigar@example.az", ip_address="203.0.113.7")
#: Statements at which the transaction may wait for the locked person: on SQLite its beginning, on
#: PostgreSQL the constraint check; without that check, the query under the chain lock.
LOCK_STATEMENTS = ("BEGIN IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE", "SELECT audit_events.hash")


def write_events(database: Database, count: int = 5) -> None:
    """Write events in two transactions."""
    with database.write() as session:
        audit.record_for(session, NIGAR, "published", "person", "şəki-0", revision=3)
    with database.write() as session:
        for number in range(1, count):
            detail: dict[str, Any] = {"why": 'ağ\n"gün" \U0001f33f', "of": (number, None, 0.1)}
            audit.record_for(session, OPERATOR, "changed", "term", f"award/{number}", **detail)


def load_rows(database: Database) -> list[AuditEvent]:
    with database.read() as session:
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def bypass_triggers(database: Database, *statements: str) -> None:
    """Execute SQL without the audit triggers, as a database owner could."""
    with database.write() as session:
        if database.is_sqlite:
            for operation in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER audit_events_{operation}"))
        else:
            session.execute(text("ALTER TABLE audit_events DISABLE TRIGGER USER"))
        for statement in statements:
            session.execute(text(statement))


def test_every_row_matches_the_previous_hash(database: Database) -> None:
    write_events(database)
    result = verify(database, OPERATOR)
    events = load_rows(database)
    assert (result.row_count, result.hash, result.broken_id) == (5, events[-1].hash, None)
    assert len({row.hash for row in events}) == 5
    # The detail is unchanged, except for types that JSON does not have.
    assert events[1].detail == {"why": 'ağ\n"gün" \U0001f33f', "of": [1, None, 0.1]}


def test_it_is_verified_in_chunks(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    write_events(database)
    monkeypatch.setattr(audit, "CHAIN_CHUNK_ROWS", 2)
    assert verify(database, OPERATOR).row_count == 5


def test_a_rolled_back_transaction_writes_no_event(database: Database) -> None:
    write_events(database)

    def fail() -> None:
        with database.write() as session:
            audit.record_for(session, NIGAR, "published", "person", "nobody")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    write_events(database)
    assert verify(database, OPERATOR).row_count == 10


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_events SET what = 'withdrew' WHERE id = {2}",
        "UPDATE audit_events SET actor = 'nobody' WHERE id = {2}",
        "UPDATE audit_events SET actor_id = 8 WHERE id = {2}",
        "UPDATE audit_events SET address = '198.51.100.1' WHERE id = {2}",
        "UPDATE audit_events SET at = '2020-01-01 00:00:00' WHERE id = {2}",
        "UPDATE audit_events SET kind = 'place' WHERE id = {2}",
        "UPDATE audit_events SET subject = 'award/other' WHERE id = {2}",
        "UPDATE audit_events SET subject_id = 1 WHERE id = {2}",
        "UPDATE audit_events SET detail = '{{}}' WHERE id = {2}",
        "UPDATE audit_events SET hash = '' WHERE id = {2}",
    ],
)
def test_a_changed_row_is_reported(database: Database, change: str) -> None:
    write_events(database)
    ids = [row.id for row in load_rows(database)]
    bypass_triggers(database, change.format(*ids))
    result = verify(database, OPERATOR)
    assert (result.broken_id, result.row_count) == (ids[2], 2)


def test_a_deleted_row_breaks_the_chain_at_the_next_row(database: Database) -> None:
    write_events(database)
    ids = [row.id for row in load_rows(database)]
    bypass_triggers(database, f"DELETE FROM audit_events WHERE id = {ids[2]}")
    assert verify(database, OPERATOR).broken_id == ids[3]


def test_an_inserted_row_breaks_the_chain(database: Database) -> None:
    write_events(database)
    ids = [row.id for row in load_rows(database)]
    columns = "at, what, kind, subject, subject_id, actor, actor_id, address, detail, hash"
    # A copy of the last row, the most plausible forgery.
    bypass_triggers(
        database,
        f"INSERT INTO audit_events (id, {columns}) SELECT {ids[4] + 1}, {columns} "
        f"FROM audit_events WHERE id = {ids[4]}",
    )
    assert verify(database, OPERATOR).broken_id == ids[4] + 1


def test_rows_deleted_from_the_end_are_detected_by_an_exported_hash(database: Database) -> None:
    write_events(database)
    events = load_rows(database)
    assert verify(database, OPERATOR, events[-1].hash).contains_hash
    bypass_triggers(database, f"DELETE FROM audit_events WHERE id >= {events[3].id}")
    result = verify(database, OPERATOR, events[-1].hash)
    assert (result.broken_id, result.row_count, result.contains_hash) == (None, 3, False)


def test_only_users_with_audit_access_may_verify_it(database: Database) -> None:
    with pytest.raises(Forbidden):
        verify(database, NIGAR)


def test_concurrent_writers_create_one_chain(database: Database) -> None:
    def work(number: int) -> None:
        editor = Identity("editor", "session", f"editor {number}", number)
        for event_number in range(10):
            with database.write() as session:
                audit.record_for(session, editor, "published", "person", f"p-{number}-{event_number}")
                audit.record_for(session, editor, "changed", "person", f"p-{number}-{event_number}")

    assert run_concurrently([partial(work, number) for number in range(8)]) == []
    result = verify(database, OPERATOR)
    assert (result.row_count, result.broken_id) == (160, None)


def test_a_relation_to_a_locked_person_does_not_block_the_chain(database: Database) -> None:
    """A relation is checked at commit, where it waits for a lock on the other person.

    If it waited while holding the chain lock, the two transactions would deadlock.
    """
    with database.write() as session:
        session.add_all(Person(id=id_) for id_ in ("one", "other"))
    locked, waits = threading.Event(), threading.Event()

    def on_statement(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if threading.current_thread().name == "tie" and any(
            marker in statement for marker in LOCK_STATEMENTS
        ):
            waits.set()

    def hold_lock() -> None:
        with database.write() as session:
            session.execute(select(Person).where(Person.id == "other").with_for_update())
            audit.record_for(session, NIGAR, "published", "person", "other")
            locked.set()
            assert waits.wait(60)

    def add_relation() -> None:
        assert locked.wait(60)
        with database.write() as session:
            teacher = term_key("relation", "teacher")
            relation = Relation(person_id="one", position=0, type_key=teacher, other_id="other")
            session.add(relation)
            audit.record_for(session, NIGAR, "published", "person", "one")

    event.listen(database.engine, "before_cursor_execute", on_statement)
    try:
        failed = run_concurrently([hold_lock, add_relation], names=["hold", "tie"])
    finally:
        event.remove(database.engine, "before_cursor_execute", on_statement)
    assert failed == []
    assert [row.subject for row in load_rows(database)] == ["other", "one"]
    assert verify(database, OPERATOR).broken_id is None


def run_concurrently(works: list[Callable[[], None]], names: list[str] | None = None) -> list[BaseException]:
    """Run all functions in threads and return the exceptions raised."""
    raised: list[BaseException] = []

    def catching(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    threads = [
        threading.Thread(target=catching, args=(work,), name=names[at] if names else None)
        for at, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_older_rows_start_the_chain(empty_database: Database) -> None:
    schema.upgrade(empty_database, "0013")
    with empty_database.write() as session:
        for number, address in enumerate(("", "203.0.113.7", "2001:db8::1")):
            session.execute(
                text(
                    "INSERT INTO audit_events (at, what, kind, subject, actor, address, detail) "
                    "VALUES (:at, 'changed', 'place', :subject, 'Nigar', :address, :detail)"
                ),
                {
                    "at": f"2026-01-0{number + 1} 10:00:00.250000",
                    "subject": f"şəki-{number}",
                    "address": address,
                    "detail": '{"b": "ö", "a": 1.50}',
                },
            )
    schema.upgrade(empty_database)
    write_events(empty_database)
    result = verify(empty_database, OPERATOR)
    # With the row that seals the older ones.
    assert (result.row_count, result.broken_id) == (9, None)
    with pytest.raises(Exception, match="only added to"), empty_database.write() as session:
        session.execute(text("UPDATE audit_events SET actor = 'nobody'"))
    schema.downgrade(empty_database, "0013")
    schema.upgrade(empty_database)
    result = verify(empty_database, OPERATOR)
    assert (result.row_count, result.broken_id) == (9, None)
