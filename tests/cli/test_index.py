"""`biobank index`."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from biobank.records.people.models import Person
from biobank.settings import load
from biobank.store.session import Database
from tests.cli.conftest import Run
from tests.support import seed
from tests.support.jsonl import stream

UZEYIR, CEYHUN = "uzeyir-hacibeyov", "ceyhun-hacibeyli"


def status(run: Run) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(run("index", "status", "--json").stdout)
    return facts


def publish(run: Run, **changes: Any) -> None:
    record = {**seed.person_without_relations(UZEYIR), **changes}
    result = run("import", "-", "--publish", input=stream([record]).getvalue())
    assert result.exit_code == 0


@pytest.mark.parametrize("command", ["status", "verify"])
def test_a_missing_index_is_reported_with_advice(bank: Run, command: str) -> None:
    result = bank("index", command)
    assert result.exit_code == 2
    assert "there is no index yet; run: biobank index rebuild" in result.stderr


def test_a_rebuild_indexes_everyone(bank: Run) -> None:
    result = bank("index", "rebuild")
    assert (result.exit_code, result.stdout) == (0, "2 people indexed.\n")
    assert status(bank)["people"] == 2
    assert status(bank)["outstanding"] == 0


def test_a_second_rebuild_creates_a_new_generation(bank: Run) -> None:
    bank("index", "rebuild")
    first = status(bank)["generation"]
    bank("index", "rebuild")
    assert status(bank)["generation"] > first
    assert status(bank)["people"] == 2


def test_a_sync_builds_a_missing_index_and_then_applies_changes(bank: Run) -> None:
    assert bank("index", "sync").stdout == "The index is up to date; 2 people.\n"
    before = status(bank)
    publish(bank, gender="other")
    # He, and his brother, as the relation between them was removed.
    assert status(bank)["outstanding"] == 2
    result = bank("index", "sync", "--json")
    assert json.loads(result.stdout.splitlines()[-1]) == {"step": "done", "people": 2}
    assert status(bank) == before


def test_verify_reports_differences_with_exit_1(bank: Run) -> None:
    bank("index", "sync")
    result = bank("index", "verify")
    assert (result.exit_code, result.stdout) == (0, "The index matches the database.\n")
    publish(bank, gender="other")
    publish(bank, id="niyazi", names=seed.person("niyazi")["names"])
    result = bank("index", "verify")
    assert result.exit_code == 1
    assert "They differ; run biobank index sync." in result.stdout
    assert "missing: niyazi\n" in result.stderr
    assert f"outdated: {UZEYIR}\n" in result.stderr
    result = bank("index", "verify", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "step": "done",
        "agrees": False,
        "missing": ["niyazi"],
        "surplus": [],
        "outdated": [UZEYIR],
    }
    bank("index", "sync")
    assert bank("index", "verify").exit_code == 0


def test_status_is_printed_as_text(bank: Run) -> None:
    bank("index", "sync")
    lines = [line.split() for line in bank("index", "status").stdout.splitlines()]
    assert [line[0] for line in lines] == ["generation", "people", "outstanding"]
    assert lines[1:] == [["people", "2"], ["outstanding", "0"]]


def test_an_index_of_an_empty_bank_is_empty(run: Run) -> None:
    run("db", "upgrade")
    assert run("index", "rebuild").stdout == "0 people indexed.\n"
    assert run("index", "verify").exit_code == 0


def test_an_unusable_index_directory_is_reported(bank: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("BIOBANK_INDEX_DIR", str(Path("file").resolve()))
    result = bank("index", "rebuild")
    assert result.exit_code == 2
    assert "Error: " in result.stderr
    assert "file" in result.stderr


def test_an_older_database_beside_a_newer_index_is_reported_and_repaired(bank: Run) -> None:
    """As after restoring the database alone: 136 people were in the store, 221 in the index."""
    bank("index", "sync")
    shutil.copyfile("biobank.db", "old.db")
    publish(bank, id="niyazi", names=seed.person("niyazi")["names"])
    bank("index", "sync")
    remove_database()
    Path("old.db").rename("biobank.db")
    result = bank("index", "verify")
    assert result.exit_code == 1
    assert "the index is of another state of the database" in result.stderr
    assert "They differ; run biobank index rebuild." in result.stdout
    bank("index", "sync")
    assert bank("index", "verify").exit_code == 0
    assert status(bank)["people"] == 2


def test_an_older_index_beside_a_newer_database_is_reported_and_repaired(bank: Run) -> None:
    bank("index", "sync")
    shutil.copytree("index", "old")
    publish(bank, id="niyazi", names=seed.person("niyazi")["names"])
    bank("index", "sync")
    shutil.rmtree("index")
    Path("old").rename("index")
    # A change that is pending would otherwise hide that the one before it is missing.
    publish(bank, gender="other")
    result = bank("index", "verify")
    assert "They differ; run biobank index rebuild." in result.stdout
    bank("index", "sync")
    assert bank("index", "verify").exit_code == 0


def test_a_difference_without_pending_changes_needs_a_rebuild(bank: Run) -> None:
    bank("index", "sync")
    database = Database(load().database_url)
    with database.write() as session:
        session.execute(update(Person).where(Person.id == UZEYIR).values(published=None))
    database.dispose()
    assert "They differ; run biobank index rebuild." in bank("index", "verify").stdout
    bank("index", "rebuild")
    assert bank("index", "verify").exit_code == 0


def test_verify_reads_the_whole_index(bank: Run) -> None:
    bank("index", "sync")
    (file,) = Path("index").glob("*/*.pst")
    file.write_bytes(b"\0" * file.stat().st_size)
    result = bank("index", "verify")
    assert result.exit_code == 2
    assert "the index is damaged; run: biobank index rebuild" in result.stderr


def remove_database() -> None:
    for file in Path().glob("biobank.db*"):
        file.unlink()
