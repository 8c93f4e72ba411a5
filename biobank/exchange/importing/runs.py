"""Lifecycle of import runs: creation, progress, and completion with a report."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.errors import BiobankError
from biobank.exchange.importing.models import (
    BEGUN,
    FILE_MOST,
    PLACE_MOST,
    ImportLine,
    ImportRun,
)
from biobank.exchange.importing.report import Report
from biobank.exchange.importing.said import Said, say, why_of
from biobank.store import outbox
from biobank.store.session import Database

#: Seconds between two updates of a run's progress.
TELL_EVERY: Final = 1.0
#: Rows of a report in one statement.
PORTION: Final = 500
#: Characters of a failure message.
TROUBLE_MOST: Final = 500


def open_run(
    database: Database,
    who: Identity,
    *,
    file: str,
    state: str,
    publish: bool = False,
    **more: Any,
) -> int:
    """Create a run and return its id; `columns` are further columns of it."""
    with database.write() as session:
        _end_those_that_died(session, file)
        run = ImportRun(
            file=file[:FILE_MOST],
            author=who.name,
            author_id=who.user_id,
            state=state,
            publish=publish,
            created_at=outbox.now(),
            **{"format": "jsonl", **more},
        )
        if state in BEGUN:
            run.started_at = outbox.now()
        session.add(run)
        session.flush()
        return run.id


def _end_those_that_died(session: Session, file: str) -> None:
    """Stop runs of the same file whose process was killed and could not do so itself."""
    died = update(ImportRun).where(
        ImportRun.file == file[:FILE_MOST],
        ImportRun.at_desk.is_(False),
        ImportRun.state.in_(BEGUN),
    )
    session.execute(died.values(state="stopped"))


def held(session: Session, run_id: int, states: Collection[str]) -> ImportRun | None:
    """Lock a run until the transaction ends; return None if it is in none of `states`.

    Every change of state takes this lock. Of two concurrent changes the second one sees the result
    of the first, and no change is overwritten.
    """
    run = session.get(ImportRun, run_id, with_for_update=True, populate_existing=True)
    return run if run is not None and run.state in states else None


@contextmanager
def ending(database: Database, run_id: int) -> Iterator[Callable[[Report], Report]]:
    """End a run on exit: with the report passed to the yielded function, else as failed."""

    def end(report: Report) -> Report:
        # Another command for the same file may have marked this run as abandoned.
        finish(database, run_id, report, "done", was=(*BEGUN, "stopped"))
        return report

    try:
        yield end
    except BiobankError as error:
        fail(database, run_id, why_of(error))
        raise
    except BaseException as error:
        fail(database, run_id, say("broke_off", why=type(error).__name__))
        raise


def finish(
    database: Database,
    run_id: int,
    report: Report,
    state: str,
    was: Collection[str] = BEGUN,
) -> None:
    """Store the result of a run and its report; possible duplicates found earlier are kept.

    Raises:
        ImportStopped: if the run is in none of `from_states`, because it was stopped at the last
            moment.
    """
    report.about["run"] = run_id
    with database.write() as session:
        run = held(session, run_id, was)
        if run is None:
            raise Stopped("It was stopped.")
        run.state, run.ended_at = state, outbox.now()
        if state == "done":
            run.kept_as = ""
        run.new, run.changed, run.same = report.new, report.changed, report.same
        run.refused, run.joined, run.seconds = report.refused, report.joined, report.seconds
        run.brought, run.brought_kinds = sum(report.brought.values()), report.brought
        kinds = ["refusal", "notice", "trouble"]
        if report.duplicates is not None:
            run.duplicates = report.duplicates_found
            kinds.append("duplicate")
        _forget(session, run_id, kinds)
        for portion in outbox.batched(lines_of(run_id, report), PORTION):
            session.execute(insert(ImportLine), list(portion))


def fail(database: Database, run_id: int, why: Said | None) -> None:
    """Mark a run as failed, unless it was stopped; what it has stored stays stored.

    `reason` is None if it belongs in the log only.
    """
    with database.write() as session:
        if (run := held(session, run_id, BEGUN)) is None:
            return
        run.state, run.ended_at = "failed", outbox.now()
        _forget(session, run_id, ["trouble"])
        run.trouble = str(why)[:TROUBLE_MOST] if why else ""
        if why:
            line = {"run_id": run_id, "kind": "trouble", "place": "", "told": why.as_dict()}
            session.execute(insert(ImportLine), [line])


def _forget(session: Session, run_id: int, kinds: Collection[str]) -> None:
    """Delete the report lines of a run that are of the given kinds."""
    old = delete(ImportLine).where(ImportLine.run_id == run_id, ImportLine.kind.in_(kinds))
    session.execute(old)


def lines_of(run_id: int, report: Report) -> Sequence[dict[str, Any]]:
    """Return the lines of a report as database rows."""

    def row(kind: str, told: dict[str, Any]) -> dict[str, Any]:
        return {
            "run_id": run_id,
            "kind": kind,
            "place": told["at"][:PLACE_MOST],
            "person_id": told.get("id") or "",
            "told": told,
        }

    return [
        *(row("refusal", told) for told in report.refusals),
        *(row("notice", told) for told in report.notices),
        *(row("duplicate", told) for told in report.duplicates or ()),
    ]


class Stopped(BiobankError):
    """The run was stopped by a user."""

    code = "import_stopped"


class Interrupted(BiobankError):
    """The process has to end; the next worker resumes the run."""

    code = "import_interrupted"


class Telling:
    """A progress callback that saves progress at intervals and ends a run that was stopped."""

    def __init__(self, database: Database, run_id: int, is_over: Callable[[], bool]) -> None:
        self._database, self._run_id, self._is_over = database, run_id, is_over
        self._at, self._step = 0.0, ""

    def __call__(self, step: str, done: int, total: int | None) -> None:
        """Save the progress.

        Raises:
            ImportStopped: if the run was stopped.
            ImportInterrupted: if the process has to end.
        """
        if step == self._step and time.monotonic() - self._at < TELL_EVERY:
            return
        self._at, self._step = time.monotonic(), step
        if self._is_over():
            raise Interrupted("The server ends.")
        with self._database.write() as session:
            mine = ImportRun.id == self._run_id
            going_on = update(ImportRun).where(mine, ImportRun.state.in_(BEGUN))
            told = going_on.values(step=step, done=done, total=total).returning(ImportRun.id)
            goes_on = session.scalar(told) is not None
        if not goes_on:
            raise Stopped("It was stopped.")
