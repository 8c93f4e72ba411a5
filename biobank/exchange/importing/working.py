"""Worker for imports at the desk: runs are processed one at a time.

A lock file in the upload folder excludes other workers. The operating system releases it however
its holder ends; an unfinished run is then restarted, and finds what it stored already.
"""

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from sqlalchemy import delete, select, update

from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.accounts.policy import Action, require
from biobank.errors import BiobankError
from biobank.exchange.importing.formats import reader_for
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.mapping.loading import load_mapping
from biobank.exchange.importing.models import RUNNING, ImportRun
from biobank.exchange.importing.runs import Interrupted, Stopped, Telling, fail, finish
from biobank.exchange.importing.said import NotImported, say, why_of
from biobank.exchange.importing.uploads import Uploads
from biobank.store import outbox
from biobank.store.session import Database

LOCK: Final = "lock"
#: Limit of stored runs with their reports.
RUNS_MOST: Final = 500
#: The active state of each pending state.
BEGINS: Final = {"to_check": "checking", "to_keep": "keeping"}

log = logging.getLogger(__name__)


def waits(database: Database) -> bool:
    """Return whether a run of the desk is queued or was left unfinished."""
    query = select(ImportRun.id).where(ImportRun.at_desk, ImportRun.state.in_(RUNNING))
    with database.read() as session:
        return session.scalar(query.limit(1)) is not None


def work_through(
    database: Database, uploads: Uploads, is_over: Callable[[], bool] = lambda: False
) -> int:
    """Process queued runs, oldest first; return their number, 0 if another worker holds the lock.

    Stops when `should_stop` returns true, and leaves the current run to the next worker.
    """
    done = 0
    with _alone(uploads) as alone:
        if not alone:
            return 0
        _take_up_again(database)
        with suppress(Interrupted):
            while not is_over() and (run := _next(database)) is not None:
                _work(database, uploads, run, is_over)
                done += 1
    return done


def keep_house(database: Database, uploads: Uploads) -> int:
    """Remove the oldest runs, undecided files after two weeks, and orphaned files after an hour.

    Returns the number of removed files.
    """
    old = uploads.remove_old()
    with database.write() as session:
        gone = update(ImportRun).where(ImportRun.kept_as.in_(old), ImportRun.state == "waiting")
        session.execute(gone.values(state="stopped"))
        session.execute(update(ImportRun).where(ImportRun.kept_as.in_(old)).values(kept_as=""))
        newest = select(ImportRun.id).order_by(ImportRun.id.desc()).offset(RUNS_MOST).limit(1)
        if (last := session.scalar(newest)) is not None:
            ended = ("done", "failed", "stopped")
            session.execute(
                delete(ImportRun).where(ImportRun.id <= last, ImportRun.state.in_(ended))
            )
    return len(old) + len(uploads.remove_left(_pointed_at(database)))


def _pointed_at(database: Database) -> set[str]:
    """Return the names of the files that may still be processed."""
    query = select(ImportRun.kept_as).where(ImportRun.kept_as != "", ImportRun.state != "done")
    with database.read() as session:
        return set(session.scalars(query))


@contextmanager
def _alone(uploads: Uploads) -> Iterator[bool]:
    """Yield whether the lock of the worker was acquired; hold it until exit."""
    uploads.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(uploads.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


def _take_up_again(database: Database) -> None:
    """Requeue active runs; while the lock is held, only a worker that died can have left them."""
    with database.write() as session:
        for waiting, begun in BEGINS.items():
            left = update(ImportRun).where(ImportRun.at_desk, ImportRun.state == begun)
            session.execute(left.values(state=waiting))


def _next(database: Database) -> ImportRun | None:
    """Claim the oldest queued run."""
    query = select(ImportRun).where(ImportRun.at_desk, ImportRun.state.in_(BEGINS))
    with database.write() as session:
        # Locked, so that it cannot be stopped before the next line.
        oldest = query.order_by(ImportRun.id).limit(1).with_for_update()
        run: ImportRun | None = session.scalar(oldest)
        if run is not None:
            run.state = BEGINS[run.state]
            run.started_at, run.ended_at = outbox.now(), None
        return run


def _work(
    database: Database, uploads: Uploads, run: ImportRun, is_over: Callable[[], bool]
) -> None:
    """Check or store a run; a failure is shown on its page and does not affect the next run."""
    keeps = run.state == "keeping"
    try:
        _import(database, uploads, run, Telling(database, run.id, is_over), keeps=keeps)
    except Interrupted:
        raise
    except Stopped:
        return
    except BiobankError as error:
        fail(database, run.id, why_of(error))
        return
    except Exception:
        log.exception("import run %s failed", run.id)
        fail(database, run.id, None)
        return
    if keeps:
        uploads.remove(run.kept_as)


def _import(
    database: Database, uploads: Uploads, run: ImportRun, tell: Telling, *, keeps: bool
) -> None:
    who = _who(database, run)
    path, mapping_path = uploads.path(run.kept_as), uploads.mapping(run.kept_as)
    if path is None:
        raise NotImported(say("file_gone"))
    mapping = load_mapping(mapping_path) if mapping_path else None
    read = reader_for(database, run.file, run.format, mapping)
    with path.open("rb") as stream:
        report = import_people(
            database,
            read(stream),
            file=run.file,
            who=who,
            # Desk imports are published by a second person.
            publish=False,
            dry_run=not keeps,
            # The check has already looked for duplicates.
            duplicates=not keeps,
            run_id=run.id,
            progress=tell,
        )
    finish(database, run.id, report, "done" if keeps else "waiting")


def _who(database: Database, run: ImportRun) -> Identity:
    """Return the uploader with their current rights."""
    with database.read() as session:
        user = session.get(User, run.author_id) if run.author_id is not None else None
    if user is None or not user.active:
        raise NotImported(say("sender_gone"))
    who = Identity(user.role, "session", user.name, user.id, user.email)  # type: ignore[arg-type]
    require(who, Action.IMPORT)
    return who
