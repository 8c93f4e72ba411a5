"""What killed processes left in the folders of a bank is removed."""

from pathlib import Path

import pytest

from biobank.bootstrap import Services
from biobank.common.files import TEMPORARY_PREFIX
from biobank.operations.leftovers import remove_leftovers

NAME = f"{TEMPORARY_PREFIX}left"


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_leftovers_in_all_folders_are_removed_once_they_are_old(bank: Services) -> None:
    settings = bank.settings
    serving = settings.index_dir / bank.engine.health().generation
    unfinished = settings.index_dir / f"g9{serving.name}"
    unfinished.mkdir()
    database = Path(bank.database.engine.url.database or "").absolute().parent
    folders = [settings.index_dir, serving, settings.media_dir, *settings.media_dir.glob("*/"), database]
    for folder in folders:
        (folder / NAME).write_bytes(b"half")
    assert remove_leftovers(bank) == 0
    assert remove_leftovers(bank, min_age_seconds=0) == len(folders) + 1
    assert not any((folder / NAME).exists() for folder in folders)
    assert not unfinished.exists()
    assert serving.exists()
    assert any(settings.media_dir.glob("*/*.webp"))
