"""Worker for imports at the desk: runs are processed one at a time.

A lock file in the upload folder excludes other workers. The operating system releases it however
its holder ends; an unfinished run is then restarted, and finds what it stored already.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from filelock import FileLock, Timeout
from sqlalchemy import delete, select, update

from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.errors import BiobankError
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.mapping.schema import load_mapping
from biobank.exchange.imports.messages import ImportFailed, failure_reason
from biobank.exchange.imports.models import PENDING_STATES, ImportRun
from biobank.exchange.imports.runs import (
    ImportInterrupted,
    ImportStopped,
    RunProgressReporter,
    fail_run,
    finish_run,
)
from biobank.exchange.imports.uploads import UploadStore, get_reader
from biobank.store.session import Database

WORKER_LOCK_FILENAME: Final = "lock"
#: Limit of stored runs with their reports.
MAX_STORED_RUNS: Final = 500
#: The active state of each pending state.
ACTIVE_STATE_BY_PENDING: Final = {"to_check": "checking", "to_keep": "keeping"}

log = logging.getLogger(__name__)


def has_pending_runs(database: Database) -> bool:
    """Return whether a run of the desk is queued or was left unfinished."""
    query = select(ImportRun.id).where(ImportRun.at_desk, ImportRun.state.in_(PENDING_STATES))
    with database.read() as session:
        return session.scalar(query.limit(1)) is not None


def process_pending_runs(
    database: Database, uploads: UploadStore, should_stop: Callable[[], bool] = lambda: False
) -> int:
    """Process queued runs, oldest first; return their number, 0 if another worker holds the lock.

    Stops when `should_stop` returns true, and leaves the current run to the next worker.
    """
    done = 0
    uploads.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(uploads.folder / WORKER_LOCK_FILENAME, timeout=0, mode=0o600)
    with suppress(Timeout, ImportInterrupted), lock:
        _requeue_interrupted(database)
        while not should_stop() and (run := _claim_next(database)) is not None:
            _process_run(database, uploads, run, should_stop)
            done += 1
    return done


def run_maintenance(database: Database, uploads: UploadStore) -> int:
    """Remove the oldest runs, undecided files after two weeks, and orphaned files after an hour.

    Returns the number of removed files.
    """
    old = uploads.remove_expired()
    with database.write() as session:
        expired = update(ImportRun).where(ImportRun.kept_as.in_(old), ImportRun.state == "waiting")
        session.execute(expired.values(state="stopped"))
        session.execute(update(ImportRun).where(ImportRun.kept_as.in_(old)).values(kept_as=""))
        boundary = select(ImportRun.id).order_by(ImportRun.id.desc()).offset(MAX_STORED_RUNS).limit(1)
        if (last := session.scalar(boundary)) is not None:
            ended = ("done", "failed", "stopped")
            session.execute(delete(ImportRun).where(ImportRun.id <= last, ImportRun.state.in_(ended)))
    return len(old) + len(uploads.remove_orphans(_referenced_uploads(database)))


def _referenced_uploads(database: Database) -> set[str]:
    """Return the names of the files that may still be processed."""
    query = select(ImportRun.kept_as).where(ImportRun.kept_as != "", ImportRun.state != "done")
    with database.read() as session:
        return set(session.scalars(query))


def _requeue_interrupted(database: Database) -> None:
    """Requeue active runs; while the lock is held, only a worker that died can have left them."""
    with database.write() as session:
        for pending, active in ACTIVE_STATE_BY_PENDING.items():
            interrupted = update(ImportRun).where(ImportRun.at_desk, ImportRun.state == active)
            session.execute(interrupted.values(state=pending))


def _claim_next(database: Database) -> ImportRun | None:
    """Claim the oldest queued run."""
    query = select(ImportRun).where(ImportRun.at_desk, ImportRun.state.in_(ACTIVE_STATE_BY_PENDING))
    with database.write() as session:
        # Locked, so that it cannot be stopped before the next line.
        oldest = query.order_by(ImportRun.id).limit(1).with_for_update()
        run: ImportRun | None = session.scalar(oldest)
        if run is not None:
            run.state = ACTIVE_STATE_BY_PENDING[run.state]
            run.started_at, run.ended_at = now(), None
        return run


def _process_run(
    database: Database, uploads: UploadStore, run: ImportRun, should_stop: Callable[[], bool]
) -> None:
    """Check or store a run; a failure is shown on its page and does not affect the next run."""
    stores = run.state == "keeping"
    try:
        _import_run(database, uploads, run, RunProgressReporter(database, run.id, should_stop), stores=stores)
    except ImportInterrupted:
        raise
    except ImportStopped:
        return
    except BiobankError as error:
        fail_run(database, run.id, failure_reason(error))
        return
    except Exception:
        log.exception("import run %s failed", run.id)
        fail_run(database, run.id, None)
        return
    if stores:
        uploads.remove(run.kept_as)


def _import_run(
    database: Database, uploads: UploadStore, run: ImportRun, progress: RunProgressReporter, *, stores: bool
) -> None:
    actor = _uploader_identity(database, run)
    path, mapping_path = uploads.path(run.kept_as), uploads.mapping(run.kept_as)
    if path is None:
        raise ImportFailed("file_gone")
    mapping = load_mapping(mapping_path) if mapping_path else None
    read = get_reader(database, run.file, run.format, mapping)
    with path.open("rb") as stream:
        report = import_people(
            database,
            read(stream),
            file=run.file,
            actor=actor,
            # Desk imports are published by a second person.
            publish=False,
            dry_run=not stores,
            # The check has already looked for duplicates.
            duplicates=not stores,
            run_id=run.id,
            progress=progress,
        )
    finish_run(database, run.id, report, "done" if stores else "waiting")


def _uploader_identity(database: Database, run: ImportRun) -> Identity:
    """Return the uploader with their current rights."""
    with database.read() as session:
        user = session.get(User, run.author_id) if run.author_id is not None else None
    if user is None or not user.active:
        raise ImportFailed("sender_gone")
    actor = Identity(user.role, "session", user.name, user.id, user.email)  # type: ignore[arg-type]
    require(actor, Action.IMPORT)
    return actor
