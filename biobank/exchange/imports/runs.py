"""Import runs and their reports: creation, progress, and completion with every refusal and notice."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.common.clock import now
from biobank.errors import BiobankError, FieldError
from biobank.exchange.imports.messages import ImportMessage, failure_reason, import_message
from biobank.exchange.imports.models import (
    ACTIVE_STATES,
    MAX_LINE_PLACE_CHARS,
    MAX_RUN_FILENAME_CHARS,
    ImportLine,
    ImportRun,
)
from biobank.store import outbox
from biobank.store.session import Database

#: Limit of refusals and of notices in a report; further ones are only counted.
MAX_REPORT_ENTRIES: Final = 10_000
#: Limit of possible duplicates in a report; the most likely ones.
MAX_REPORT_DUPLICATES: Final = 2_000


#: Limit of problems of one record; a malicious record may have a million.
MAX_ENTRY_PROBLEMS: Final = 50


def _truncate(problems: Sequence[FieldError]) -> Sequence[FieldError]:
    """Return the first problems, and a message with the number of further ones."""
    if len(problems) <= MAX_ENTRY_PROBLEMS:
        return problems
    more = import_message("more_problems", count=len(problems) - MAX_ENTRY_PROBLEMS)
    return [*problems[:MAX_ENTRY_PROBLEMS], more]


@dataclass
class ImportReport:
    """The counts and messages of an import; `refused` records left no trace.

    `read` is the number of records in the file; in a dry run the other counts are predictions.
    """

    dry_run: bool = False
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    #: The number of changed people that were merged with edits made here.
    joined: int = 0
    #: Numbers of bundled reference records, by the name of their kind.
    bundled_counts: dict[str, int] = field(default_factory=dict)
    refusals: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    #: Possible duplicates of new people, in the bank or in the file; None if not checked.
    duplicates: list[dict[str, Any]] | None = None
    #: The number of possible duplicates, including those beyond the limit.
    duplicate_count: int = 0
    #: The file, its format, the actor, the time (ISO 8601) and the run.
    metadata: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def read(self) -> int:
        return self.new + self.changed + self.same + self.refused

    @property
    def rate(self) -> int:
        return round(self.read / self.seconds) if self.seconds else 0

    def count_outcome(self, outcome: str) -> None:
        """Increment the counter `new`, `changed` or `same`."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def add_refusal(self, label: str, record_id: str | None, problems: Sequence[FieldError]) -> None:
        self.refused += 1
        if len(self.refusals) < MAX_REPORT_ENTRIES:
            details = [problem.to_dict() for problem in _truncate(problems)]
            self.refusals.append({"at": label, "id": record_id, "problems": details})

    def add_notice(self, label: str, message: ImportMessage) -> None:
        if len(self.notices) < MAX_REPORT_ENTRIES:
            self.notices.append({"at": label, **message.to_dict()})

    def count_bundled(self, kinds: Mapping[str, int]) -> None:
        for kind, number in kinds.items():
            self.bundled_counts[kind] = self.bundled_counts.get(kind, 0) + number

    def counts(self) -> dict[str, Any]:
        """Return the counts without the messages."""
        names = ("dry_run", "read", "new", "changed", "same", "refused", "joined")
        return {
            **{name: getattr(self, name) for name in names},
            "brought": self.bundled_counts,
            "duplicates_found": self.duplicate_count,
        }

    def timing(self) -> dict[str, Any]:
        return {"seconds": round(self.seconds, 1), "rate": self.rate}

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON; docs/how-to/import.md documents the fields."""
        return {
            **self.metadata,
            **self.counts(),
            **self.timing(),
            "refusals": self.refusals,
            "duplicates": self.duplicates,
            "notices": self.notices,
        }


#: Seconds between two updates of a run's progress.
PROGRESS_INTERVAL_SECONDS: Final = 1.0
#: Rows of a report in one statement.
REPORT_BATCH_ROWS: Final = 500
#: Characters of a failure message.
MAX_FAILURE_CHARS: Final = 500


def create_run(
    database: Database, actor: Identity, *, file: str, state: str, publish: bool = False, **columns: Any
) -> int:
    """Create a run and return its id; `columns` are further columns of it."""
    with database.write() as session:
        _stop_abandoned_runs(session, file)
        run = ImportRun(
            file=file[:MAX_RUN_FILENAME_CHARS],
            author=actor.name,
            author_id=actor.user_id,
            state=state,
            publish=publish,
            created_at=now(),
            **{"format": "jsonl", **columns},
        )
        if state in ACTIVE_STATES:
            run.started_at = now()
        session.add(run)
        session.flush()
        return run.id


def _stop_abandoned_runs(session: Session, file: str) -> None:
    """Stop runs of the same file whose process was killed and could not do so itself."""
    abandoned = update(ImportRun).where(
        ImportRun.file == file[:MAX_RUN_FILENAME_CHARS],
        ImportRun.at_desk.is_(False),
        ImportRun.state.in_(ACTIVE_STATES),
    )
    session.execute(abandoned.values(state="stopped"))


def lock_run(session: Session, run_id: int, states: Collection[str]) -> ImportRun | None:
    """Lock a run until the transaction ends; return None if it is in none of `states`.

    Every change of state takes this lock. Of two concurrent changes the second one sees the result
    of the first, and no change is overwritten.
    """
    run = session.get(ImportRun, run_id, with_for_update=True, populate_existing=True)
    return run if run is not None and run.state in states else None


@contextmanager
def run_completion(database: Database, run_id: int) -> Iterator[Callable[[ImportReport], ImportReport]]:
    """End a run on exit: with the report passed to the yielded function, else as failed."""

    def complete(report: ImportReport) -> ImportReport:
        # Another command for the same file may have marked this run as abandoned.
        finish_run(database, run_id, report, "done", from_states=(*ACTIVE_STATES, "stopped"))
        return report

    try:
        yield complete
    except BiobankError as error:
        fail_run(database, run_id, failure_reason(error))
        raise
    except BaseException as error:
        fail_run(database, run_id, import_message("broke_off", why=type(error).__name__))
        raise


def finish_run(
    database: Database,
    run_id: int,
    report: ImportReport,
    state: str,
    from_states: Collection[str] = ACTIVE_STATES,
) -> None:
    """Store the result of a run and its report; possible duplicates found earlier are kept.

    Raises:
        ImportStopped: if the run is in none of `from_states`, because it was stopped at the last
            moment.
    """
    report.metadata["run"] = run_id
    with database.write() as session:
        run = lock_run(session, run_id, from_states)
        if run is None:
            raise ImportStopped("It was stopped.")
        run.state, run.ended_at = state, now()
        if state == "done":
            run.kept_as = ""
        for name in ("new", "changed", "same", "refused", "joined", "seconds"):
            setattr(run, name, getattr(report, name))
        run.brought, run.brought_kinds = sum(report.bundled_counts.values()), report.bundled_counts
        kinds = ["refusal", "notice", "trouble"]
        if report.duplicates is not None:
            run.duplicates = report.duplicate_count
            kinds.append("duplicate")
        _delete_lines(session, run_id, kinds)
        for batch in outbox.batched(report_rows(run_id, report), REPORT_BATCH_ROWS):
            session.execute(insert(ImportLine), list(batch))


def fail_run(database: Database, run_id: int, reason: ImportMessage | None) -> None:
    """Mark a run as failed, unless it was stopped; what it has stored stays stored.

    `reason` is None if it belongs in the log only.
    """
    with database.write() as session:
        if (run := lock_run(session, run_id, ACTIVE_STATES)) is None:
            return
        run.state, run.ended_at = "failed", now()
        _delete_lines(session, run_id, ["trouble"])
        run.trouble = str(reason)[:MAX_FAILURE_CHARS] if reason else ""
        if reason:
            row = {"run_id": run_id, "kind": "trouble", "place": "", "told": reason.to_dict()}
            session.execute(insert(ImportLine), [row])


def _delete_lines(session: Session, run_id: int, kinds: Collection[str]) -> None:
    session.execute(delete(ImportLine).where(ImportLine.run_id == run_id, ImportLine.kind.in_(kinds)))


def report_rows(run_id: int, report: ImportReport) -> Sequence[dict[str, Any]]:
    """Return the lines of a report as database rows."""

    def row(kind: str, details: dict[str, Any]) -> dict[str, Any]:
        return {
            "run_id": run_id,
            "kind": kind,
            "place": details["at"][:MAX_LINE_PLACE_CHARS],
            "person_id": details.get("id") or "",
            "told": details,
        }

    return [
        *(row("refusal", entry) for entry in report.refusals),
        *(row("notice", entry) for entry in report.notices),
        *(row("duplicate", entry) for entry in report.duplicates or ()),
    ]


class ImportStopped(BiobankError):
    """The run was stopped by a user."""

    code = "import_stopped"


class ImportInterrupted(BiobankError):
    """The process has to end; the next worker resumes the run."""

    code = "import_interrupted"


class RunProgressReporter:
    """A progress callback that saves progress at intervals and ends a run that was stopped."""

    def __init__(self, database: Database, run_id: int, should_stop: Callable[[], bool]) -> None:
        self._database, self._run_id, self._should_stop = database, run_id, should_stop
        self._reported_at, self._step = 0.0, ""

    def __call__(self, step: str, done: int, total: int | None) -> None:
        """Save the progress.

        Raises:
            ImportStopped: if the run was stopped.
            ImportInterrupted: if the process has to end.
        """
        if step == self._step and time.monotonic() - self._reported_at < PROGRESS_INTERVAL_SECONDS:
            return
        self._reported_at, self._step = time.monotonic(), step
        if self._should_stop():
            raise ImportInterrupted("The server ends.")
        with self._database.write() as session:
            is_own_run = ImportRun.id == self._run_id
            active_run = update(ImportRun).where(is_own_run, ImportRun.state.in_(ACTIVE_STATES))
            statement = active_run.values(step=step, done=done, total=total).returning(ImportRun.id)
            is_active = session.scalar(statement) is not None
        if not is_active:
            raise ImportStopped("It was stopped.")
