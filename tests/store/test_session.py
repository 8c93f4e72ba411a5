"""Sessions: a write is atomic, a read sees one snapshot and stores nothing."""

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
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


def test_concurrent_threads_lose_no_update_on_sqlite(sqlite: Database) -> None:
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
        for future in [pool.submit(count) for _ in range(THREADS)]:
            future.result()
    with sqlite.read() as session:
        assert session.get_one(Person, "counter").published == THREADS * CHANGES


def test_a_successful_write_is_committed(store: Database) -> None:
    with store.write() as session:
        session.add(Person(id="somebody"))
    with store.read() as session:
        assert people(session) == 1


def write_and_fail(store: Database) -> None:
    with store.write() as session:
        session.add(Person(id="somebody"))
        session.flush()
        assert people(session) == 1
        raise Interrupted


def test_a_failed_write_is_rolled_back(store: Database) -> None:
    with pytest.raises(Interrupted):
        write_and_fail(store)
    with store.read() as session:
        assert people(session) == 0
    with store.write() as session:  # and blocks no other session
        session.add(Person(id="somebody"))


def test_a_read_is_rolled_back(store: Database) -> None:
    with store.read() as session:
        session.add(Person(id="somebody"))
        session.flush()
    with store.read() as session:
        assert people(session) == 0


def test_a_read_sees_one_snapshot(store: Database) -> None:
    with store.read() as reader:
        assert people(reader) == 0
        with store.write() as writer:
            writer.add(Person(id="somebody"))
        assert people(reader) == 0
    with store.read() as session:
        assert people(session) == 1


def test_a_write_is_invisible_until_its_commit(store: Database) -> None:
    with store.write() as writer:
        writer.add(Person(id="somebody"))
        writer.flush()
        with store.read() as reader:
            assert people(reader) == 0


def add_person(store: Database, *rows: object) -> None:
    with store.write() as session:
        session.add_all(rows)


def test_a_row_without_its_person_is_refused(store: Database) -> None:
    name = PersonName(person_id="nobody", position=0, text="Nizami", lang="az", kind="preferred")
    with pytest.raises(IntegrityError):
        add_person(store, name)


def sibling_relation(other_id: str) -> Relation:
    return Relation(person_id="somebody", position=0, type_key="relation/sibling", other_id=other_id)


def test_a_relation_may_refer_to_later_rows_but_not_to_missing_ones(store: Database) -> None:
    add_person(
        store,
        Term(key="relation/sibling", vocabulary="relation", labels={"az": "qardaş"}, alt={}),
        Person(id="somebody"),
    )
    with pytest.raises(IntegrityError):
        add_person(store, sibling_relation("nobody"))
    with store.write() as session:
        session.add(sibling_relation("later"))
        session.flush()
        session.add(Person(id="later"))
    with store.read() as session:
        assert session.scalars(select(Relation.other_id)).all() == ["later"]


def test_deleting_a_person_deletes_its_rows(store: Database) -> None:
    with store.write() as session:
        session.add(Person(id="somebody"))
        session.flush()
        session.add(PersonName(person_id="somebody", position=0, text="N", lang="az", kind="pen"))
    with store.write() as session:
        session.delete(session.get_one(Person, "somebody"))
    with store.read() as session:
        assert session.scalars(select(PersonName)).all() == []


def test_sqlite_uses_wal_and_full_sync(sqlite: Database) -> None:
    with sqlite.read() as session:
        pragmas = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_the_folder_of_a_sqlite_database_is_created(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/new/folder/biobank.db")
    database.ping()
    database.dispose()
    assert (tmp_path / "new" / "folder" / "biobank.db").exists()


@pytest.mark.parametrize(
    "url", ["", "bank.db", "://", "mysql://h/n", "oracle://x", "postgresql+pg8000://h/n", "http://a.az"]
)
def test_an_unsupported_database_url_is_refused(url: str) -> None:
    with pytest.raises(BadSetting, match="BIOBANK_DATABASE_URL must be a URL such as sqlite:///"):
        Database(url)


def test_a_password_in_an_invalid_url_is_not_disclosed() -> None:
    with pytest.raises(BadSetting) as exc_info:
        Database("postgres-ql://editor:sesame@host/name")
    assert "sesame" not in exc_info.value.message


def test_postgresql_url_schemes_are_accepted() -> None:
    for written in ("postgres://h/n", "postgresql://h/n", "postgresql+psycopg://h/n"):
        assert Database(written).url.drivername == "postgresql+psycopg"


def test_an_unreachable_database_is_unavailable(tmp_path: Path) -> None:
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


def test_a_database_without_tables_is_unavailable(empty_database: Database) -> None:
    empty_database.ping()
    with pytest.raises(StoreUnavailable, match=r"schema none.*run: biobank db upgrade"):
        schema.require_current_schema(empty_database)


@pytest.mark.parametrize(
    ("revision", "message"),
    [("0001", "schema 0001, this version needs"), ("9999", "schema 9999, which is newer than this version")],
)
def test_another_schema_version_is_reported(store: Database, revision: str, message: str) -> None:
    schema.require_current_schema(store)
    with store.write() as session:
        session.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
    with pytest.raises(StoreUnavailable, match=message):
        schema.require_current_schema(store)


def open_files(sqlite: Database) -> int:
    """Return how often this process has opened the files of the database."""
    file = str(Path(sqlite.engine.url.database or "").absolute())
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return sum(str(link.readlink()).startswith(file) for link in links if link.is_symlink())


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files in /proc")
@pytest.mark.parametrize("breaking", ["PRAGMA query_only = ON", "PRAGMA max_page_count = 1"])
def test_a_connection_is_not_used_again_after_an_error_of_the_disk(sqlite: Database, breaking: str) -> None:
    """After an error, SQLite may keep its files open for reading only."""
    opened: list[object] = []
    event.listen(sqlite.engine, "connect", lambda connection, _: opened.append(connection))
    with sqlite.engine.connect() as connection:
        connection.execute(text(breaking))
    with pytest.raises(StoreUnavailable) as refused, sqlite.write() as session:
        session.add_all(Person(id=f"{number:0>1000}") for number in range(1000))
    # Although the error and its stack are still referred to.
    assert refused.value.__cause__
    assert open_files(sqlite) == 0
    with sqlite.write() as session:
        session.add(Person(id="somebody"))
    assert len(opened) == 1


def test_a_read_only_database_refuses_writes(store: Database) -> None:
    add_person(store, Person(id="sinaq"))
    read_only = Database(store.url.render_as_string(hide_password=False), read_only=True)
    with read_only.read() as session:
        assert people(session) == 1
    with pytest.raises((StoreUnavailable, DBAPIError)), read_only.write() as session:
        session.add(Person(id="another"))
    read_only.dispose()
    with store.read() as session:
        assert people(session) == 1
