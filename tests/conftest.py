"""Fixtures shared by all tests: real stores, a real index and the real seed."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from filelock import FileLock
from flask import Flask, current_app
from sqlalchemy import URL, make_url

from biobank import settings as settings_module
from biobank.accounts import passwords, rate_limits
from biobank.bootstrap import Services, make_services
from biobank.common.progress import null_progress
from biobank.exchange import seeding
from biobank.http import extensions
from biobank.settings import Settings
from biobank.store import schema
from biobank.store.session import Database
from tests.support.databases import EMPTY, fill_database, new_database, postgres_copy, sqlite_copy
from tests.support.memory_folder import memory_folder
from tests.support.postgres import PostgresMissing, cluster
from tests.support.profiles import register_profiles
from tests.support.stores import BOTH_STORES

ROOT = Path(__file__).parents[1]
SEED = ROOT / "seed_data"
SHARED = ROOT.parent / "shared"

#: The hasher of the bank itself, for the tests about it.
PRODUCTION_HASHER = passwords._hasher

register_profiles()
if memory := memory_folder():
    # The folder of `tmp_path`, unless it is set.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def pytest_collection_finish() -> None:
    """Exclude objects loaded so far from garbage collection, which takes a sixth of the run time.

    Garbage of the tests is still collected, in fewer and larger rounds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _nice_disabled() -> Iterator[None]:
    """Disable `os.nice`, which would lower the priority of the test process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "nice", lambda _increment: 0)
        yield


@pytest.fixture(scope="session", autouse=True)
def _cheap_password_hashes() -> Iterator[None]:
    """Replace the parameters of password hashes, which take 25 ms for each user of each test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def _rate_limit_disabled() -> None:
    """Disable the rate limit unless a test requests the fixture `limited`."""
    extensions.limiter.request_filter(lambda: not current_app.config.get("LIMITED"))


@pytest.fixture
def frozen_attempts_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Freeze the clock of login attempts, so that no waiting time elapses on slow machines."""
    timestamp = rate_limits.now()
    monkeypatch.setattr(rate_limits, "now", lambda: timestamp)


@pytest.fixture
def limited(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable the rate limit, with no requests counted so far."""
    monkeypatch.setitem(app.config, "LIMITED", True)
    extensions.limiter.reset()


def skip_or_fail(reason: str) -> None:
    """Skip the test because a requirement is missing; in CI, fail instead."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the directory of shared test data."""
    if not SHARED.is_dir():
        skip_or_fail(f"{SHARED} is not here")
    return SHARED


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    try:
        with cluster() as url:
            yield url
    except PostgresMissing as error:
        skip_or_fail(str(error))


@pytest.fixture(params=BOTH_STORES)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Yield a database of each kind without tables."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path}/biobank.db")
        yield database
        database.dispose()
    else:
        with postgres_copy(request.getfixturevalue("postgres_url"), EMPTY) as database:
            yield database


def build_once(tmp_path_factory: pytest.TempPathFactory, name: str, build: Callable[[Path], None]) -> Path:
    """Return a directory that `build` fills once for all test processes of this run.

    They must not write to it.
    """
    root = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        root = root.parent
    folder, unfinished = root / name, root / f"{name}.unfinished"
    with FileLock(root / f"{name}.lock"):
        if not folder.exists():
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            build(unfinished)
            unfinished.rename(folder)
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> URL:
    """Return a database with all tables and the reference records, without people, to be copied."""

    def build(folder: Path) -> None:
        fill_database(make_url(f"sqlite:///{folder}/biobank.db"), SEED)

    folder = build_once(tmp_path_factory, "template", build)
    return make_url(f"sqlite:///{folder}/biobank.db")


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> URL:
    """Return the same database on PostgreSQL."""
    return fill_database(new_database(postgres_url), SEED)


@pytest.fixture(params=BOTH_STORES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Yield a database of each kind with all tables and the reference records, without people."""
    if request.param == "sqlite":
        template: URL = request.getfixturevalue("sqlite_template")
        with sqlite_copy(template, tmp_path) as copy:
            yield copy
    else:
        template = request.getfixturevalue("postgres_template")
        with postgres_copy(request.getfixturevalue("postgres_url"), str(template.database)) as copy:
            yield copy


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of a read-only SQLite bank with the whole seed and its index."""
    built = build_once(tmp_path_factory, "bank", _build_bank)
    # SQLite and the index also write when they are read, so each process has its own copy.
    return copy_bank(_bank_settings(built), tmp_path_factory.mktemp("bank") / "copy")


def _build_bank(folder: Path) -> None:
    services = make_services(_bank_settings(folder))
    schema.upgrade(services.database)
    report = seeding.seed(services.database, SEED)
    assert not report.refusals
    services.indexer.rebuild(null_progress)
    services.close()


def _bank_settings(folder: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder}/biobank.db",
        index_dir=folder / "index",
        media_dir=folder / "media",
        imports_dir=folder / "imports",
        dumps_dir=folder / "dumps",
        secret_key="a key for tests",
        seed_dir=SEED,
    )


@pytest.fixture(scope="session")
def services(bank: Settings) -> Iterator[Services]:
    """Yield services over the whole seed, for tests that only read."""
    services = make_services(bank)
    yield services
    services.close()


@pytest.fixture
def own_services(bank: Settings, tmp_path: Path) -> Iterator[Services]:
    """Yield services over a copy of the whole seed, for tests that write."""
    services = make_services(copy_bank(bank, tmp_path / "bank"))
    yield services
    services.close()


@pytest.fixture
def small_services(sqlite_template: URL, tmp_path: Path) -> Iterator[Services]:
    """Yield services over the reference records without people, for tests that write."""
    folder = tmp_path / "bank"
    folder.mkdir()
    shutil.copyfile(str(sqlite_template.database), folder / "biobank.db")
    services = make_services(_bank_settings(folder))
    services.indexer.rebuild(null_progress)
    yield services
    services.close()


def copy_bank(bank: Settings, folder: Path) -> Settings:
    """Copy a bank into a directory that does not exist yet."""
    shutil.copytree(Path(make_url(bank.database_url).database or "").parent, folder)
    return _bank_settings(folder)


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Settings]:
    """Set up an empty environment for commands: its own store, index and working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIOBANK_DATABASE_URL", f"sqlite:///{tmp_path}/biobank.db")
    monkeypatch.setenv("BIOBANK_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("BIOBANK_MEDIA_DIR", str(tmp_path / "media"))
    monkeypatch.setenv("BIOBANK_IMPORTS_DIR", str(tmp_path / "imports"))
    monkeypatch.setenv("BIOBANK_DUMPS_DIR", str(tmp_path / "dumps"))
    monkeypatch.setenv("BIOBANK_SEED_DIR", str(SEED))
    return settings_module.load
