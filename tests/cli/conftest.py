"""The command line in an empty environment."""

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
    """Return a directory with the small seed of two brothers, and a database that contains them."""
    folder = tmp_path_factory.mktemp("brothers")
    seed.write_two_brothers_seed(folder / "seed")
    database = Database(f"sqlite:///{folder}/biobank.db")
    schema.upgrade(database)
    assert not seeding.seed(database, folder / "seed").refusals
    database.dispose()
    return folder


@pytest.fixture
def run(environment: Callable[[], Settings], brothers: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command in this process, without a database."""
    shutil.copytree(brothers / "seed", "seed")
    monkeypatch.setenv("BIOBANK_SEED_DIR", "seed")
    runner = CliRunner()

    def run_command(*args: str, input: str | bytes | None = None) -> Result:
        result = runner.invoke(main, args, input=input)
        # Any exception but SystemExit would be a traceback on the terminal.
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    return run_command


@pytest.fixture
def bank(run: Run, brothers: Path) -> Run:
    """Return the same function, with a database that contains the brothers."""
    shutil.copyfile(brothers / "biobank.db", "biobank.db")
    return run


@pytest.fixture
def process(environment: Callable[[], Settings]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs a command as a separate process."""

    def run_process(*args: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "biobank.cli", *args],
            capture_output=True,
            text=True,
            env={**os.environ, **variables},
            timeout=180,
        )

    return run_process
