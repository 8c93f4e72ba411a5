"""Temporary files: nothing half written stays, the first error is shown, old leftovers are removed."""

import errno
import os
import time
from pathlib import Path
from typing import Any

import pytest

from biobank.common import files

HOURS_AGO = time.time() - 2 * files.TEMPORARY_SECONDS


def leave_temporary(folder: Path, name: str, written: float) -> Path:
    """Leave a temporary folder with a file, last written to at `written`."""
    left = folder / f"{files.TEMPORARY_PREFIX}{name}"
    left.mkdir()
    (left / "database").write_bytes(b"half")
    for path in (left / "database", left):
        os.utime(path, (written, written))
    return left


def test_old_leftovers_are_removed_and_nothing_else(tmp_path: Path) -> None:
    old, running = leave_temporary(tmp_path, "a", HOURS_AGO), leave_temporary(tmp_path, "b", HOURS_AGO)
    (running / "database").write_bytes(b"more")
    part, other = tmp_path / f"{files.TEMPORARY_PREFIX}c", tmp_path / ".biobank-notes"
    for path in (part, other):
        path.touch()
        os.utime(path, (HOURS_AGO, HOURS_AGO))
    assert files.remove_temporary(tmp_path) == 2
    assert not old.exists()
    assert set(tmp_path.iterdir()) == {running, other}
    assert files.remove_temporary(tmp_path / "missing") == 0


def test_a_leftover_that_cannot_be_deleted_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = tmp_path / f"{files.TEMPORARY_PREFIX}c"
    part.touch()
    monkeypatch.setattr(Path, "unlink", fail)
    assert files.remove_temporary(tmp_path, min_age_seconds=0) == 0
    assert part.exists()


def test_a_folder_that_is_just_deleted_was_just_written(tmp_path: Path) -> None:
    assert files.last_write(tmp_path / "deleted") > HOURS_AGO


def test_a_failed_write_leaves_the_old_content_and_shows_the_first_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "CURRENT"
    file.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"), files.replace_atomically(file) as target:
        target.write(b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]
    monkeypatch.setattr(Path, "unlink", fail)
    with pytest.raises(OSError, match="No space left"), files.replace_atomically(file) as target:
        target.write(b"new")


def fail(*_: Any, **__: Any) -> None:
    raise OSError(errno.EIO, "Input/output error")
