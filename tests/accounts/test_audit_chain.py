"""The hash chain of the audit log detects every change, on both databases."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, select, text

from biobank.accounts import audit, audit_chain
from biobank.accounts.audit_chain import verify
from biobank.accounts.identity import OPERATOR, Identity
from biobank.accounts.models import AuditEvent
from biobank.errors import Forbidden
from biobank.records.people.models import Person, Relation
from biobank.records.vocabulary.models import term_key
from biobank.store import schema
from biobank.store.session import Database

NIGAR = Identity("editor", "session", "Nigar", 7, "nigar@example.az", address="203.0.113.7")
#: Statements at which the transaction may wait for the locked person: on SQLite its beginning, on
#: PostgreSQL the constraint check; without that check, the query under the chain lock.
WAITS = ("BEGIN IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE", "SELECT audit_events.hash")


def write(database: Database, count: int = 5) -> None:
    """Write events in two transactions."""
    with database.write() as session:
        audit.note_about(session, NIGAR, "published", "person", "şəki-0", revision=3)
    with database.write() as session:
        for number in range(1, count):
            detail: dict[str, Any] = {"why": 'ağ\n"gün" \U0001f33f', "of": (number, None, 0.1)}
            audit.note_about(session, OPERATOR, "changed", "term", f"award/{number}", **detail)


def rows(database: Database) -> list[AuditEvent]:
    with database.read() as session:
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def past_the_guards(database: Database, *statements: str) -> None:
    """Execute SQL without the audit triggers, as a database owner could."""
    with database.write() as session:
        if database.is_sqlite:
            for what in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER audit_events_{what}"))
        else:
            session.execute(text("ALTER TABLE audit_events DISABLE TRIGGER USER"))
        for statement in statements:
            session.execute(text(statement))


def test_every_row_fits_the_one_before_it(database: Database) -> None:
    write(database)
    found = verify(database, OPERATOR)
    held = rows(database)
    assert (found.lines, found.hash, found.broken_at) == (5, held[-1].hash, None)
    assert len({row.hash for row in held}) == 5
    # The detail is unchanged, except for types that JSON does not have.
    assert held[1].detail == {"why": 'ağ\n"gün" \U0001f33f', "of": [1, None, 0.1]}


def test_it_is_walked_a_part_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    write(database)
    monkeypatch.setattr(audit_chain, "CHUNK", 2)
    assert verify(database, OPERATOR).lines == 5


def test_nothing_is_written_of_what_did_not_happen(database: Database) -> None:
    write(database)

    def fail() -> None:
        with database.write() as session:
            audit.note_about(session, NIGAR, "published", "person", "nobody")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    write(database)
    assert verify(database, OPERATOR).lines == 10


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
def test_a_row_that_was_changed_is_named(database: Database, change: str) -> None:
    write(database)
    ids = [row.id for row in rows(database)]
    past_the_guards(database, change.format(*ids))
    found = verify(database, OPERATOR)
    assert (found.broken_at, found.lines) == (ids[2], 2)


def test_a_row_that_was_taken_away_is_missed_at_the_next_one(database: Database) -> None:
    write(database)
    ids = [row.id for row in rows(database)]
    past_the_guards(database, f"DELETE FROM audit_events WHERE id = {ids[2]}")
    assert verify(database, OPERATOR).broken_at == ids[3]


def test_a_row_that_was_put_in_fits_nowhere(database: Database) -> None:
    write(database)
    ids = [row.id for row in rows(database)]
    columns = "at, what, kind, subject, subject_id, actor, actor_id, address, detail, hash"
    # A copy of the last row, the most plausible forgery.
    past_the_guards(
        database,
        f"INSERT INTO audit_events (id, {columns}) SELECT {ids[4] + 1}, {columns} "
        f"FROM audit_events WHERE id = {ids[4]}",
    )
    assert verify(database, OPERATOR).broken_at == ids[4] + 1


def test_rows_taken_from_the_end_are_missed_by_the_hash_of_an_export(database: Database) -> None:
    write(database)
    held = rows(database)
    assert verify(database, OPERATOR, held[-1].hash).holds
    past_the_guards(database, f"DELETE FROM audit_events WHERE id >= {held[3].id}")
    found = verify(database, OPERATOR, held[-1].hash)
    assert (found.broken_at, found.lines, found.holds) == (None, 3, False)


def test_only_those_who_see_the_audit_check_it(database: Database) -> None:
    with pytest.raises(Forbidden):
        verify(database, NIGAR)


def test_many_who_write_at_once_make_one_chain(database: Database) -> None:
    def work(number: int) -> None:
        who = Identity("editor", "session", f"editor {number}", number)
        for turn in range(10):
            with database.write() as session:
                audit.note_about(session, who, "published", "person", f"p-{number}-{turn}")
                audit.note_about(session, who, "changed", "person", f"p-{number}-{turn}")

    assert at_once([partial(work, number) for number in range(8)]) == []
    found = verify(database, OPERATOR)
    assert (found.lines, found.broken_at) == (160, None)


def test_who_writes_a_tie_to_somebody_who_is_held_blocks_nobody(database: Database) -> None:
    """A relation is checked at commit, where it waits for a lock on the other person.

    If it waited while holding the chain lock, the two transactions would deadlock.
    """
    with database.write() as session:
        session.add_all(Person(id=id_) for id_ in ("one", "other"))
    held, waits = threading.Event(), threading.Event()

    def heard(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if threading.current_thread().name == "tie" and any(it in statement for it in WAITS):
            waits.set()

    def hold() -> None:
        with database.write() as session:
            session.execute(select(Person).where(Person.id == "other").with_for_update())
            audit.note_about(session, NIGAR, "published", "person", "other")
            held.set()
            assert waits.wait(60)

    def be_tied() -> None:
        assert held.wait(60)
        with database.write() as session:
            teacher = term_key("relation", "teacher")
            tie = Relation(person_id="one", position=0, type_key=teacher, other_id="other")
            session.add(tie)
            audit.note_about(session, NIGAR, "published", "person", "one")

    event.listen(database.engine, "before_cursor_execute", heard)
    try:
        failed = at_once([hold, be_tied], names=["hold", "tie"])
    finally:
        event.remove(database.engine, "before_cursor_execute", heard)
    assert failed == []
    assert [row.subject for row in rows(database)] == ["other", "one"]
    assert verify(database, OPERATOR).broken_at is None


def at_once(works: list[Callable[[], None]], names: list[str] | None = None) -> list[BaseException]:
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


def test_rows_from_before_the_chain_are_its_beginning(empty_database: Database) -> None:
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
    write(empty_database)
    found = verify(empty_database, OPERATOR)
    assert (found.lines, found.broken_at) == (8, None)
    with pytest.raises(Exception, match="only added to"), empty_database.write() as session:
        session.execute(text("UPDATE audit_events SET actor = 'nobody'"))
    schema.downgrade(empty_database, "0013")
    schema.upgrade(empty_database)
    assert verify(empty_database, OPERATOR).hash == found.hash
