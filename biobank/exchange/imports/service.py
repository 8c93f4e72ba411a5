"""Import runs of the desk: their steps and reports, and submission of their drafts for review."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.common.text import CONTROL_CHARS, LINE_BREAKS
from biobank.editorial.models import ReviewNote, Revision
from biobank.editorial.review.workflow import next_state
from biobank.editorial.revisions.latest_revisions import is_latest
from biobank.errors import ImportRefused, NotFound
from biobank.exchange.imports.mapping.converter import TABLE_READERS
from biobank.exchange.imports.mapping.rules import TableMapping
from biobank.exchange.imports.mapping.schema import parse_mapping
from biobank.exchange.imports.messages import UnreadableFile, import_message
from biobank.exchange.imports.models import MAX_RUN_FILENAME_CHARS, PENDING_STATES, ImportLine, ImportRun
from biobank.exchange.imports.runs import create_run, lock_run
from biobank.exchange.imports.uploads import IMPORT_FORMATS, STANDALONE_READERS, UploadStore, detect_format
from biobank.records.people.models import Person
from biobank.store.session import Database

#: Bytes of an uploaded file: the limit of a request, minus the rest of the form.
MAX_UPLOAD_BYTES: Final = 7_500_000
#: Format of the runs of the seed, which are never listed.
SEED_FORMAT: Final = "seed"
#: Actions on a run: the states they start from, and the state they lead to.
RUN_ACTIONS: Final[Mapping[str, tuple[Collection[str], str]]] = {
    "keep": (("waiting",), "to_keep"),
    "drop": (("waiting", "failed", "stopped"), "stopped"),
    "again": (("failed", "stopped"), "to_check"),
    "stop": (PENDING_STATES, "stopped"),
}


@dataclass(frozen=True)
class SubmittedFile:
    """An uploaded file, and the mapping uploaded with it."""

    name: str
    content: bytes
    #: None if the format is derived from the name.
    format: str | None = None
    mapping_name: str = ""
    mapping: bytes | None = None


def submit_file(database: Database, uploads: UploadStore, actor: Identity, submitted: SubmittedFile) -> int:
    """Queue a file to be checked; return the id of its run.

    Raises:
        ImportRefused: if it is empty, too large, or too many are waiting; if the mapping or the
            format does not fit it.
    """
    require(actor, Action.IMPORT)
    if not submitted.content:
        raise ImportRefused("import_missing")
    if len(submitted.content) > MAX_UPLOAD_BYTES:
        raise ImportRefused("import_heavy")
    format_ = _resolve_format(submitted)
    if uploads.is_full():
        raise ImportRefused("import_many")
    stored_name = uploads.save(submitted.content, submitted.mapping)
    try:
        return create_run(
            database,
            actor,
            file=_clean_filename(submitted.name) or "file",
            state="to_check",
            format=format_,
            sha256=hashlib.sha256(submitted.content).hexdigest(),
            mapping=_clean_filename(submitted.mapping_name) if submitted.mapping is not None else "",
            kept_as=stored_name,
            at_desk=True,
        )
    except BaseException:
        uploads.remove(stored_name)
        raise


def apply_run_action(
    database: Database, uploads: UploadStore, actor: Identity, run_id: int, action: str
) -> None:
    """Apply an action to a run: `keep` its records as drafts, `stop` it, `drop` its file, or run it
    `again`.

    Raises:
        NotFound: if there is no such run.
        ImportRefused: if its state does not allow the action, or its file is gone.
    """
    require(actor, Action.IMPORT)
    from_states, state = RUN_ACTIONS.get(action, ((), ""))
    with database.write() as session:
        load_run(session, run_id)
        run = lock_run(session, run_id, from_states)
        if run is None or not run.at_desk:
            raise ImportRefused("import_state")
        if state != "stopped" and not uploads.path(run.kept_as):
            raise ImportRefused("import_gone")
        run.state, run.trouble, run.step, run.done, run.total = state, "", "", 0, None
        if state == "stopped":
            run.ended_at = now()
        name = run.kept_as
        if action == "drop":
            run.kept_as = ""
        audit.record_for(session, actor, f"import_{action}", "file", run.file, run=run_id)
    if action == "drop":
        uploads.remove(name)


def list_runs(database: Database, actor: Identity, page: int, size: int) -> tuple[Sequence[ImportRun], int]:
    """Return a page of all runs except those of the seed, newest first, and their number."""
    require(actor, Action.IMPORT)
    visible = ImportRun.format != SEED_FORMAT
    query = select(ImportRun).where(visible).order_by(ImportRun.id.desc())
    with database.read() as session:
        total = session.scalar(select(func.count()).where(visible)) or 0
        return session.scalars(query.limit(size).offset((page - 1) * size)).all(), total


def get_run(database: Database, actor: Identity, run_id: int) -> ImportRun:
    """Return one run.

    Raises:
        NotFound: if there is no such run.
    """
    require(actor, Action.IMPORT)
    with database.read() as session:
        return load_run(session, run_id)


def count_runs_ahead(database: Database, run: ImportRun) -> int:
    query = select(func.count()).where(
        ImportRun.at_desk, ImportRun.state.in_(PENDING_STATES), ImportRun.id < run.id
    )
    with database.read() as session:
        return session.scalar(query) or 0


def list_report_lines(
    database: Database, actor: Identity, run_id: int, kind: str, page: int, size: int
) -> tuple[Sequence[Mapping[str, Any]], int]:
    """Return a page of a report's lines of one kind, and the number of stored lines."""
    require(actor, Action.IMPORT)
    conditions = (ImportLine.run_id == run_id, ImportLine.kind == kind)
    query = select(ImportLine.told).where(*conditions).order_by(ImportLine.id)
    with database.read() as session:
        total = session.scalar(select(func.count()).select_from(ImportLine).where(*conditions)) or 0
        return session.scalars(query.limit(size).offset((page - 1) * size)).all(), total


