"""Runs of imports: opened, told how far they are, ended with their report."""

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

#: Seconds between two looks at how far a run is.
TELL_EVERY: Final = 1.0
#: Lines of a report in one statement.
PORTION: Final = 500
#: Characters of what is told of a failure.
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
    """A new run, and its number. `more` are other columns of it."""
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
    """A command that was killed could not say so; the next one over the same file does."""
    died = update(ImportRun).where(
        ImportRun.file == file[:FILE_MOST],
        ImportRun.at_desk.is_(False),
        ImportRun.state.in_(BEGUN),
    )
    session.execute(died.values(state="stopped"))


def held(session: Session, run_id: int, states: Collection[str]) -> ImportRun | None:
    """A run, held until the transaction ends; None where it is in none of `states` any more.

    Whoever moves a run into another state holds it so. Of two who do it at once the second sees
    what the first one did, and nobody's word is written over.
    """
    run = session.get(ImportRun, run_id, with_for_update=True, populate_existing=True)
    return run if run is not None and run.state in states else None


@contextmanager
def ending(database: Database, run_id: int) -> Iterator[Callable[[Report], Report]]:
    """Ends a run: with the report handed to what this gives, else as failed with the reason."""

    def end(report: Report) -> Report:
        # Another command over the same file takes this one for dead; it is not.
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
    """Keeps what came of a run, and its report; duplicates that were looked for before stay.

    Raises:
        Stopped: where the run is in none of the states `was`: somebody stopped it in its last
            moment, and that stands.
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
    """Ends a run that did not come to its end; what it kept stays kept. One stopped stays so.

    `why` is None where nobody but the log is to know.
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
    """Forgets a run's lines of some kinds."""
    old = delete(ImportLine).where(ImportLine.run_id == run_id, ImportLine.kind.in_(kinds))
    session.execute(old)


def lines_of(run_id: int, report: Report) -> Sequence[dict[str, Any]]:
    """The lines of a report as rows."""

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
    """Somebody stopped a run."""

    code = "import_stopped"


class Interrupted(BiobankError):
    """Whoever does a run has to end; it is taken up again by the next."""

    code = "import_interrupted"


class Telling:
    """A progress that keeps how far a run is, now and then, and ends it where somebody said so."""

    def __init__(self, database: Database, run_id: int, is_over: Callable[[], bool]) -> None:
        self._database, self._run_id, self._is_over = database, run_id, is_over
        self._at, self._step = 0.0, ""

    def __call__(self, step: str, done: int, total: int | None) -> None:
        """Raises Stopped where the run was, Interrupted where its process has to end."""
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
