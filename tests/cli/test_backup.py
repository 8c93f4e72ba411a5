"""`biobank backup` and `biobank restore`."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run

PASSPHRASE = "correct horse battery staple"


def test_a_bank_restored_elsewhere_exports_the_same(bank: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    result = bank("backup", "bank.backup")
    assert result.exit_code == 0
    assert result.stdout.startswith("bank.backup: 2 people, 0 picture files, ")
    exported = bank("export", "-o", "-").stdout
    Path("elsewhere").mkdir()
    file = Path("bank.backup").resolve()
    for variable, name in (("DATABASE_URL", "sqlite:///elsewhere/b.db"), ("INDEX_DIR", "elsewhere/index")):
        monkeypatch.setenv(f"BIOBANK_{variable}", name)
    monkeypatch.setenv("BIOBANK_MEDIA_DIR", "elsewhere/media")
    result = bank("restore", str(file))
    assert (result.exit_code, result.stdout) == (0, "2 people and 0 picture files restored.\n")
    assert bank("export", "-o", "-").stdout == exported
    assert bank("index", "verify").exit_code == 0


def test_a_full_bank_is_not_replaced(bank: Run) -> None:
    bank("backup", "bank.backup")
    result = bank("restore", "bank.backup")
    assert result.exit_code == 2
    assert "the bank is not empty; back it up, then add --force to replace all of it" in result.stderr
    assert bank("restore", "bank.backup", "--force").exit_code == 0


def test_a_backup_is_encrypted_with_the_passphrase_of_a_file(bank: Run) -> None:
    Path("passphrase").write_text(PASSPHRASE + "\n")
    assert bank("backup", "bank.backup", "--passphrase-file", "passphrase").exit_code == 0
    result = bank("restore", "bank.backup", "--check")
    assert result.exit_code == 2
    assert "give its passphrase with --passphrase-file" in result.stderr
    result = bank("restore", "bank.backup", "--check", "--passphrase-file", "passphrase")
    assert result.stdout.startswith("The backup is complete: 2 people, written at ")


def test_a_backup_is_encrypted_with_a_passphrase_that_is_typed(bank: Run) -> None:
    result = bank("backup", "bank.backup", "--encrypt", input=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    assert result.exit_code == 0
    assert PASSPHRASE not in result.output
    assert Path("bank.backup").read_bytes().startswith(b"biobank backup, encrypted, 1\n")


def test_a_short_passphrase_is_refused(bank: Run) -> None:
    Path("passphrase").write_text("short\n")
    result = bank("backup", "bank.backup", "--passphrase-file", "passphrase")
    assert result.exit_code == 2
    assert "at least 12 characters" in result.stderr
    assert not Path("bank.backup").exists()


def test_steps_are_reported_as_json(bank: Run) -> None:
    lines = [json.loads(line) for line in bank("backup", "bank.backup", "--json").stdout.splitlines()]
    assert lines[0] == {"step": "database", "done": 0, "total": 1}
    assert lines[-1]["step"] == "done"
    assert (lines[-1]["people"], lines[-1]["encrypted"]) == (2, False)


def test_a_file_that_is_no_backup_is_one_line(bank: Run) -> None:
    shutil.copyfile("biobank.db", "other")
    result = bank("restore", "other", "--force")
    assert result.exit_code == 2
    assert "other is no backup, or it is damaged" in result.stderr
    assert result.stderr.count("Error: ") == 1
