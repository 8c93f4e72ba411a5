"""Units of work. A `read` never writes; a `write` commits whole or leaves nothing."""

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

#: Seconds a SQLite writer waits for another to finish before it gives up.
SQLITE_WAIT = 30
#: Seconds it waits for readers before it leaves its log as it is.
SQLITE_WAIT_TO_EMPTY = 2
#: Where a session keeps what is to be done last in it.
LAST = "biobank_last"


class Database:
    """One database and its sessions, safe to share between threads."""

    def __init__(self, url: str) -> None:
        """Opens nothing yet; raises BadSetting where `url` names no database that is known."""
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
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the store and is rolled back at the end."""
        with answering(), self._read() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that commits when the block ends well, and rolls back when it raises."""
        with answering(), self._write.begin() as session:
            yield session
            for do in session.info.pop(LAST, ()):
                do(session)

    def ping(self) -> None:
        """Raises StoreUnavailable where the database does not answer."""
        with answering(), self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def write_over(self) -> None:
        """Has SQLite write into its file what its log holds, and empty the log: there, what was
        said before a change stays until it is written over. Left for later where somebody reads.
        """
        if self.is_sqlite:
            with answering(), closing(self.engine.raw_connection()) as connection:
                cursor = connection.cursor()
                cursor.execute(f"PRAGMA busy_timeout = {SQLITE_WAIT_TO_EMPTY * 1000}")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                cursor.execute(f"PRAGMA busy_timeout = {SQLITE_WAIT * 1000}")
                cursor.close()

    def dispose(self) -> None:
        self.engine.dispose()

    def _one_state(self) -> dict[str, Any]:
        # PostgreSQL's default gives every statement a state of its own, so that a record read by
        # several could be half of one revision and half of the next. SQLite has but one kind.
        return {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}


def do_last(session: Session, do: Callable[[Session], None]) -> None:
    """Has `do` done right before the session of a `write` commits, after all that the block did.

    For what others wait for until the commit: taken last, it is held shortest, and nobody who
    holds it waits for anything else.
    """
    session.info.setdefault(LAST, []).append(do)


@contextmanager
def answering() -> Iterator[None]:
    """Makes StoreUnavailable of what drivers raise when a database is away, full or broken."""
    try:
        yield
    except DBAPIError as error:
        # Of the DB-API's errors these two are about the database, the others about a statement.
        if isinstance(error, OperationalError) or type(error) is DatabaseError:
            raise StoreUnavailable("the database does not answer", why=error.orig) from error
        raise


def _readable(url: str) -> URL:
    """`postgresql://` means psycopg 3, the one driver that is installed."""
    try:
        found = make_url(url)
    except ArgumentError:
        found = URL.create("none")
    if found.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return found.set(drivername="postgresql+psycopg")
    if found.drivername in ("sqlite", "sqlite+pysqlite"):
        return found
    # The text itself is not repeated: an address that is nearly right may hold a password.
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
    # Errors are logged; what people wrote, and their addresses, are not to be in them.
    engine = create_engine(url, connect_args={"timeout": SQLITE_WAIT}, hide_parameters=True)
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
    # What is deleted is written over with zeros: it is not to be read in the file any more.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock first. Without it, two transactions that read and then write
    # lose updates silently (51 of 400 kept, DESIGN §5).
    writes = connection.get_execution_options().get("biobank_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
