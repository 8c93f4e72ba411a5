"""Database sessions. A `read` never writes; a `write` commits completely or not at all."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from biobank.errors import BadSetting, StoreUnavailable

#: Seconds a SQLite writer waits for another one.
SQLITE_WAIT = 30
#: Seconds a checkpoint waits for readers before it gives up.
SQLITE_WAIT_TO_EMPTY = 2
#: Key in `Session.info` of the callbacks that run before the commit.
LAST = "biobank_last"


class Database:
    """One database and its sessions, safe to share between threads."""

    def __init__(self, url: str) -> None:
        """Configure the engine without connecting.

        Raises:
            BadSetting: `url` is not a supported database URL.
        """
        self.url = _readable(url)
        _make_folder(self.url)
        self.engine = _engine(self.url)
        self._read = sessionmaker(
            self.engine.execution_options(**self._one_state()),
            expire_on_commit=False,
            autoflush=False,
        )
        writing = self.engine.execution_options(biobank_writes=True)
        self._write = sessionmaker(writing, expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        """Return whether the database is SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that reads one snapshot and is rolled back at the end."""
        with answering(), self._read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session that commits at the end of the block, or rolls back on an exception."""
        with answering(), self._write.begin() as session:
            yield session
            for do in session.info.pop(LAST, ()):
                do(session)

    def ping(self) -> None:
        """Check the connection.

        Raises:
            StoreUnavailable: the database does not respond.
        """
        with answering(), self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def write_over(self) -> None:
        """Write SQLite's write-ahead log into the database file and truncate it.

        Otherwise deleted data would remain in the log until it is overwritten. Skipped while the
        database is being read.
        """
        if self.is_sqlite:
            with answering(), closing(self.engine.raw_connection()) as connection:
                cursor = connection.cursor()
                cursor.execute(f"PRAGMA busy_timeout = {SQLITE_WAIT_TO_EMPTY * 1000}")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                cursor.execute(f"PRAGMA busy_timeout = {SQLITE_WAIT * 1000}")
                cursor.close()

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _one_state(self) -> dict[str, Any]:
        # With PostgreSQL's default, READ COMMITTED, a record read by several statements could mix
        # two revisions. SQLite always reads one snapshot.
        return {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}


def do_last(session: Session, do: Callable[[Session], None]) -> None:
    """Run `callback` right before the session of a `write` commits.

    For locks that other transactions wait for: taken last, they are held for the shortest time and
    cannot cause a deadlock.
    """
    session.info.setdefault(LAST, []).append(do)


@contextmanager
def answering() -> Iterator[None]:
    """Raise StoreUnavailable if a driver reports that the database is down, full or corrupt."""
    try:
        yield
    except DBAPIError as error:
        # Only these two DB-API errors concern the database itself; the others concern a statement.
        if isinstance(error, OperationalError) or type(error) is DatabaseError:
            raise StoreUnavailable("the database does not answer", why=error.orig) from error
        raise


def _readable(url: str) -> URL:
    """Return the parsed URL; `postgresql://` selects psycopg 3, the only installed driver."""
    try:
        found = make_url(url)
    except ArgumentError:
        found = URL.create("none")
    if found.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return found.set(drivername="postgresql+psycopg")
    if found.drivername in ("sqlite", "sqlite+pysqlite"):
        return found
    # The message omits the URL: a slightly wrong one may contain a password.
    raise BadSetting(
        "BIOBANK_DATABASE_URL takes an address like sqlite:///folder/biobank.db or "
        "postgresql://user@host/name"
    )


def _make_folder(url: URL) -> None:
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        folder = Path(url.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable("the database's folder cannot be made", why=error) from error


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    # Errors are logged and must not contain personal data, hence `hide_parameters`.
    engine = create_engine(url, connect_args={"timeout": SQLITE_WAIT}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SqliteConnection, _record: Any) -> None:
    # The driver's implicit BEGIN is DEFERRED and comes too late; _begin_sqlite begins instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: an acknowledged commit survives a power failure, at the cost of one fsync.
    cursor.execute("PRAGMA synchronous = FULL")
    # Deleted data is overwritten with zeros, so that it cannot be recovered from the file.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock first. Without it, two transactions that read and then write
    # lose updates silently (51 of 400 were kept, DESIGN §5).
    writes = connection.get_execution_options().get("biobank_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
