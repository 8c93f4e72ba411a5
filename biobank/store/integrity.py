"""Checks whether a database can be read and its folder written."""

import shutil
import tempfile
from pathlib import Path

from sqlalchemy import select, text

from biobank.errors import StoreUnavailable
from biobank.store.base import Base
from biobank.store.schema_repair import check_foreign_keys
from biobank.store.session import Database, translate_db_errors

#: Bytes written as a probe: more than file systems store within a directory entry.
PROBE_BYTES = 64 * 1024
#: Free space below which writes are about to fail.
MIN_FREE_BYTES = 32 * 1024 * 1024


def check_tables(database: Database) -> None:
    """Read the first and the last row of every table, which takes milliseconds.

    Raises:
        StoreUnavailable: a table is missing or damaged there; the message names it.
    """
    for table in Base.metadata.sorted_tables:
        try:
            with database.read() as session:
                for columns in (table.primary_key, [column.desc() for column in table.primary_key]):
                    session.execute(select(table).order_by(*columns).limit(1)).first()
        except Exception as error:
            # Drivers raise various errors for tables that are missing or damaged.
            detail = error.__cause__ or error
            raise StoreUnavailable(
                f"the table {table.name} cannot be read; run: biobank doctor", detail=detail
            ) from error


def check_integrity(database: Database) -> None:
    """Read the whole database; SQLite also compares indexes with tables, and foreign keys.

    Raises:
        StoreUnavailable: the database is damaged.
    """
    check_tables(database)
    with translate_db_errors(), database.engine.connect() as connection:
        if database.is_sqlite:
            result = connection.execute(text("PRAGMA integrity_check(1)")).scalar()
            if result != "ok":
                raise StoreUnavailable("the database is damaged", detail=result)
            check_foreign_keys(connection)
            return
        for table in Base.metadata.sorted_tables:
            with connection.execution_options(stream_results=True).execute(select(table)) as rows:
                for _ in rows:
                    pass


def check_writable(folder: Path) -> None:
    """Write and remove a small file.

    Raises:
        StoreUnavailable: the disk is full or read-only.
    """
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0" * PROBE_BYTES)
            probe.flush()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise StoreUnavailable("the disk cannot be written", detail=error) from error
    if free < MIN_FREE_BYTES:
        raise StoreUnavailable(f"the disk is full: {free // 2**20} MB are free")


def database_folder(database: Database) -> Path | None:
    """Return the folder of a SQLite file; None for other databases."""
    name = database.engine.url.database
    return Path(name).absolute().parent if database.is_sqlite and name and name != ":memory:" else None
