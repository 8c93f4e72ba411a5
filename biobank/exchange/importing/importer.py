"""Import of people: all records are checked first, then valid ones are stored in batches.

If the process is killed, each batch is stored completely or not at all, and repeating the import
leads to the same result.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.editorial.imported import Decision, decide
from biobank.editorial.keeping_imported import Making, keep, make_room, remember
from biobank.exchange.importing import runs
from biobank.exchange.importing.bringing import Brought, bring, distinct
from biobank.exchange.importing.checking import (
    Checker,
    Line,
    batches,
    read_lines,
    write_line,
)
from biobank.exchange.importing.reading import Item
from biobank.exchange.importing.report import Report
from biobank.exchange.importing.said import say
from biobank.exchange.importing.twins import find_twins
from biobank.store import outbox
from biobank.store.session import Database

#: Records in one transaction: large enough to be fast, small enough not to block other writers.
BATCH: Final = 200

#: Called after every step with its name, the number done, and the total if known.
Progress = Callable[[str, int, int | None], None]


def silent(_step: str, _done: int, _total: int | None) -> None:
    """Ignore progress."""


@dataclass(frozen=True)
class _Work:
    """The context of one import."""

    database: Database
    file: str
    who: Identity
    publish: bool
    run_id: int
    report: Report
    progress: Progress


def import_people(
    database: Database,
    items: Iterable[Item],
    *,
    file: str,
    who: Identity,
    publish: bool,
    dry_run: bool = False,
    duplicates: bool = False,
    about: Mapping[str, str] | None = None,
    run_id: int | None = None,
    progress: Progress = silent,
) -> Report:
    """Store every valid record of `items`, as drafts or public, and report the others.

    Relations may point forward within `items`; a record with a dangling relation is refused.
    With `duplicates`, new people are compared with stored ones and with each other. `metadata`
    holds more about the file: its `format`, `sha256`, `mapping`. `run_id` is the existing run of
    the import; without one, an import that is not a dry run creates its own.
    """
    report = Report(dry_run)
    report.about = {
        "file": file,
        **(about or {}),
        "who": who.name,
        "at": outbox.now().isoformat(timespec="seconds"),
    }
    if run_id is not None or dry_run:
        work = _Work(database, file, who, publish, run_id or 0, report, progress)
        return _import(work, items, duplicates=duplicates)
    opened = runs.open_run(
        database, who, file=file, publish=publish, state="keeping", **(about or {})
    )
    with runs.ending(database, opened) as end:
        work = _Work(database, file, who, publish, opened, report, progress)
        return end(_import(work, items, duplicates=duplicates))


def _import(work: _Work, items: Iterable[Item], *, duplicates: bool) -> Report:
    report, started = work.report, time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as spool:
        good, stored = _check(work, items, spool)
        if duplicates:
            newcomers = good - stored
            find_twins(work.database, lambda: read_lines(spool, newcomers), report, work.progress)
        _keep(work, spool, good)
    report.seconds = time.monotonic() - started
    if not report.dry_run:
        _note(work)
    return report


def _check(work: _Work, items: Iterable[Item], spool: IO[str]) -> tuple[set[str], set[str]]:
    """Spool the valid records (first pass); return their ids, and those of stored people."""
    index = 0
    with work.database.read() as session:
        checker = Checker(session, work.file, work.report)
        # Nothing is read from here on; ending the transaction releases the snapshot.
        session.rollback()
        for index, item in enumerate(items, 1):
            if line := checker.check(item):
                write_line(spool, line)
            if index % BATCH == 0:
                work.progress("checked", index, None)
    work.progress("checked", index, index)
    return checker.good(), checker.stored


def _keep(work: _Work, spool: IO[str], good: set[str]) -> None:
    """Run the second pass: store the valid records in batches, one transaction each."""
    done, total = 0, len(good)
    brought: set[tuple[str, str]] = set()
    for lines in batches(read_lines(spool, good), BATCH):
        step = _look_at if work.report.dry_run else _keep_batch
        decisions = step(work, lines, brought)
        _tell(work.report, lines, decisions)
        done += len(lines)
        work.progress("kept", done, total)
    for kind, _ in brought:
        work.report.count_brought({kind: 1})


def _keep_batch(
    work: _Work, lines: Sequence[Line], brought: set[tuple[str, str]]
) -> list[Decision]:
    making = Making(work.who, work.run_id, f"import of {work.file}", work.publish)
    with work.database.write() as session:
        records = [line.record for line in lines]
        make_room(session, records)
        decisions = decide(session, records, publish=work.publish)
        coming = _coming(lines, decisions)
        bring(session, work.who, coming, brought)
        keep(session, decisions, making)
        keys = {
            line.key: decision.person_id
            for line, decision in zip(lines, decisions, strict=True)
            if line.key and decision.outcome != "refused"
        }
        remember(session, work.file, keys)
    return decisions


def _look_at(work: _Work, lines: Sequence[Line], brought: set[tuple[str, str]]) -> list[Decision]:
    """Return the decisions for a batch without storing it."""
    with work.database.read() as session:
        decisions = decide(session, [line.record for line in lines], publish=work.publish)
    brought.update(distinct(_coming(lines, decisions), brought))
    return decisions


def _coming(lines: Sequence[Line], decisions: Sequence[Decision]) -> list[Brought]:
    """Return the bundled records of new and changed people; others need none."""
    return [
        line.brings
        for line, decision in zip(lines, decisions, strict=True)
        if line.brings and decision.outcome in ("new", "changed")
    ]


def _tell(report: Report, lines: Sequence[Line], decisions: Sequence[Decision]) -> None:
    for line, decision in zip(lines, decisions, strict=True):
        if decision.outcome == "refused":
            report.refuse(line.label, decision.person_id, decision.problems)
            continue
        report.count(decision.outcome)
        if decision.joined is not None:
            report.joined += 1
            fields = ", ".join(decision.kept_edits)
            report.notice(line.label, say("joined", fields=fields))


def _note(work: _Work) -> None:
    """Record an import that changed something in the audit log, with its counts."""
    report = work.report
    if report.new or report.changed:
        done = {"new": report.new, "changed": report.changed, "refused": report.refused}
        more = {"brought": report.brought} if report.brought else {}
        with work.database.write() as session:
            audit.note_about(
                session,
                work.who,
                "imported",
                "file",
                work.file[:200],
                published=work.publish,
                **done,
                **more,
            )
