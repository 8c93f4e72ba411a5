"""Banks to back up, and empty banks of the same database to restore them into."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services, make_engine
from biobank.common.progress import null_progress
from biobank.editorial.revisions.bulk_save import save_records
from biobank.operations import encryption
from biobank.settings import Settings
from biobank.store.session import Database
from tests.support import seed
from tests.support.databases import EMPTY, postgres_copy

SHA = "ab" * 32
UZEYIR = "uzeyir-hacibeyov"


@pytest.fixture(autouse=True)
def _cheap_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the cost of scrypt, which is not what these tests are about."""
    monkeypatch.setattr(encryption, "SCRYPT_LOG2_COST", 4)


def make_bank(database: Database, folder: Path) -> Services:
    settings = Settings(
        index_dir=folder / "index", media_dir=folder / "media", secret_key="a key", seed_dir=seed.SEED
    )
    return Services(settings, database, make_engine(settings))


@pytest.fixture
def bank(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    """Return a bank on each database with a person, an audit entry, a picture and an index."""
    monkeypatch.chdir(tmp_path)
    services = make_bank(database, tmp_path / "bank")
    with database.write() as session:
        save_records(session, [seed.person_without_relations(UZEYIR)], OPERATOR, "test", publish=True)
    services.media.write(SHA, {320: b"small", "square": b"square"})
    services.indexer.rebuild(null_progress)
    return services


@pytest.fixture
def empty_bank(bank: Services, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Services]:
    """Return a bank on the same kind of database as `bank`, without tables or files."""
    folder = tmp_path / "elsewhere"
    if bank.database.is_sqlite:
        database = Database(f"sqlite:///{folder}/biobank.db")
        yield make_bank(database, folder)
        database.dispose()
    else:
        with postgres_copy(request.getfixturevalue("postgres_url"), EMPTY) as database:
            yield make_bank(database, folder)


NewBank = Callable[[], Services]
