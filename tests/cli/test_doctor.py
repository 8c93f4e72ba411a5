"""`biobank doctor`."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run

CHECKS = ["store", "schema", "index", "media", "permissions", "clocks", "space"]
SQL_PICTURE = """
INSERT INTO pictures (sha, width, height, sizes, licence, author, source, alt, uploader, at)
VALUES ('{sha}', 1, 1, '[]', '', '', '', '{{}}', '', '2026-01-01')
"""


def failing(run: Run) -> dict[str, str]:
    """Return message and advice of each failing check."""
    result = run("doctor", "--json")
    diagnoses = [json.loads(line) for line in result.stdout.splitlines()]
    assert list(dict.fromkeys(diagnosis["step"] for diagnosis in diagnoses)) == CHECKS
    problems = {d["step"]: f"{d['message']} {d['advice']}" for d in diagnoses if not d["ok"]}
    assert result.exit_code == (1 if problems else 0)
    # A small disk on the machine of the tests is not what they are about.
    return {name: text for name, text in problems.items() if "MB are free" not in text}


def execute(statement: str) -> None:
    with closing(sqlite3.connect("biobank.db")) as connection, connection:
        connection.execute(statement)


@pytest.fixture
def sound(bank: Run) -> Run:
    bank("index", "sync")
    Path("biobank.db").chmod(0o600)
    return bank


def test_a_sound_bank_needs_nothing(sound: Run) -> None:
    assert failing(sound) == {}
    assert "ok  index       The index matches the database.\n" in sound("doctor").stdout


def test_every_check_runs_on_a_bank_without_schema(run: Run) -> None:
    problems = failing(run)
    assert "biobank db upgrade" in problems["schema"]


def test_a_missing_table_is_named(sound: Run) -> None:
    execute("DROP TABLE worklist_counts")
    problems = failing(sound)
    assert "the table worklist_counts cannot be read" in problems["store"]
    assert "biobank restore --force" in problems["store"]


def test_a_damaged_page_is_reported(sound: Run) -> None:
    sound("backup", "first.backup")
    execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file = Path("biobank.db")
    content = bytearray(file.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = os.urandom(4096)
    file.write_bytes(content)
    assert "store" in failing(sound)


def test_a_pending_migration_is_reported(sound: Run) -> None:
    sound("db", "downgrade", "0015", "--yes")
    assert "biobank db upgrade" in failing(sound)["schema"]


def test_a_missing_index_is_reported(bank: Run) -> None:
    assert "biobank index rebuild" in failing(bank)["index"]


def test_missing_picture_files_are_named(sound: Run) -> None:
    execute(SQL_PICTURE.format(sha="ab" * 32))
    assert "ab" * 32 in failing(sound)["media"]


def test_open_permissions_are_reported_with_the_command(sound: Run) -> None:
    Path("index").chmod(0o755)
    assert "chmod o-rwx" in failing(sound)["permissions"]


def test_access_of_the_group_is_not_reported(sound: Run) -> None:
    Path("index").chmod(0o750)
    assert "permissions" not in failing(sound)


def test_a_change_in_the_future_is_reported(sound: Run) -> None:
    execute("UPDATE revisions SET at = '2999-01-01 00:00:00.000000'")
    assert "chrony" in failing(sound)["clocks"]


def test_new_files_are_private_and_old_ones_are_closed_to_the_world(run: Run) -> None:
    previous = os.umask(0o022)
    try:
        run("db", "upgrade")
        run("index", "rebuild")
        assert Path("biobank.db").stat().st_mode & 0o077 == 0
        assert Path("index").stat().st_mode & 0o077 == 0
        for name in ("biobank.db", "index"):
            Path(name).chmod(0o755)
        run("index", "rebuild")
        assert Path("biobank.db").stat().st_mode & 0o007 == 0
        assert Path("index").stat().st_mode & 0o007 == 0
    finally:
        os.umask(previous)
