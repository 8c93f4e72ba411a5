"""Backups and restorations that cannot be written say so, and can be repeated."""

from pathlib import Path

import pytest

from biobank.bootstrap import Services
from biobank.common.progress import null_progress
from biobank.errors import BackupRefused
from biobank.operations.backup import create_backup
from biobank.operations.restore import restore_backup
from tests.operations.conftest import SHA

pytestmark = [pytest.mark.sqlite, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]


def back_up(bank: Services, file: Path) -> None:
    create_backup(bank, file, passphrase=None, include_secret=False, progress=null_progress)


def test_a_backup_that_cannot_be_written_names_its_file(bank: Services, tmp_path: Path) -> None:
    file = tmp_path / "missing" / "bank.backup"
    with pytest.raises(BackupRefused, match=f"the backup {file} cannot be written: .*No such file"):
        back_up(bank, file)


def test_a_restoration_that_cannot_be_written_can_be_repeated(bank: Services, tmp_path: Path) -> None:
    back_up(bank, tmp_path / "bank.backup")
    folder, aside = bank.media.folder / SHA[:2], tmp_path / "aside"
    folder.rename(aside)
    folder.write_bytes(b"in the way")
    with pytest.raises(BackupRefused, match=f"the files of the backup cannot be written; .*{folder}"):
        restore_backup(bank, tmp_path / "bank.backup", passphrase=None, force=True, progress=null_progress)
    folder.unlink()
    restore_backup(bank, tmp_path / "bank.backup", passphrase=None, force=True, progress=null_progress)
    assert {path.name for path in folder.iterdir()} == {path.name for path in aside.iterdir()}
