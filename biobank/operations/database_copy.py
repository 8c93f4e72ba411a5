"""Consistent copies of a database while it is written, and their restoration."""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import IO

from sqlalchemy import inspect
from sqlalchemy.engine import URL

from biobank.errors import BackupRefused
from biobank.store.session import SQLITE_BUSY_SECONDS, Database, translate_db_errors

#: Characters of a program's error message that are shown.
MAX_ERROR_CHARS = 500
#: Function of the audit triggers, the only object of the schema besides tables.
AUDIT_FUNCTION = "audit_events_added_to_only"
#: Parameters of a URL that are passwords, with the environment variable that PostgreSQL's programs read.
_PASSWORD_VARIABLES = {"password": "PGPASSWORD"}


def database_kind(database: Database) -> str:
    """Return the kind of a database as backups name it: `sqlite` or `postgresql`."""
    return "sqlite" if database.is_sqlite else "postgresql"


def copy_database(database: Database, target: Path) -> None:
    """Write a consistent copy of the database to the file `target`.

    SQLite by its online backup, in one step, which neither waits for writers nor stops them;
    PostgreSQL by `pg_dump` in its custom format.
    """
    if database.is_sqlite:
        _copy_sqlite(_sqlite_file(database), target)
    else:
        with target.open("wb") as output:
            arguments = ("--format=custom", "--no-owner", "--no-privileges", "--dbname")
            _run_client(
                "pg_dump", (*arguments, _client_url(database.engine.url)), database.engine.url, output
            )


def restore_sqlite(source: Path, database: Database) -> None:
    """Replace the content of a SQLite database with that of the file `source`, atomically.

    The online backup writes within one transaction: other connections see the old or the new
    content, also if this process is killed.

    Raises:
        BackupRefused: the database cannot be written, such as for lack of space.
    """
    database.dispose()
    file = _sqlite_file(database)
    _copy_sqlite(source, file)


def check_sqlite(file: Path) -> None:
    """Check a SQLite file for damage.

    Raises:
        BackupRefused: the database is damaged.
    """
    try:
        with closing(sqlite3.connect(file)) as connection:
            (result,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupRefused("the database in the backup is damaged", detail=error) from error
    if result != "ok":
        raise BackupRefused("the database in the backup is damaged", detail=result)


def restore_postgresql(source: Path, database: Database) -> None:
    """Replace the tables of a PostgreSQL database with those of a dump, in one transaction."""
    url = database.engine.url
    with translate_db_errors():
        tables = inspect(database.engine).get_table_names()
    database.dispose()
    with tempfile.NamedTemporaryFile("wb", dir=source.parent, suffix=".sql") as script:
        # Before the dump: tables of a newer schema would otherwise stay.
        for table in tables:
            script.write(f'DROP TABLE "{table}" CASCADE;\n'.encode())
        script.write(f"DROP FUNCTION IF EXISTS {AUDIT_FUNCTION}();\n".encode())
        script.flush()
        # The whole script first: half of one must never be committed.
        _run_client("pg_restore", ("--no-owner", "--no-privileges", "--file=-", str(source)), url, script)
        script.flush()
        arguments = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
        with Path(os.devnull).open("wb") as output:
            _run_client("psql", (*arguments, f"--file={script.name}", _client_url(url)), url, output)


def _copy_sqlite(source: Path, target: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reader,
            closing(sqlite3.connect(target, timeout=SQLITE_BUSY_SECONDS)) as writer,
        ):
            reader.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_SECONDS * 1000}")
            reader.backup(writer)
    except sqlite3.DatabaseError as error:
        raise BackupRefused(f"the database cannot be copied to {target}", detail=error) from error


def _sqlite_file(database: Database) -> Path:
    name = database.engine.url.database
    if not name or name == ":memory:":
        raise BackupRefused("a database in memory cannot be backed up or restored")
    return Path(name)


def _client_url(url: URL) -> str:
    """Return the URL for PostgreSQL's programs, without passwords: others can see arguments."""
    query = {name: value for name, value in url.query.items() if name not in _PASSWORD_VARIABLES}
    without_password = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    return without_password.render_as_string(hide_password=False)


def _client_environment(url: URL) -> dict[str, str]:
    """Return the environment of PostgreSQL's programs, with the password that the URL names."""
    named = {name: str(url.query[name]) for name in _PASSWORD_VARIABLES if name in url.query}
    if url.password:
        named["password"] = str(url.password)
    return {**os.environ, **{_PASSWORD_VARIABLES[name]: value for name, value in named.items()}}


def _run_client(program: str, arguments: Sequence[str], url: URL, output: IO[bytes]) -> None:
    path = shutil.which(program)
    if path is None:
        raise BackupRefused(f"{program} is not installed; install PostgreSQL's client programs")
    command = [path, *arguments]
    environment = _client_environment(url)
    completed = subprocess.run(  # noqa: S603 - fixed programs, arguments from the settings
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.PIPE, env=environment, check=False
    )
    if completed.returncode:
        message = re.sub(r"\s+", " ", completed.stderr.decode(errors="replace")).strip()
        raise BackupRefused(f"{program} failed", detail=message[:MAX_ERROR_CHARS])
