"""Private files and folders, and writes that survive a power failure."""

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

#: Everything that a local user who is not in the owner's group may do.
WORLD_BITS = stat.S_IRWXO
PRIVATE_FOLDER_MODE, PRIVATE_FILE_MODE = 0o700, 0o600


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


@contextlib.contextmanager
def replace_atomically(path: Path) -> Iterator[IO[bytes]]:
    """Yield a private temporary file that takes the place of `path` once it is written to disk.

    Readers see all of it or nothing, also after a power failure.
    """
    # mkstemp creates the file readable and writable by its owner only.
    descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        Path(temporary).replace(path)
        fsync_folder(path.parent)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
