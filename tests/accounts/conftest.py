"""Empty databases of both kinds, and signed-in users."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, update

from biobank.accounts import sessions, signing_in, users
from biobank.accounts.clock import now
from biobank.accounts.identity import OPERATOR, Identity, anonymous
from biobank.accounts.models import Attempts
from biobank.settings import Settings
from biobank.store.session import Database
from tests.accounts.callers import Callers, make_callers

PASSWORD = "a carpet of Shirvan"
STRANGER = anonymous("203.0.113.7")


@pytest.fixture(scope="module")
def callers(bank: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callers]:
    with make_callers(bank, tmp_path_factory.mktemp("matrix") / "bank") as made:
        yield made


@pytest.fixture
def store(database: Database) -> Database:
    return database


@dataclass(frozen=True)
class Member:
    """A signed-in user."""

    id: int
    email: str
    key: str
    who: Identity


def member(store: Database, email: str = "nigar@example.az", role: str = "editor") -> Member:
    """Create a user who has accepted the invitation and is signed in."""
    made = users.invite(store, OPERATOR, email, role)
    key = users.accept(store, STRANGER, made.key, "Nigar", PASSWORD)
    return Member(made.user.id, email, key, identity(store, key))


def identity(store: Database, key: str) -> Identity:
    found = sessions.identity(store, key, STRANGER.address)
    assert found is not None
    return found


def sign_in(store: Database, email: str = "nigar@example.az", password: str = PASSWORD) -> str:
    started = signing_in.sign_in(store, STRANGER, email, password)
    assert not started.half
    return started.key


def unlocked(store: Database) -> None:
    """End all waits of the rate limits."""
    with store.write() as session:
        session.execute(update(Attempts).values(free_at=now() - timedelta(days=1)))


@pytest.fixture
def store_on_disk(sqlite_template: URL, tmp_path: Path) -> Iterator[Database]:
    """Return a SQLite database, for tests that do not depend on the database."""
    shutil.copyfile(str(sqlite_template.database), tmp_path / "biobank.db")
    copy = Database(f"sqlite:///{tmp_path}/biobank.db")
    yield copy
    copy.dispose()
