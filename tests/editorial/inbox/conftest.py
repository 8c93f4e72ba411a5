"""Fixtures of the inbox tests: a bank with one public person."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from biobank.store.session import Database
from tests.editorial.inbox.helpers import publish_uzeyir


@pytest.fixture
def bank(database: Database) -> Database:
    publish_uzeyir(database)
    return database


@pytest.fixture
def small_bank(sqlite_template: URL, tmp_path: Path) -> Iterator[Database]:
    """Return an SQLite bank, for tests that do not depend on the database."""
    shutil.copyfile(str(sqlite_template.database), tmp_path / "bank.db")
    copy = Database(f"sqlite:///{tmp_path}/bank.db")
    publish_uzeyir(copy)
    yield copy
    copy.dispose()