def iter_report_lines(
    database: Database, actor: Identity, run_id: int
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every line of a report with its kind, in the order of the file."""
    require(actor, Action.IMPORT)
    query = select(ImportLine.kind, ImportLine.told).where(ImportLine.run_id == run_id)
    with database.read() as session:
        rows = session.execute(query.order_by(ImportLine.id).execution_options(yield_per=500))
        for row in rows:
            yield row.kind, row.told


def load_run(session: Session, run_id: int) -> ImportRun:
    run = session.get(ImportRun, run_id)
    if run is None:
        raise NotFound("Import not found.")
    return run


def _resolve_format(submitted: SubmittedFile) -> str:
    """Return the format of a file; parse its mapping to report errors early."""
    if submitted.format is not None and submitted.format not in IMPORT_FORMATS:
        raise ImportRefused("import_unreadable", import_message("format_unknown"))
    mapping = _parse_mapping(submitted)
    try:
        format_ = submitted.format or detect_format(submitted.name, mapping)
    except UnreadableFile as error:
        raise ImportRefused("import_unreadable", error.reason) from error
    if mapping is None and format_ in TABLE_READERS and format_ not in STANDALONE_READERS:
        raise ImportRefused("import_no_mapping")
    if mapping is not None and format_ not in TABLE_READERS:
        raise ImportRefused("import_no_table")
    return format_


def _parse_mapping(submitted: SubmittedFile) -> TableMapping | None:
    if submitted.mapping is None:
        return None
    try:
        return parse_mapping(submitted.mapping, _clean_filename(submitted.mapping_name) or "mapping")
    except UnreadableFile as error:
        raise ImportRefused("import_bad_mapping", error.reason) from error


def _clean_filename(name: str) -> str:
    """Return the name of a file without folders, line breaks and control characters."""
    basename = name.replace("\\", "/").rpartition("/")[2]
    return LINE_BREAKS.sub(" ", CONTROL_CHARS.sub("", basename)).strip()[:MAX_RUN_FILENAME_CHARS]


#: Limit of drafts submitted by one request.
MAX_SUBMITTED_DRAFTS: Final = 1_000


@dataclass(frozen=True)
class DraftCounts:
    """Numbers of people of a run by what has happened to their drafts."""

    #: Unchanged since the run.
    drafts: int = 0
    #: In review, public or withdrawn.
    handed_in: int = 0
    #: Edited or imported again since; their drafts no longer belong to this run.
    written_on: int = 0


def count_drafts(database: Database, run_id: int) -> DraftCounts:
    """Count the people of a run by what has happened to their drafts."""
    person_ids = select(Revision.person_id).where(Revision.import_run == run_id)
    query = (
        select(Revision.import_run, Revision.state, func.count())
        .where(Revision.person_id.in_(person_ids), is_latest())
        .group_by(Revision.import_run, Revision.state)
    )
    counts = {"drafts": 0, "handed_in": 0, "written_on": 0}
    with database.read() as session:
        for run, state, count in session.execute(query):
            draft_key = "drafts" if run == run_id else "written_on"
            counts[draft_key if state == "draft" else "handed_in"] += count
    return DraftCounts(**counts)


def submit_drafts(database: Database, actor: Identity, run_id: int) -> int:
    """Submit the unchanged drafts of a run, at most MAX_SUBMITTED_DRAFTS; return their number.

    Raises:
        NotFound: if there is no such run.
    """
    require(actor, Action.IMPORT)
    require(actor, Action.SUBMIT_PEOPLE)
    timestamp = now()
    with database.write() as session:
        run = load_run(session, run_id)
        ids = _lock_drafts(session, run_id)
        if not ids:
            return 0
        selected = update(Revision).where(Revision.id.in_(ids))
        session.execute(selected.values(state=next_state("draft", "submit")))
        note = {"kind": "submitted", "author": actor.name, "author_id": actor.user_id, "at": timestamp}
        session.execute(insert(ReviewNote), [{**note, "revision_id": id_} for id_ in ids])
        audit.record_for(session, actor, "import_handed_in", "file", run.file, people=len(ids))
    return len(ids)


def _lock_drafts(session: Session, run_id: int) -> list[int]:
    """Lock the people of the drafts to submit, and return the revision ids of the drafts.

    The drafts are queried again under the lock: those saved or submitted in the meantime must be
    neither annotated nor counted.
    """
    drafts = _draft_query(run_id, Revision.person_id).order_by(Revision.id)
    people = list(session.scalars(drafts.limit(MAX_SUBMITTED_DRAFTS)))
    lock_query = select(Person.id).where(Person.id.in_(people)).order_by(Person.id)
    session.execute(lock_query.with_for_update(key_share=True)).all()
    remaining = _draft_query(run_id, Revision.id).where(Revision.person_id.in_(people))
    return list(session.scalars(remaining.order_by(Revision.id)))


def _draft_query(run_id: int, column: Any) -> Select[Any]:
    """Select a column of the latest revisions that are drafts of the run."""
    return select(column).where(Revision.import_run == run_id, Revision.state == "draft", is_latest())
