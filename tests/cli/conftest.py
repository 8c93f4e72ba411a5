"""The command line as one types it, in an empty place of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from biobank.cli import main
from biobank.exchange import seeding
from biobank.settings import Settings
from biobank.store import schema
from biobank.store.session import Database
from tests.support import seed

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def brothers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small seed of two brothers, and a database in which they are."""
    folder = tmp_path_factory.mktemp("brothers")
    seed.of_two_brothers(folder / "seed")
    database = Database(f"sqlite:///{folder}/biobank.db")
    schema.upgrade(database)
    assert not seeding.seed(database, folder / "seed").refusals
    database.dispose()
    return folder


@pytest.fixture
def run(
    environment: Callable[[], Settings], brothers: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Runs one command in this process; beside it lie the brothers' seed and no database."""
    shutil.copytree(brothers / "seed", "seed")
    monkeypatch.setenv("BIOBANK_SEED_DIR", "seed")
    runner = CliRunner()

    def run(*args: str, input: str | bytes | None = None) -> Result:
        result = runner.invoke(main, args, input=input)
        # Anything else than an exit is a traceback in somebody's terminal.
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    return run


@pytest.fixture
def bank(run: Run, brothers: Path) -> Run:
    """The same, where the database is made and the brothers are in it."""
    shutil.copyfile(brothers / "biobank.db", "biobank.db")
    return run


@pytest.fixture
def process(environment: Callable[[], Settings]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs one command as a process of its own."""

    def process(*args: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "biobank.cli", *args],
            capture_output=True,
            text=True,
            env={**os.environ, **variables},
            timeout=180,
        )

    return process
