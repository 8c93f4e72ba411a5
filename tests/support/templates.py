"""The `database` fixture by copying: the reference records are read once, not once a test."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url, text

from biobank.exchange import seeding
from biobank.store import schema
from biobank.store.session import Database
from tests.support.stores import BOTH_STORES

__all__ = ["database", "postgres_template", "sqlite_template"]

SEED = Path(__file__).parents[2] / "seed_data"

_numbers = itertools.count(1)
#: pytest keeps a fixture of the session once for every conftest that imports it; this, once.
_templates: dict[str, URL] = {}


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> URL:
    """A database with all tables and the reference records, without people."""
    if "sqlite" not in _templates:
        file = tmp_path_factory.mktemp("template") / "biobank.db"
        _templates["sqlite"] = _fill(make_url(f"sqlite:///{file}"))
    return _templates["sqlite"]


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> URL:
    """The same on PostgreSQL; nobody may be connected to it while it is copied."""
    if "postgresql" not in _templates:
        _templates["postgresql"] = _fill(_create(make_url(postgres_url), "template0"))
    return _templates["postgresql"]


@pytest.fixture(params=BOTH_STORES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of each kind with all tables and the reference records, without people."""
    if request.param == "sqlite":
        template: URL = request.getfixturevalue("sqlite_template")
        shutil.copyfile(str(template.database), tmp_path / "copy.db")
        copy = Database(f"sqlite:///{tmp_path}/copy.db")
    else:
        template = request.getfixturevalue("postgres_template")
        copy = Database(_address(_create(template, str(template.database))))
    yield copy
    copy.dispose()
    if not copy.is_sqlite:
        # Hundreds of them would fill a small disk before the cluster goes.
        _on_server(copy.url, f"DROP DATABASE {copy.url.database}")


def _fill(url: URL) -> URL:
    filled = Database(_address(url))
    schema.upgrade(filled)
    with filled.write() as session:
        for kind in seeding.KINDS:
            seeding.load_kind(session, kind, SEED)
    if filled.is_sqlite:
        # Into the one file that is copied.
        with filled.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    filled.dispose()
    return url


def _address(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _create(beside: URL, template: str) -> URL:
    """A new database on the server of `beside`, as a copy of `template`."""
    name = f"copy_{next(_numbers)}"
    _on_server(beside, f"CREATE DATABASE {name} TEMPLATE {template}")
    return beside.set(database=name)


def _on_server(beside: URL, command: str) -> None:
    server = Database(_address(beside.set(database="postgres")))
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(command))
    server.dispose()
