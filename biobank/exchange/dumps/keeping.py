"""Publication of dumps: one folder per run, the latest is served."""

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.orm import Session

from biobank.editorial.redaction import was_redacted_since
from biobank.errors import Busy
from biobank.exchange.dumps.manifest import Manifest, load, sync
from biobank.exchange.dumps.writing import write_dumps
from biobank.exchange.importing.importer import Progress, silent
from biobank.records.people.browsing import was_taken_out_since
from biobank.store import outbox
from biobank.store.session import Database

#: File that names the served folder; replaced atomically.
CURRENT = "CURRENT"
#: Lock file held by the process that creates dumps.
LOCK = ".lock"
#: Interval between dumps while the bank changes.
EVERY = timedelta(days=1)


def current(dumps: Path) -> tuple[Path, Manifest] | None:
    """Return the served folder and its manifest; None if nothing was dumped yet."""
    try:
        folder = dumps / (dumps / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    manifest = load(folder)
    return (folder, manifest) if manifest else None


def is_due(database: Database, dumps: Path, base: str, now: datetime) -> bool:
    """Return whether new dumps are due: the bank or its public address has changed.

    Dumps are due at once after a withdrawal or redaction, since they may still hold that content.
    """
    found = current(dumps)
    if found is None or found[1].base != base:
        return True
    with database.read() as session:
        if now - found[1].made < EVERY:
            return _says_too_much(session, found[1].made)
        return outbox.newest(session) != found[1].mark


def renew(database: Database, dumps: Path, base: str, progress: Progress = silent) -> Manifest:
    """Create all dumps in a new folder, then serve it.

    The previous folder stays for downloads in progress, unless it holds withdrawn or redacted
    content. Older folders and incomplete ones are deleted.

    Raises:
        Busy: if another process is creating dumps.
    """
    dumps.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(dumps / LOCK, timeout=0):
            return _renew(database, dumps, base, progress)
    except Timeout as error:
        raise Busy("Dumps are being made by another process.") from error


def _renew(database: Database, dumps: Path, base: str, progress: Progress) -> Manifest:
    before = current(dumps)
    folder = Path(tempfile.mkdtemp(prefix="making-", dir=dumps))
    try:
        manifest = write_dumps(database, folder, base, progress=progress)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    name = f"{manifest.made:%Y%m%dT%H%M%S}-{manifest.mark}"
    made = dumps / name
    shutil.rmtree(made, ignore_errors=True)
    folder.chmod(0o755)
    folder.rename(made)
    _serve(dumps, name)
    with database.read() as session:
        stays = before and not _says_too_much(session, before[1].made)
    _clear(dumps, {name, before[0].name if before and stays else ""})
    return manifest


def _says_too_much(session: Session, made: datetime) -> bool:
    return was_taken_out_since(session, made) or was_redacted_since(session, made)


def _serve(dumps: Path, name: str) -> None:
    part = dumps / f".{CURRENT}.part"
    part.write_text(name + "\n", encoding="ascii")
    part.replace(dumps / CURRENT)
    sync(dumps)


def _clear(dumps: Path, kept: set[str]) -> None:
    for folder in dumps.iterdir():
        if folder.is_dir() and folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)
