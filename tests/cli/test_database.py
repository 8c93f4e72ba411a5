"""`biobank db` and `biobank seed`."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result

from biobank.settings import load
from biobank.store.session import Database
from tests.cli.conftest import Run
from tests.support.database_contents import database_contents


def stored() -> dict[str, list[str]]:
    """Return the contents of the bank of this environment."""
    database = Database(load().database_url)
    try:
        return database_contents(database)
    finally:
        database.dispose()


def test_an_upgrade_creates_the_database_and_loads_the_vocabularies(run: Run) -> None:
    result = run("db", "upgrade")
    assert result.exit_code == 0
    assert result.stdout.startswith("The database is up to date; ")
    assert stored()["terms"]
    assert not stored()["people"]


def test_a_second_upgrade_changes_nothing(bank: Run) -> None:
    before = stored()
    result = bank("db", "upgrade")
    assert result.stdout == "The database is up to date; 0 terms changed.\n"
    assert stored() == before


def test_a_seed_publishes_its_people(run: Run) -> None:
    run("db", "upgrade")
    result = run("seed")
    assert result.exit_code == 0
    assert result.stdout == "2 new, 0 changed, 0 the same, 0 refused\n"
    assert len(stored()["people"]) == 2


def test_a_second_seed_changes_nothing(bank: Run) -> None:
    before = stored()
    result = bank("seed")
    assert result.exit_code == 0
    assert result.stdout == "0 new, 0 changed, 2 the same, 0 refused\n"
    assert stored() == before


def test_seed_if_empty_does_not_change_a_bank_with_people(bank: Run) -> None:
    shutil.rmtree("seed")  # it is not read
    result = bank("seed", "--if-empty")
    assert result.exit_code == 0
    assert "nothing was added" in result.stdout


def test_seed_if_empty_seeds_an_empty_bank(run: Run) -> None:
    run("db", "upgrade")
    assert run("seed", "--if-empty").stdout.startswith("2 new")


def test_seed_reports_its_steps_as_json(run: Run) -> None:
    run("db", "upgrade")
    steps = [json.loads(line) for line in run("seed", "--json").stdout.splitlines()]
    assert {"step": "places", "done": 2, "total": 4} in steps
    assert {"step": "kept", "done": 2, "total": 2} in steps
    assert steps[-1]["step"] == "done"
    assert (steps[-1]["new"], steps[-1]["refused"]) == (2, 0)


def test_an_invalid_person_of_the_seed_is_rejected_with_exit_1(run: Run) -> None:
    run("db", "upgrade")
    file = Path("seed/people/ceyhun-hacibeyli.yaml")
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "shoes: '42'\n", encoding="utf-8")
    Path("seed/people/uzeyir-hacibeyov.yaml").unlink()
    result = run("seed")
    assert result.exit_code == 1
    assert "refused  ceyhun-hacibeyli.yaml  ceyhun-hacibeyli" in result.stderr
    assert "shoes: Unknown field" in result.stderr


def test_an_invalid_reference_record_is_a_clear_error(run: Run) -> None:
    run("db", "upgrade")
    Path("seed/sources/bad.yaml").write_text("id: bad\n", encoding="utf-8")
    result = run("seed")
    assert result.exit_code == 2
    assert "Error: sources/bad.yaml csl: Required." in result.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("seed",),
        ("seed", "--if-empty"),
        ("export", "-o", "-"),
        ("import", "-"),
        ("index", "status"),
        ("index", "verify"),
        ("index", "sync"),
        ("index", "rebuild"),
        ("serve",),
    ],
)
def test_a_database_without_schema_is_reported_with_advice(run: Run, args: tuple[str, ...]) -> None:
    assert_usage_error(run(*args), "run: biobank db upgrade")


def test_a_missing_seed_is_reported_with_its_setting(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOBANK_SEED_DIR", "nowhere")
    assert_usage_error(run("db", "upgrade"), "set BIOBANK_SEED_DIR")
    assert_usage_error(run("seed"), "set BIOBANK_SEED_DIR")


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("BIOBANK_DATABASE_URL", "bank.db", "BIOBANK_DATABASE_URL must be a URL such as sqlite:///"),
        ("BIOBANK_DATABASE_URL", "postgresql://127.0.0.1:1/x", "the database does not respond"),
        (
            "BIOBANK_DATABASE_URL",
            "sqlite:////proc/none/bank.db",
            "directory of the database cannot be created",
        ),
        ("BIOBANK_SEARCH_ENGINE", "lucene", "BIOBANK_SEARCH_ENGINE must be whoosh"),
        ("BIOBANK_BASE_URL", "biobank.az", "BIOBANK_BASE_URL must be a URL such as https://"),
        ("BIOBANK_TRUSTED_PROXIES", "-1", "BIOBANK_TRUSTED_PROXIES must be a whole number"),
    ],
)
def test_an_invalid_setting_is_reported_by_name(
    run: Run, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert_usage_error(run("db", "upgrade"), message)


def assert_usage_error(result: Result, message: str) -> None:
    """Assert exit 2 and a single error with the message."""
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("Error: ") == 1
    assert "Traceback" not in result.output


def test_the_current_schema_is_shown(run: Run) -> None:
    result = run("db", "current")
    assert result.exit_code == 1
    assert result.stdout.startswith("The database is at schema none; this version needs ")
    run("db", "upgrade")
    assert run("db", "current").exit_code == 0


def test_a_downgrade_asks_and_leads_back_to_an_upgrade(bank: Run) -> None:
    assert bank("db", "downgrade", "0015", input="n\n").exit_code == 1
    assert bank("db", "current").exit_code == 0
    result = bank("db", "downgrade", "0015", "--yes")
    assert result.stdout == "The database is at schema 0015; install the version that needs it.\n"
    assert_usage_error(bank("index", "status"), "run: biobank db upgrade")
    assert bank("db", "upgrade").exit_code == 0
    assert len(stored()["people"]) == 2


def test_a_downgrade_to_an_unknown_schema_lists_the_known_ones(bank: Run) -> None:
    assert_usage_error(bank("db", "downgrade", "9999"), "there are: ")
