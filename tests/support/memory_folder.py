"""A folder in memory for databases and indexes: each commit to a disk waits until it is written."""

import os
import shutil
from pathlib import Path

MEMORY_FOLDER = Path("/dev/shm")
#: Required free space in bytes.
MIN_FREE_BYTES = 2_000_000_000


def memory_folder() -> Path | None:
    """Return a folder in memory with enough space, or None for the temporary folder."""
    free = shutil.disk_usage(MEMORY_FOLDER).free if os.access(MEMORY_FOLDER, os.W_OK) else 0
    return MEMORY_FOLDER if free > MIN_FREE_BYTES else None
