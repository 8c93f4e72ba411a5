"""Fixtures shared by the editorial tests: two editors who review each other."""

import pytest

from biobank.accounts.identity import Identity
from biobank.store.session import Database
from tests.support.users import add_user


@pytest.fixture
def editor(database: Database) -> Identity:
    return add_user(database, "Aysel", "editor")


@pytest.fixture
def second_editor(database: Database) -> Identity:
    return add_user(database, "Bahar", "editor")
