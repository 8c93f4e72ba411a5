"""Generations on disk: one folder each, and `CURRENT`, a file with the name of the serving one."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from biobank.errors import Busy
from biobank.search.whoosh_engine.fingerprint import fingerprint

CURRENT = "CURRENT"
#: Seconds a writer waits for the one before it. A rebuild never holds this lock while it builds.
WRITER_WAIT = 60.0
#: A generation is written to at least this often; one older than it and not serving is dead.
ABANDONED_AFTER = 6 * 3600


class Generations:
    """The folder `index/`, with the one pointer that readers follow."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def current(self) -> str | None:
        """The name of the serving generation; none before one was built by this code."""
        try:
            name = (self.folder / CURRENT).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        ours = name.endswith(f"-{fingerprint()}")
        return name if ours and (self.folder / name).is_dir() else None

    def path(self, name: str) -> Path:
        return self.folder / name

    def new(self) -> str:
        """A fresh empty folder, named by the moment so that names sort by age."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"g{time.time_ns()}-{fingerprint()}"
        (self.folder / name).mkdir(mode=0o700)
        return name

    def switch(self, name: str) -> None:
        """Makes `name` the serving generation: readers see the old name or the new, never none."""
        temporary = self.folder / f"{CURRENT}.{os.getpid()}"
        with temporary.open("w", encoding="ascii") as handle:
            handle.write(name + "\n")
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(self.folder / CURRENT)

    def sweep(self, keep: str) -> None:
        """Removes generations that nobody will read again.

        The one before `keep` stays, for readers that are about to open it; so do newer ones, which
        another rebuild may be writing, unless it has been silent for hours.
        """
        names = sorted(path.name for path in self.folder.glob("g*") if path.is_dir())
        older = [name for name in names if name < keep]
        dead = older[:-1] + [name for name in names if name > keep and self._abandoned(name)]
        for name in dead:
            shutil.rmtree(self.folder / name, ignore_errors=True)

    @contextmanager
    def writing(self, wait: float = WRITER_WAIT) -> Iterator[None]:
        """Holds the one right to write, of all processes.

        Raises:
            Busy: where another writer did not let go in time.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with FileLock(self.folder / "writer.lock", timeout=wait):
                yield
        except Timeout as error:
            raise Busy(f"another process is writing the index; gave up after {wait:g} s") from error

    def _abandoned(self, name: str) -> bool:
        newest = max((p.stat().st_mtime for p in (self.folder / name).iterdir()), default=0.0)
        return time.time() - newest > ABANDONED_AFTER
