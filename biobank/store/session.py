"""Units of work. A `read` never writes; a `write` commits whole or leaves nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from biobank.errors import StoreUnavailable

#: Seconds a SQLite writer waits for another to finish before it gives up.
SQLITE_WAIT = 30


class Database:
    """One database and its sessions, safe to share between threads."""

    def __init__(self, url: str) -> None:
        self.url = _with_driver(make_url(url))
        _make_folder(self.url)
        self.engine = _engine(self.url)
        self._read = sessionmaker(self.engine, expire_on_commit=False, autoflush=False)
        writing = self.engine.execution_options(biobank_writes=True)
        self._write = sessionmaker(writing, expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the store and is rolled back at the end."""
        with self._read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits when the block ends well, and rolls back when it raises."""
        with self._write.begin() as session:
            yield session

    def ping(self) -> None:
        """Raises StoreUnavailable where the database does not answer."""
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except DBAPIError as error:
            raise StoreUnavailable(f"the database does not answer: {error.orig}") from error

    def dispose(self) -> None:
        self.engine.dispose()


def _with_driver(url: URL) -> URL:
    """`postgresql://` means psycopg 3, the one driver that is installed."""
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    return url


def _make_folder(url: URL) -> None:
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": SQLITE_WAIT})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SqliteConnection, _record: Any) -> None:
    # The driver's own implicit BEGIN is DEFERRED and comes too late; _begin_sqlite says it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: a change that was acknowledged survives a power cut, at one fsync a commit.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock first. Without it, two transactions that read and then write
    # lose updates silently (51 of 400 kept, DESIGN §5).
    writes = connection.get_execution_options().get("biobank_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
