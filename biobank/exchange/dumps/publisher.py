"""Publication of dumps: one folder per run, the latest is served."""

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.orm import Session

from biobank.editorial.redaction.service import was_redacted_since
from biobank.errors import Busy
from biobank.exchange.dumps.manifest import Manifest, fsync_folder, load
from biobank.exchange.dumps.writer import write_dumps
from biobank.exchange.imports.importer import ImportProgress, null_progress
from biobank.records.people.browse_queries import any_withdrawn_since
from biobank.store import outbox
from biobank.store.session import Database

#: File that names the served folder; replaced atomically.
CURRENT_DUMP_FILE = "CURRENT"
#: Lock file held by the process that creates dumps.
DUMP_LOCK_FILE = ".lock"
#: Interval between dumps while the bank changes.
DUMP_INTERVAL = timedelta(days=1)


def current_dump(dumps: Path) -> tuple[Path, Manifest] | None:
    """Return the served folder and its manifest; None if nothing was dumped yet."""
    try:
        folder = dumps / (dumps / CURRENT_DUMP_FILE).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    manifest = load(folder)
    return (folder, manifest) if manifest else None


def is_due(database: Database, dumps: Path, base: str, now: datetime) -> bool:
    """Return whether new dumps are due: the bank or its public address has changed.

    Dumps are due at once after a withdrawal or redaction, since they may still hold that content.
    """
    served = current_dump(dumps)
    if served is None or served[1].base_url != base:
        return True
    with database.read() as session:
        if now - served[1].created_at < DUMP_INTERVAL:
            return _contains_removed_content(session, served[1].created_at)
        return outbox.latest_id(session) != served[1].mark


def renew(database: Database, dumps: Path, base: str, progress: ImportProgress = null_progress) -> Manifest:
    """Create all dumps in a new folder, then serve it.

    The previous folder stays for downloads in progress, unless it holds withdrawn or redacted
    content. Older folders and incomplete ones are deleted.

    Raises:
        Busy: if another process is creating dumps.
    """
    dumps.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(dumps / DUMP_LOCK_FILE, timeout=0):
            return _renew(database, dumps, base, progress)
    except Timeout as error:
        raise Busy("Dumps are being made by another process.") from error


def _renew(database: Database, dumps: Path, base: str, progress: ImportProgress) -> Manifest:
    previous = current_dump(dumps)
    folder = Path(tempfile.mkdtemp(prefix="making-", dir=dumps))
    try:
        manifest = write_dumps(database, folder, base, progress=progress)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    name = f"{manifest.created_at:%Y%m%dT%H%M%S}-{manifest.mark}"
    final_folder = dumps / name
    shutil.rmtree(final_folder, ignore_errors=True)
    folder.chmod(0o755)
    folder.rename(final_folder)
    _serve(dumps, name)
    with database.read() as session:
        keep_previous = previous and not _contains_removed_content(session, previous[1].created_at)
    _delete_others(dumps, {name, previous[0].name if previous and keep_previous else ""})
    return manifest


def _contains_removed_content(session: Session, since: datetime) -> bool:
    return any_withdrawn_since(session, since) or was_redacted_since(session, since)


def _serve(dumps: Path, name: str) -> None:
    part = dumps / f".{CURRENT_DUMP_FILE}.part"
    part.write_text(name + "\n", encoding="ascii")
    part.replace(dumps / CURRENT_DUMP_FILE)
    fsync_folder(dumps)


def _delete_others(dumps: Path, retained_names: set[str]) -> None:
    for folder in dumps.iterdir():
        if folder.is_dir() and folder.name not in retained_names:
            shutil.rmtree(folder, ignore_errors=True)
