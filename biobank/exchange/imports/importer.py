"""Import of people: all records are checked first, then valid ones are stored in batches.

If the process is killed, each batch is stored completely or not at all, and repeating the import
leads to the same result.
"""

import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Final

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.common.clock import now
from biobank.common.progress import ProgressReporter, null_progress
from biobank.editorial.revisions.imports import (
    ImportContext,
    ImportDecision,
    decide_imports,
    prepare_people,
    save_decisions,
    store_import_keys,
)
from biobank.exchange.imports import runs
from biobank.exchange.imports.bundled_records import BundledRecords, import_bundled, unstored_records
from biobank.exchange.imports.duplicate_check import find_duplicates
from biobank.exchange.imports.items import ImportItem
from biobank.exchange.imports.messages import import_message
from biobank.exchange.imports.record_checker import (
    RecordChecker,
    SpooledRecord,
    read_spooled,
    write_spooled,
)
from biobank.exchange.imports.runs import ImportReport
from biobank.store.session import Database

#: Records in one transaction: large enough to be fast, small enough not to block other writers.
IMPORT_BATCH_RECORDS: Final = 200


@dataclass(frozen=True)
class _ImportJob:
    """The context of one import."""

    database: Database
    file: str
    actor: Identity
    publish: bool
    run_id: int
    report: ImportReport
    progress: ProgressReporter


def import_people(
    database: Database,
    items: Iterable[ImportItem],
    *,
    file: str,
    actor: Identity,
    publish: bool,
    dry_run: bool = False,
    duplicates: bool = False,
    metadata: Mapping[str, str] | None = None,
    run_id: int | None = None,
    progress: ProgressReporter = null_progress,
) -> ImportReport:
    """Store every valid record of `items`, as drafts or public, and report the others.

    Relations may point forward within `items`; a record with a dangling relation is refused.
    With `duplicates`, new people are compared with stored ones and with each other. `metadata`
    holds more about the file: its `format`, `sha256`, `mapping`. `run_id` is the existing run of
    the import; without one, an import that is not a dry run creates its own.
    """
    report = ImportReport(dry_run)
    report.metadata = {
        "file": file,
        **(metadata or {}),
        "who": actor.name,
        "at": now().isoformat(timespec="seconds"),
    }
    if run_id is not None or dry_run:
        job = _ImportJob(database, file, actor, publish, run_id or 0, report, progress)
        return _run_import(job, items, duplicates=duplicates)
    new_run_id = runs.create_run(
        database, actor, file=file, publish=publish, state="keeping", **(metadata or {})
    )
    with runs.run_completion(database, new_run_id) as complete:
        job = _ImportJob(database, file, actor, publish, new_run_id, report, progress)
        return complete(_run_import(job, items, duplicates=duplicates))


def _run_import(job: _ImportJob, items: Iterable[ImportItem], *, duplicates: bool) -> ImportReport:
    report, started = job.report, time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as spool:
        accepted, stored_ids = _check_items(job, items, spool)
        if duplicates:
            newcomers = accepted - stored_ids
            find_duplicates(job.database, lambda: read_spooled(spool, newcomers), report, job.progress)
        _store_records(job, spool, accepted)
    report.seconds = time.monotonic() - started
    if not report.dry_run:
        _record_audit_event(job)
    return report


def _check_items(job: _ImportJob, items: Iterable[ImportItem], spool: IO[str]) -> tuple[set[str], set[str]]:
    """Spool the valid records (first pass); return their ids, and those of stored people."""
    index = 0
    with job.database.read() as session:
        checker = RecordChecker(session, job.file, job.report)
        # Nothing is read from here on; ending the transaction releases the snapshot.
        session.rollback()
        for index, item in enumerate(items, 1):
            if spooled := checker.check(item):
                write_spooled(spool, spooled)
            if index % IMPORT_BATCH_RECORDS == 0:
                job.progress("checked", index, None)
    job.progress("checked", index, index)
    return checker.accepted_ids(), checker.stored_ids


def _store_records(job: _ImportJob, spool: IO[str], accepted: set[str]) -> None:
    """Run the second pass: store the valid records in batches, one transaction each."""
    done, total = 0, len(accepted)
    stored_bundled: set[tuple[str, str]] = set()
    records = read_spooled(spool, accepted)
    while batch := list(islice(records, IMPORT_BATCH_RECORDS)):
        process = _preview_batch if job.report.dry_run else _store_batch
        decisions = process(job, batch, stored_bundled)
        _report_decisions(job.report, batch, decisions)
        done += len(batch)
        job.progress("kept", done, total)
    for kind, _ in stored_bundled:
        job.report.count_bundled({kind: 1})


def _store_batch(
    job: _ImportJob, batch: Sequence[SpooledRecord], stored_bundled: set[tuple[str, str]]
) -> list[ImportDecision]:
    context = ImportContext(job.actor, job.run_id, f"import of {job.file}", job.publish)
    with job.database.write() as session:
        records = [spooled.record for spooled in batch]
        prepare_people(session, records)
        decisions = decide_imports(session, records, publish=job.publish)
        bundles = _required_bundles(batch, decisions)
        import_bundled(session, job.actor, bundles, stored_bundled)
        save_decisions(session, decisions, context)
        keys = {
            spooled.key: decision.person_id
            for spooled, decision in zip(batch, decisions, strict=True)
            if spooled.key and decision.outcome != "refused"
        }
        store_import_keys(session, job.file, keys)
    return decisions


def _preview_batch(
    job: _ImportJob, batch: Sequence[SpooledRecord], stored_bundled: set[tuple[str, str]]
) -> list[ImportDecision]:
    """Return the decisions for a batch without storing it."""
    with job.database.read() as session:
        decisions = decide_imports(session, [spooled.record for spooled in batch], publish=job.publish)
    stored_bundled.update(unstored_records(_required_bundles(batch, decisions), stored_bundled))
    return decisions


def _required_bundles(
    batch: Sequence[SpooledRecord], decisions: Sequence[ImportDecision]
) -> list[BundledRecords]:
    """Return the bundled records of new and changed people; others need none."""
    return [
        spooled.bundled_records
        for spooled, decision in zip(batch, decisions, strict=True)
        if spooled.bundled_records and decision.outcome in ("new", "changed")
    ]


def _report_decisions(
    report: ImportReport, batch: Sequence[SpooledRecord], decisions: Sequence[ImportDecision]
) -> None:
    for spooled, decision in zip(batch, decisions, strict=True):
        if decision.outcome == "refused":
            report.add_refusal(spooled.label, decision.person_id, decision.problems)
            continue
        report.count_outcome(decision.outcome)
        if decision.merged is not None:
            report.joined += 1
            fields = ", ".join(decision.preserved_edits)
            report.add_notice(spooled.label, import_message("joined", fields=fields))


def _record_audit_event(job: _ImportJob) -> None:
    """Record an import that changed something in the audit log, with its counts."""
    report = job.report
    if report.new or report.changed:
        counts = {"new": report.new, "changed": report.changed, "refused": report.refused}
        extra = {"brought": report.bundled_counts} if report.bundled_counts else {}
        details = {"published": job.publish, **counts, **extra}
        with job.database.write() as session:
            audit.record_for(session, job.actor, "imported", "file", job.file[:200], **details)
