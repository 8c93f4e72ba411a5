"""Imports at the desk: a file is uploaded, checked, reviewed, then stored as drafts or discarded.

Long-running work is done by `worker`, outside the web process; this module only queues it.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.errors import ImportRefused, NotFound
from biobank.exchange.importing.formats import FORMATS, READERS, format_of
from biobank.exchange.importing.mapping.items import TABLES
from biobank.exchange.importing.mapping.loading import read_mapping
from biobank.exchange.importing.mapping.rules import TableMapping
from biobank.exchange.importing.models import FILE_MOST, RUNNING, ImportLine, ImportRun
from biobank.exchange.importing.runs import held, open_run
from biobank.exchange.importing.said import UnreadableFile, say
from biobank.exchange.importing.uploads import Uploads
from biobank.records.fields import BREAK, CONTROL
from biobank.store import outbox
from biobank.store.session import Database

#: Bytes of an uploaded file: the limit of a request, minus the rest of the form.
BYTES_MOST: Final = 7_500_000
#: Format of the runs of the seed, which are never listed.
SEED_FORMAT: Final = "seed"
#: Actions on a run: the states they start from, and the state they lead to.
STEPS: Final[Mapping[str, tuple[Collection[str], str]]] = {
    "keep": (("waiting",), "to_keep"),
    "drop": (("waiting", "failed", "stopped"), "stopped"),
    "again": (("failed", "stopped"), "to_check"),
    "stop": (RUNNING, "stopped"),
}


@dataclass(frozen=True)
class Sent:
    """An uploaded file, and the mapping uploaded with it."""

    name: str
    content: bytes
    #: None if the format is derived from the name.
    format: str | None = None
    mapping_name: str = ""
    mapping: bytes | None = None


def take(database: Database, uploads: Uploads, who: Identity, sent: Sent) -> int:
    """Queue a file to be checked; return the id of its run.

    Raises:
        ImportRefused: if it is empty, too large, or too many are waiting; if the mapping or the
            format does not fit it.
    """
    require(who, Action.IMPORT)
    if not sent.content:
        raise ImportRefused("import_missing")
    if len(sent.content) > BYTES_MOST:
        raise ImportRefused("import_heavy")
    format_ = _format(sent)
    if uploads.is_full():
        raise ImportRefused("import_many")
    kept_as = uploads.keep(sent.content, sent.mapping)
    try:
        return open_run(
            database,
            who,
            file=_line(sent.name) or "file",
            state="to_check",
            format=format_,
            sha256=hashlib.sha256(sent.content).hexdigest(),
            mapping=_line(sent.mapping_name) if sent.mapping is not None else "",
            kept_as=kept_as,
            at_desk=True,
        )
    except BaseException:
        uploads.remove(kept_as)
        raise


def act(database: Database, uploads: Uploads, who: Identity, run_id: int, do: str) -> None:
    """Apply an action to a run: `keep` its records as drafts, `stop` it, `drop` its file, or run it
    `again`.

    Raises:
        NotFound: if there is no such run.
        ImportRefused: if its state does not allow the action, or its file is gone.
    """
    require(who, Action.IMPORT)
    was, state = STEPS.get(do, ((), ""))
    with database.write() as session:
        find(session, run_id)
        run = held(session, run_id, was)
        if run is None or not run.at_desk:
            raise ImportRefused("import_state")
        if state != "stopped" and not uploads.path(run.kept_as):
            raise ImportRefused("import_gone")
        run.state, run.trouble, run.step, run.done, run.total = state, "", "", 0, None
        if state == "stopped":
            run.ended_at = outbox.now()
        name = run.kept_as
        if do == "drop":
            run.kept_as = ""
        audit.note_about(session, who, f"import_{do}", "file", run.file, run=run_id)
    if do == "drop":
        uploads.remove(name)


def runs(
    database: Database, who: Identity, page: int, size: int
) -> tuple[Sequence[ImportRun], int]:
    """Return a page of all runs except those of the seed, newest first, and their number."""
    require(who, Action.IMPORT)
    listed = ImportRun.format != SEED_FORMAT
    query = select(ImportRun).where(listed).order_by(ImportRun.id.desc())
    with database.read() as session:
        total = session.scalar(select(func.count()).where(listed)) or 0
        return session.scalars(query.limit(size).offset((page - 1) * size)).all(), total


def run_of(database: Database, who: Identity, run_id: int) -> ImportRun:
    """Return one run.

    Raises:
        NotFound: if there is no such run.
    """
    require(who, Action.IMPORT)
    with database.read() as session:
        return find(session, run_id)


def before(database: Database, run: ImportRun) -> int:
    """Count the runs ahead of a run in the queue."""
    earlier = select(func.count()).where(
        ImportRun.at_desk, ImportRun.state.in_(RUNNING), ImportRun.id < run.id
    )
    with database.read() as session:
        return session.scalar(earlier) or 0


def lines(
    database: Database, who: Identity, run_id: int, kind: str, page: int, size: int
) -> tuple[Sequence[Mapping[str, Any]], int]:
    """Return a page of a report's lines of one kind, and the number of stored lines."""
    require(who, Action.IMPORT)
    mine = (ImportLine.run_id == run_id, ImportLine.kind == kind)
    query = select(ImportLine.told).where(*mine).order_by(ImportLine.id)
    with database.read() as session:
        total = session.scalar(select(func.count()).select_from(ImportLine).where(*mine)) or 0
        return session.scalars(query.limit(size).offset((page - 1) * size)).all(), total


def walk_lines(
    database: Database, who: Identity, run_id: int
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every line of a report with its kind, in the order of the file."""
    require(who, Action.IMPORT)
    query = select(ImportLine.kind, ImportLine.told).where(ImportLine.run_id == run_id)
    with database.read() as session:
        rows = session.execute(query.order_by(ImportLine.id).execution_options(yield_per=500))
        for row in rows:
            yield row.kind, row.told


def find(session: Session, run_id: int) -> ImportRun:
    run = session.get(ImportRun, run_id)
    if run is None:
        raise NotFound("There is no such import.")
    return run


def _format(sent: Sent) -> str:
    """Return the format of a file; parse its mapping to report errors early."""
    if sent.format is not None and sent.format not in FORMATS:
        raise ImportRefused("import_unreadable", say("format_unknown"))
    mapping = _mapping(sent)
    try:
        format_ = sent.format or format_of(sent.name, mapping)
    except UnreadableFile as error:
        raise ImportRefused("import_unreadable", error.said) from error
    if mapping is None and format_ in TABLES and format_ not in READERS:
        raise ImportRefused("import_no_mapping")
    if mapping is not None and format_ not in TABLES:
        raise ImportRefused("import_no_table")
    return format_


def _mapping(sent: Sent) -> TableMapping | None:
    if sent.mapping is None:
        return None
    try:
        return read_mapping(sent.mapping, _line(sent.mapping_name) or "mapping")
    except UnreadableFile as error:
        raise ImportRefused("import_bad_mapping", error.said) from error


def _line(name: str) -> str:
    """Return the name of a file without folders, line breaks and control characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return BREAK.sub(" ", CONTROL.sub("", last)).strip()[:FILE_MOST]
