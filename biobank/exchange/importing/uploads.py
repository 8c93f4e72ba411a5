"""The folder of files that wait to be brought in: their owner's alone, few, and not for long."""

import os
import re
import secrets
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Final

from biobank.errors import StoreUnavailable

#: Files that wait at most, with their mappings.
FILES_MOST: Final = 60
#: Days after which a file nobody decided on goes.
DAYS_MOST: Final = 14
#: Seconds after which a file that no run points at goes. A run is made right after its file; one
#: that is not there by then never will be, or has gone.
LEFT_MOST: Final = 3_600
#: Names that this folder gives, and no other name is looked for.
NAME: Final = re.compile(r"[a-z0-9]{32}")
MAPPING: Final = ".map"
DAY: Final = 86_400


class Uploads:
    """Files by random names; paths are made of nothing that was sent."""

    def __init__(self, folder: Path) -> None:
        """Makes nothing yet: the folder comes with the first file."""
        self.folder = folder

    def is_full(self) -> bool:
        return len(self._names()) >= FILES_MOST

    def keep(self, content: bytes, mapping: bytes | None) -> str:
        """Keeps a file, with its mapping where it has one; returns what it is called here.

        Raises:
            StoreUnavailable: where the folder cannot be written.
        """
        name = secrets.token_hex(16)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self.folder / name, content)
            if mapping is not None:
                _write(self.folder / (name + MAPPING), mapping)
        except OSError as error:
            self.remove(name)
            raise StoreUnavailable("the folder of imports cannot be written", why=error) from error
        return name

    def path(self, name: str) -> Path | None:
        """Where a file lies; none where it is gone, or the name is none of ours."""
        path = self.folder / name
        return path if NAME.fullmatch(name) and path.is_file() else None

    def mapping(self, name: str) -> Path | None:
        """Where the mapping of a file lies; none where it came without one."""
        path = self.folder / (name + MAPPING)
        return path if NAME.fullmatch(name) and path.is_file() else None

    def remove(self, name: str) -> None:
        """Removes a file and its mapping; what is gone already stays gone."""
        if NAME.fullmatch(name):
            for path in self._paths(name):
                path.unlink(missing_ok=True)

    def remove_old(self, days: int = DAYS_MOST) -> list[str]:
        """Removes what lies here longer than `days`; returns what it was called."""
        return self._remove_older(self._names(), days * DAY)

    def remove_left(self, pointed_at: Collection[str]) -> list[str]:
        """Removes what is none of `pointed_at`, unless it came just now; returns what it was
        called.
        """
        left = [name for name in self._names() if name not in pointed_at]
        return self._remove_older(left, LEFT_MOST)

    def _remove_older(self, names: Collection[str], seconds: float) -> list[str]:
        since = time.time() - seconds
        old = [name for name in names if self._laid_down(name) < since]
        for name in old:
            self.remove(name)
        return old

    def _laid_down(self, name: str) -> float:
        """When; of what another process removed this very moment: just now."""
        for path in self._paths(name):
            with suppress(FileNotFoundError):
                return path.stat().st_mtime
        return time.time()

    def _paths(self, name: str) -> tuple[Path, Path]:
        """Where a file and its mapping lie, if they do."""
        return self.folder / name, self.folder / (name + MAPPING)

    def _names(self) -> list[str]:
        """What files are called; a mapping too that was left without its file."""
        if not self.folder.is_dir():
            return []
        names = {path.name.removesuffix(MAPPING) for path in self.folder.iterdir()}
        return sorted(name for name in names if NAME.fullmatch(name))


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
