"""Database sessions. A `read` never writes; a `write` commits completely or not at all."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    Select,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session, sessionmaker

from biobank.common.concurrency import writing
from biobank.common.files import create_private_file, create_private_folder
from biobank.errors import BadSetting, StoreUnavailable

T = TypeVar("T")
#: Seconds a SQLite writer waits for another one.
SQLITE_BUSY_SECONDS = 30
_SQLITE_BUSY_MS = SQLITE_BUSY_SECONDS * 1000
#: Seconds a checkpoint waits for readers before it gives up.
CHECKPOINT_BUSY_SECONDS = 2
#: SQLite's codes of errors of the disk; extended codes have further bits.
DISK_ERROR_CODES = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
}
PRIMARY_CODE_MASK = 0xFF
#: Milliseconds that `write_if_free` waits on PostgreSQL; 0 would mean forever.
LOCK_TIMEOUT_MS = 1
#: Key in `Session.info` of the callbacks that run before the commit.
BEFORE_COMMIT_KEY = "biobank_last"


class Database:
    """One database and its sessions, safe to share between threads."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        """Configure the engine without connecting; with `read_only` the database refuses every write.

        Raises:
            BadSetting: `url` is not a supported database URL.
        """
        self.url = _parse_url(url)
        _create_folder(self.url)
        self.engine = _create_engine(self.url)
        if read_only:
            forbid = _forbid_writes_sqlite if self.is_sqlite else _forbid_writes_postgres
            event.listen(self.engine, "connect", forbid)
        self._read = sessionmaker(
            self.engine.execution_options(**self._read_options()), expire_on_commit=False, autoflush=False
        )
        write_engine = self.engine.execution_options(biobank_writes=True)
        self._write = sessionmaker(write_engine, expire_on_commit=False)
        self._write_if_free = sessionmaker(write_engine.execution_options(biobank_waits=False))

    @property
    def is_sqlite(self) -> bool:
        """Return whether the database is SQLite."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that reads one snapshot and is rolled back at the end."""
        with translate_db_errors(), self._read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session that commits at the end of the block, or rolls back on an exception.

        Raises:
            Busy: Too many requests of this process are writing.
        """
        with writing(), translate_db_errors(), self._write.begin() as session:
            yield session
            for callback in session.info.pop(BEFORE_COMMIT_KEY, ()):
                callback(session)

    def write_if_free(self, statement: Executable) -> bool:
        """Execute a statement that is not worth waiting for; return False if a lock prevents it."""
        try:
            with translate_db_errors(), self._write_if_free.begin() as session:
                if not self.is_sqlite:
                    session.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
                session.execute(statement)
        except StoreUnavailable:
            return False
        return True

    def ping(self) -> None:
        """Check the connection.

        Raises:
            StoreUnavailable: the database does not respond.
        """
        with translate_db_errors(), self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def checkpoint_wal(self) -> None:
        """Write SQLite's write-ahead log into the database file and truncate it.

        Otherwise deleted data would remain in the log until it is overwritten. Skipped while the
        database is being read.
        """
        if self.is_sqlite:
            with translate_db_errors(), closing(self.engine.raw_connection()) as connection:
                cursor = connection.cursor()
                cursor.execute(f"PRAGMA busy_timeout = {CHECKPOINT_BUSY_SECONDS * 1000}")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                cursor.execute(f"PRAGMA busy_timeout = {_SQLITE_BUSY_MS}")
                cursor.close()

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _read_options(self) -> dict[str, Any]:
        # With PostgreSQL's default, READ COMMITTED, a record read by several statements could mix
        # two revisions. SQLite always reads one snapshot.
        return {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}


def run_before_commit(session: Session, callback: Callable[[Session], None]) -> None:
    """Run `callback` right before the session of a `write` commits.

    For locks that other transactions wait for: taken last, they are held for the shortest time and
    cannot cause a deadlock.
    """
    session.info.setdefault(BEFORE_COMMIT_KEY, []).append(callback)


def read_page(session: Session, query: Select[T], page: int, size: int) -> tuple[Sequence[T], int]:
    """Return a page of the query's objects, counted from 1, and their total number."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return session.scalars(query.limit(size).offset((page - 1) * size)).all(), total


@contextmanager
def translate_db_errors() -> Iterator[None]:
    """Raise StoreUnavailable if a driver reports that the database is down, full, corrupt or locked."""
    try:
        yield
    except PoolTimeoutError as error:
        raise StoreUnavailable("too many connections to the database are in use") from error
    except DBAPIError as error:
        # Only these two DB-API errors concern the database itself; the others concern a statement.
        if isinstance(error, OperationalError) or type(error) is DatabaseError:
            raise StoreUnavailable("the database does not respond", detail=error.orig) from error
        raise


def _parse_url(url: str) -> URL:
    """Return the parsed URL; `postgresql://` selects psycopg 3, the only installed driver."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = URL.create("none")
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        return parsed
    # The message omits the URL: a slightly wrong one may contain a password.
    raise BadSetting(
        "BIOBANK_DATABASE_URL must be a URL such as sqlite:///folder/biobank.db or "
        "postgresql://user@host/name"
    )


def _create_folder(url: URL) -> None:
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        file = Path(url.database)
        try:
            # SQLite gives its log the permissions of the database. A folder that exists may be shared
            # with other things and stays as it is.
            if not file.parent.is_dir():
                create_private_folder(file.parent)
            create_private_file(file)
        except OSError as error:
            raise StoreUnavailable("the directory of the database cannot be created", detail=error) from error


def _create_engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    # Errors are logged and must not contain personal data, hence `hide_parameters`.
    engine = create_engine(url, connect_args={"timeout": SQLITE_BUSY_SECONDS}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "handle_error", _close_after_disk_error)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's implicit BEGIN is DEFERRED and comes too late; _begin_sqlite begins instead.
    connection.isolation_level = None
    try:
        with closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.execute("PRAGMA journal_mode = WAL")
            # FULL: an acknowledged commit survives a power failure, at the cost of one fsync.
            cursor.execute("PRAGMA synchronous = FULL")
            # Deleted data is overwritten with zeros, so that it cannot be recovered from the file.
            cursor.execute("PRAGMA secure_delete = ON")
    except sqlite3.Error:
        connection.close()
        raise


def _forbid_writes_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    with closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA query_only = ON")


def _forbid_writes_postgres(connection: Any, _record: Any) -> None:
    connection.read_only = True


def _close_after_disk_error(context: ExceptionContext) -> None:
    """Do not use a connection again after an error of the disk, nor those opened before it.

    SQLite opens its files for reading only where it may not write, such as on a file system that
    was mounted again after an error, and would keep them so for the life of the process.
    """
    error = context.original_exception
    code = getattr(error, "sqlite_errorcode", 0) & PRIMARY_CODE_MASK
    if code in DISK_ERROR_CODES:
        context.is_disconnect = True
        cursor = getattr(context.execution_context, "cursor", None)
        if cursor:
            # Otherwise SQLite's connection stays open until the cursor is collected.
            cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock first. Without it, two transactions that read and then write
    # lose updates silently (51 of 400 were kept, DESIGN §5).
    options = connection.get_execution_options()
    if options.get("biobank_waits", True):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("biobank_writes") else "BEGIN")
        return
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_SQLITE_BUSY_MS}")
