"""Index generations on disk: one folder each, and `CURRENT`, the name of the serving one."""

import hashlib
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from filelock import FileLock, Timeout

import biobank
from biobank.common.files import create_private_folder, last_write, replace_atomically
from biobank.errors import Busy

CURRENT_FILE = "CURRENT"
#: File in a generation that tells which state of the store it has.
MARK_FILE = "MARK"
LOCK_FILE = "writer.lock"
#: Names that `create` gives; another name in CURRENT could lead out of the folder.
GENERATION_PATTERN = re.compile(r"g\d{1,20}-[0-9a-f]{8}")
#: Seconds a writer waits for the lock, which a rebuild does not hold while it builds.
WRITER_LOCK_TIMEOUT_SECONDS = 60.0
#: Seconds without writes after which a generation that does not serve is deleted.
ABANDONED_SECONDS = 6 * 3600


class GenerationStore:
    """The index folder with its pointer to the serving generation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def current(self) -> str | None:
        """Return the name of the serving generation; None if this code has built none.

        A folder that is missing may have been deleted since its name was read, after two switches;
        then the name is read again.
        """
        name = self._read_pointer()
        while name is not None and not self.path(name).is_dir():
            previous, name = name, self._read_pointer()
            if name == previous:
                return None
        return name

    def mark(self, name: str) -> str:
        """Return the mark of a generation; empty if it has none or it is unreadable."""
        return _read_line(self.folder / name / MARK_FILE)

    def save_mark(self, name: str, mark: str) -> None:
        """Store the mark of a generation atomically."""
        with replace_atomically(self.folder / name / MARK_FILE) as target:
            target.write(f"{mark}\n".encode())

    def path(self, name: str) -> Path:
        return self.folder / name

    def create(self) -> str:
        """Create an empty folder, named by the current time so that names sort by age."""
        create_private_folder(self.folder)
        name = f"g{time.time_ns()}-{fingerprint()}"
        (self.folder / name).mkdir(mode=0o700)
        return name

    def switch(self, name: str) -> None:
        """Make `name` the serving generation atomically for readers."""
        file = self.folder / CURRENT_FILE
        if file.is_dir():
            shutil.rmtree(file)
        with replace_atomically(file) as target:
            target.write(f"{name}\n".encode("ascii"))

    def delete_old(self, serving: str) -> None:
        """Delete generations that are no longer read.

        The one before `serving` stays for readers about to open it. So do newer ones, which another
        rebuild may be writing.
        """
        for name in [name for name in self._names() if name < serving][:-1]:
            self.delete(name)

    def delete(self, name: str) -> None:
        """Delete a generation; what cannot be deleted is left to `delete_abandoned`."""
        shutil.rmtree(self.folder / name, ignore_errors=True)

    def delete_abandoned(self, min_age_seconds: float = ABANDONED_SECONDS) -> int:
        """Delete generations that do not serve and were not written for a time; return their number.

        They are of rebuilds that were killed, or of the time before the last rebuild.
        """
        serving = self.current
        names = [name for name in self._names() if name != serving and self._age(name) >= min_age_seconds]
        for name in names:
            self.delete(name)
        return len(names)

    def _names(self) -> list[str]:
        """Return the names of all generations, oldest first."""
        return sorted(path.name for path in self.folder.glob("g*") if path.is_dir())

    @contextmanager
    def write_lock(self, timeout: float = WRITER_LOCK_TIMEOUT_SECONDS) -> Iterator[None]:
        """Hold the write lock shared by all processes.

        Raises:
            Busy: If another writer does not release the lock in time.
        """
        create_private_folder(self.folder)
        lock = self.folder / LOCK_FILE
        if lock.is_dir():
            shutil.rmtree(lock)
        try:
            with FileLock(lock, timeout=timeout):
                yield
        except Timeout as error:
            raise Busy(f"another process is writing the index; gave up after {timeout:g} s") from error

    def _read_pointer(self) -> str | None:
        """Return the name in `CURRENT`; None if it is no name of a generation of this code."""
        name = _read_line(self.folder / CURRENT_FILE)
        is_compatible = GENERATION_PATTERN.fullmatch(name) and name.endswith(f"-{fingerprint()}")
        return name if is_compatible else None

    def _age(self, name: str) -> float:
        """Return the seconds since the last write to a generation."""
        return time.time() - last_write(self.folder / name)


def _read_line(file: Path) -> str:
    """Return the text of a small file; empty if it is missing, unreadable or no text."""
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


PACKAGE_DIR = Path(biobank.__file__).parent
#: Modules that determine the content of an index.
FINGERPRINTED_FILES = (
    "names/folding.py",
    "names/alphabet.py",
    "names/data/*.tsv",
    "names/lexicon.py",
    "names/orthographies.py",
    "names/phonetic_keys.py",
    "names/structure.py",
    "names/suffixes.py",
    "names/surnames.py",
    "names/transliteration.py",
    "records/people/name_parts.py",
    "search/analysis/*.py",
    "records/countries.py",
    "records/vocabulary/gendered_labels.py",
    "search/document.py",
    "search/completeness.py",
    "search/query.py",
    "search/whoosh_engine/fields.py",
)


@cache
def fingerprint() -> str:
    """Return eight hexadecimal digits of the hash of the source files."""
    digest = hashlib.sha256()
    for pattern in FINGERPRINTED_FILES:
        for file in sorted(PACKAGE_DIR.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:8]
