"""Private files and folders, and writes that survive a power failure."""

import contextlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

#: Everything that a local user who is not in the owner's group may do.
WORLD_BITS = stat.S_IRWXO
PRIVATE_FOLDER_MODE, PRIVATE_FILE_MODE = 0o700, 0o600
#: First characters of the names of temporary files and folders, which a killed process leaves behind.
TEMPORARY_PREFIX = ".biobank-part-"
#: Seconds without writes after which they are deleted.
TEMPORARY_SECONDS = 24 * 3600


def create_private_folder(folder: Path) -> None:
    """Create a folder and its missing parents for the owner alone; close an existing one to the world.

    `Path.mkdir(parents=True)` would apply the mode to the last folder only.
    """
    if folder.is_dir():
        remove_world_access(folder)
        return
    missing = [folder, *(parent for parent in folder.parents if not parent.exists())]
    for path in reversed(missing):
        path.mkdir(mode=PRIVATE_FOLDER_MODE, exist_ok=True)


def create_private_file(file: Path) -> None:
    """Create an empty file for the owner alone; close an existing one to the world."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE_MODE))
    except FileExistsError:
        remove_world_access(file)


def remove_world_access(path: Path) -> None:
    """Remove the permissions of users outside the group; those of the group stay.

    Left as it is where this process is not the owner: `biobank doctor` reports it.
    """
    with contextlib.suppress(FileNotFoundError, PermissionError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & WORLD_BITS:
            path.chmod(mode & ~WORLD_BITS)


def fsync_folder(folder: Path) -> None:
    """Flush a folder to disk, so that renames in it survive a power failure."""
    # Windows cannot open folders, and flushes renames by itself.
    with contextlib.suppress(PermissionError):
        fsync_path(folder)


def fsync_path(path: Path) -> None:
    """Flush a file or folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_temporary(folder: Path, min_age_seconds: float = TEMPORARY_SECONDS) -> int:
    """Delete the temporary files and folders in `folder` that killed processes left; return their number.

    Those written to within `min_age_seconds` stay: their process may be running.
    """
    latest = time.time() - min_age_seconds
    removed = 0
    for path in folder.glob(f"{TEMPORARY_PREFIX}*"):
        # What cannot be deleted today can be tomorrow.
        with contextlib.suppress(OSError):
            if last_write(path) <= latest:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                removed += 1
    return removed


def last_write(path: Path) -> float:
    """Return the time of the last write to a file, or to a folder or what is in it."""
    try:
        return max(entry.stat().st_mtime for entry in (path, *path.rglob("*")))
    except FileNotFoundError:
        # Another process is just deleting there.
        return time.time()


@contextlib.contextmanager
def temporary_folder(folder: Path) -> Iterator[Path]:
    """Yield a private temporary folder in `folder`, which is deleted at the end.

    What is in it is deleted after an error as well; what cannot be deleted is left to
    `remove_temporary`.
    """
    with tempfile.TemporaryDirectory(
        prefix=TEMPORARY_PREFIX, dir=folder, ignore_cleanup_errors=True
    ) as temporary:
        yield Path(temporary)


@contextlib.contextmanager
def replace_atomically(path: Path) -> Iterator[IO[bytes]]:
    """Yield a private temporary file that takes the place of `path` once it is written to disk.

    Readers see all of it or nothing, also after a power failure.
    """
    # mkstemp creates the file readable and writable by its owner only.
    descriptor, temporary = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        Path(temporary).replace(path)
        fsync_folder(path.parent)
    except BaseException:
        # The first error is the one to show.
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
