"""Backups of earlier versions are restored and upgraded."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from biobank.bootstrap import Services
from biobank.common.progress import null_progress
from biobank.operations.archive import DATABASE_NAMES, BackupDescription, write_archive
from biobank.operations.database_copy import copy_database, database_kind
from biobank.operations.restore import restore_backup
from biobank.store import schema
from biobank.store.session import Database
from tests.store.test_revision_chain import BANKS, RELEASES, load_dump

DATA = Path(__file__).parent / "data"


def write_backup(database: Database, version: str, file: Path) -> None:
    """Write a backup as a version with this schema would have written it."""
    kind = database_kind(database)
    copy = file.with_suffix(".copy")
    copy_database(database, copy)
    description = BackupDescription(
        1, version, "2026-12-02T00:00:00+00:00", kind, RELEASES[version], 2, has_secret=False
    )
    with file.open("wb") as target, write_archive(target, None) as archive:
        archive.add_bytes("backup.json", json.dumps(asdict(description)).encode())
        archive.add_file(DATABASE_NAMES[kind], copy)


@pytest.mark.parametrize("version", RELEASES)
def test_a_backup_with_an_older_schema_is_upgraded(
    empty_database: Database, empty_bank: Services, tmp_path: Path, version: str
) -> None:
    kind = database_kind(empty_database)
    if empty_bank.database.is_sqlite != empty_database.is_sqlite:
        pytest.skip("a backup is restored into its own kind of database")
    load_dump(empty_database, BANKS / f"{version}-{kind}.sql.gz")
    write_backup(empty_database, version, tmp_path / "old.backup")
    report = restore_backup(
        empty_bank, tmp_path / "old.backup", passphrase=None, force=False, progress=null_progress
    )
    schema.require_current_schema(empty_bank.database)
    is_older = RELEASES[version] != schema.expected_revision()
    assert (report.people, report.upgraded_from) == (2, RELEASES[version] if is_older else "")
    assert empty_bank.indexer.verify().matches


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("file", sorted(DATA.glob("*.backup")), ids=lambda file: file.stem)
def test_a_backup_written_by_a_release_is_restored(empty_bank: Services, file: Path) -> None:
    """Every format that was written stays readable."""
    passphrase = "correct horse battery staple" if "encrypted" in file.stem else None
    report = restore_backup(empty_bank, file, passphrase=passphrase, force=False, progress=null_progress)
    assert (report.people, report.pictures) == (2, 0)
    assert empty_bank.indexer.verify().matches
