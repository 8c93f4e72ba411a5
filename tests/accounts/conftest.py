"""Empty databases of both kinds, and signed-in users."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL, update

from biobank.accounts import authentication, sessions, users
from biobank.accounts.identity import OPERATOR, Identity, anonymous
from biobank.accounts.models import AttemptCounter
from biobank.common.clock import now
from biobank.settings import Settings
from biobank.store.session import Database
from tests.accounts.callers import Callers, make_callers

PASSWORD = "a carpet of Shirvan"
ANONYMOUS = anonymous("203.0.113.7")


@pytest.fixture(scope="module")
def callers(bank: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callers]:
    with make_callers(bank, tmp_path_factory.mktemp("matrix") / "bank") as result:
        yield result


@pytest.fixture
def store(database: Database) -> Database:
    return database


@dataclass(frozen=True)
class Member:
    """A signed-in user."""

    id: int
    email: str
    key: str
    identity: Identity


def create_member(store: Database, email: str = "nigar@example.az", role: str = "editor") -> Member:
    """Create a user who has accepted the invitation and is signed in."""
    link = users.invite(store, OPERATOR, email, role)
    key = users.accept_invitation(store, ANONYMOUS, link.key, "Nigar", PASSWORD)
    return Member(link.user.id, email, key, identify(store, key))


def identify(store: Database, key: str) -> Identity:
    match = sessions.identify_session(store, key, ANONYMOUS.ip_address)
    assert match is not None
    return match


def sign_in(store: Database, email: str = "nigar@example.az", password: str = PASSWORD) -> str:
    result = authentication.sign_in(store, ANONYMOUS, email, password)
    assert not result.needs_second_factor
    return result.session_key


def clear_waits(store: Database) -> None:
    """End all waits of the rate limits."""
    with store.write() as session:
        session.execute(update(AttemptCounter).values(free_at=now() - timedelta(days=1)))


@pytest.fixture
def store_on_disk(sqlite_template: URL, tmp_path: Path) -> Iterator[Database]:
    """Return a SQLite database, for tests that do not depend on the database."""
    shutil.copyfile(str(sqlite_template.database), tmp_path / "biobank.db")
    copy = Database(f"sqlite:///{tmp_path}/biobank.db")
    yield copy
    copy.dispose()
