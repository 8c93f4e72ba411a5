"""Sessions: a write is atomic, a read sees one snapshot and stores nothing."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from biobank.errors import BadSetting, StoreUnavailable
from biobank.records.people.models import Person, PersonName, Relation
from biobank.records.vocabulary.models import Term
from biobank.store import schema
from biobank.store.session import Database

THREADS, CHANGES = 8, 50


class Interrupted(Exception):
    """The exception that interrupts a session in these tests."""


@pytest.fixture
def store(empty_database: Database) -> Database:
    """Return an empty database of each kind with all tables."""
    schema.upgrade(empty_database)
    return empty_database


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/biobank.db")
    schema.upgrade(database)
    yield database
    database.dispose()


def people(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Person)) or 0


def test_reads_and_writes_of_many_threads_lose_no_update_on_sqlite(sqlite: Database) -> None:
    with sqlite.write() as session:
        session.add(Person(id="counter", published=0))
    together = threading.Barrier(THREADS)

    def count() -> None:
        together.wait()
        for _ in range(CHANGES):
            with sqlite.write() as session:
                person = session.get_one(Person, "counter")
                person.published = (person.published or 0) + 1

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(count) for _ in range(THREADS)]:
            done.result()
    with sqlite.read() as session:
        assert session.get_one(Person, "counter").published == THREADS * CHANGES


def test_a_write_that_ends_well_is_kept(store: Database) -> None:
    with store.write() as session:
        session.add(Person(id="somebody"))
    with store.read() as session:
        assert people(session) == 1


def write_and_die(store: Database) -> None:
    with store.write() as session:
        session.add(Person(id="somebody"))
        session.flush()
        assert people(session) == 1
        raise Interrupted


def test_a_write_that_raises_leaves_nothing(store: Database) -> None:
    with pytest.raises(Interrupted):
        write_and_die(store)
    with store.read() as session:
        assert people(session) == 0
    with store.write() as session:  # and blocks no other session
        session.add(Person(id="somebody"))


def test_a_read_keeps_nothing(store: Database) -> None:
    with store.read() as session:
        session.add(Person(id="somebody"))
        session.flush()
    with store.read() as session:
        assert people(session) == 0


def test_a_read_sees_one_state_while_others_write(store: Database) -> None:
    with store.read() as reader:
        assert people(reader) == 0
        with store.write() as writer:
            writer.add(Person(id="somebody"))
        assert people(reader) == 0
    with store.read() as session:
        assert people(session) == 1


def test_a_write_is_not_seen_before_it_ends(store: Database) -> None:
    with store.write() as writer:
        writer.add(Person(id="somebody"))
        writer.flush()
        with store.read() as reader:
            assert people(reader) == 0


def write(store: Database, *rows: object) -> None:
    with store.write() as session:
        session.add_all(rows)


def test_a_row_without_its_person_is_refused(store: Database) -> None:
    name = PersonName(person_id="nobody", position=0, text="Nizami", lang="az", kind="preferred")
    with pytest.raises(IntegrityError):
        write(store, name)


def sibling(other: str) -> Relation:
    return Relation(person_id="somebody", position=0, type_key="relation/sibling", other_id=other)


def test_a_relation_may_point_forward_but_not_at_nobody(store: Database) -> None:
    write(
        store,
        Term(key="relation/sibling", vocabulary="relation", labels={"az": "qardaş"}, alt={}),
        Person(id="somebody"),
    )
    with pytest.raises(IntegrityError):
        write(store, sibling("nobody"))
    with store.write() as session:
        session.add(sibling("later"))
        session.flush()
        session.add(Person(id="later"))
    with store.read() as session:
        assert session.scalars(select(Relation.other_id)).all() == ["later"]


def test_the_rows_of_a_person_go_with_the_person(store: Database) -> None:
    with store.write() as session:
        session.add(Person(id="somebody"))
        session.flush()
        session.add(PersonName(person_id="somebody", position=0, text="N", lang="az", kind="pen"))
    with store.write() as session:
        session.delete(session.get_one(Person, "somebody"))
    with store.read() as session:
        assert session.scalars(select(PersonName)).all() == []


def test_sqlite_keeps_a_log_ahead_and_waits_for_the_disk(sqlite: Database) -> None:
    with sqlite.read() as session:
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_the_folder_of_a_sqlite_database_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/folder/biobank.db")
    database.ping()
    database.dispose()
    assert (tmp_path / "new" / "folder" / "biobank.db").exists()


@pytest.mark.parametrize(
    "url",
    ["", "bank.db", "://", "mysql://h/n", "oracle://x", "postgresql+pg8000://h/n", "http://a.az"],
)
def test_an_address_of_no_known_database_is_refused(url: str) -> None:
    with pytest.raises(BadSetting, match="BIOBANK_DATABASE_URL takes an address like sqlite:///"):
        Database(url)


def test_a_password_in_a_bad_address_is_not_repeated() -> None:
    with pytest.raises(BadSetting) as caught:
        Database("postgres-ql://editor:sesame@host/name")
    assert "sesame" not in caught.value.message


def test_an_address_may_be_written_as_postgresql_has_it() -> None:
    for written in ("postgres://h/n", "postgresql://h/n", "postgresql+psycopg://h/n"):
        assert Database(written).url.drivername == "postgresql+psycopg"


def test_a_database_that_does_not_answer_is_told_as_unavailable(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database at all, but text\n" * 100, encoding="utf-8")
    (tmp_path / "folder").mkdir()
    for url in (
        f"sqlite:///{tmp_path}/notes.txt",
        f"sqlite:///{tmp_path}/folder",
        f"sqlite:///{tmp_path}/notes.txt/biobank.db",
        "postgresql://127.0.0.1:1/nothing",
    ):
        with pytest.raises(StoreUnavailable):
            schema.upgrade(Database(url))
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8").startswith("no database")


def test_a_database_without_tables_is_told_as_unavailable(empty_database: Database) -> None:
    empty_database.ping()
    with pytest.raises(StoreUnavailable, match=r"schema none.*run: biobank db upgrade"):
        schema.require_current(empty_database)


def test_a_schema_of_another_version_is_told(store: Database) -> None:
    schema.require_current(store)
    with store.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnavailable, match="schema 9999, this version needs"):
        schema.require_current(store)
