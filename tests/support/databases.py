"""Test databases: empty ones, and copies of one with the reference records."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, make_url, text

from biobank.exchange import seeding
from biobank.store import schema
from biobank.store.session import Database

#: PostgreSQL's template of empty databases.
EMPTY = "template0"

_numbers = itertools.count(1)


def fill_database(url: URL, seed: Path) -> URL:
    """Create all tables and load the reference records of `seed`."""
    database = Database(_address(url))
    schema.upgrade(database)
    with database.write() as session:
        for kind in seeding.REFERENCE_KINDS:
            seeding.load_kind(session, kind, seed)
    if database.is_sqlite:
        # Move the log into the file that is copied.
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return url


@contextmanager
def sqlite_copy(template: URL, folder: Path) -> Iterator[Database]:
    """Return a copy of a filled database in `folder`."""
    shutil.copyfile(str(template.database), folder / "copy.db")
    yield from _opened(f"sqlite:///{folder}/copy.db")


@contextmanager
def postgres_copy(server: str, template: str) -> Iterator[Database]:
    """Yield a copy of the database `template` on the server and drop it at the end.

    Hundreds of copies would fill a small disk.
    """
    url = new_database(server, template)
    yield from _opened(_address(url))
    _on_server(server, f"DROP DATABASE {url.database}")


def new_database(server: str, template: str = EMPTY) -> URL:
    """Create a database as a copy of `template`, which must have no connections."""
    name = f"copy_{next(_numbers)}"
    _on_server(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return make_url(server).set(database=name)


def _opened(address: str) -> Iterator[Database]:
    database = Database(address)
    yield database
    database.dispose()


def _address(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _on_server(server: str, command: str) -> None:
    database = Database(server)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(command))
    database.dispose()
