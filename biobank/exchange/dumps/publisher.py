"""Publication of dumps: one folder per run, the latest is served."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy.orm import Session

from biobank.common.files import create_private_folder, fsync_folder
from biobank.common.progress import ProgressReporter, null_progress
from biobank.editorial.redaction.service import first_redaction_since
from biobank.errors import Busy
from biobank.exchange.dumps.files import (
    DUMP_FORMATS,
    CsvDumpWriter,
    DumpFileWriter,
    JsonLinesWriter,
    LinkedDataWriter,
    Manifest,
    load_manifest,
    save_manifest,
)
from biobank.exchange.exports.context import ExportContext
from biobank.exchange.formats.linked_data import description_queries
from biobank.exchange.formats.linked_data.description_queries import count_entities, describe_dataset
from biobank.exchange.formats.linked_data.entities import ReferencedEntities
from biobank.exchange.formats.linked_data.graph import Description, GraphNode, Uris
from biobank.exchange.formats.linked_data.people import describe_person
from biobank.exchange.formats.linked_data.reference_data import (
    RDF_VOCABULARY_TITLES,
    describe_country,
    describe_organisation,
    describe_place,
    describe_source,
    describe_term,
)
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS
from biobank.records.catalogue import Catalogue, load_catalogue
from biobank.records.countries import COUNTRY_CODES
from biobank.records.people import queries
from biobank.records.people.browse_queries import first_withdrawal_since
from biobank.records.sources import queries as sources
from biobank.records.sources.schemas import source_record
from biobank.store import outbox
from biobank.store.session import Database

#: People per chunk: about 60 KB each in the most verbose serialisation (measured, ADR 13).
DUMP_CHUNK_SIZE = 100


def write_dumps(
    database: Database,
    folder: Path,
    base_url: str,
    formats: Sequence[str] = DUMP_FORMATS,
    progress: ProgressReporter = null_progress,
) -> Manifest:
    """Write one file per format into the existing `folder`, and the manifest last.

    `base_url` is the public URL of the bank. All files are of one snapshot of the store.
    """
    created_at = datetime.now(UTC).replace(microsecond=0)
    uris = Uris(base_url)
    with database.read() as session, ExitStack() as open_files:
        latest_change = outbox.latest_id(session)
        catalogue = load_catalogue(session).public
        writers = [_make_writer(folder, format_, created_at, uris, catalogue) for format_ in formats]
        for writer in writers:
            open_files.enter_context(writer.open())
            writer.begin()
        _write_reference_data(session, catalogue, uris, writers, created_at)
        people = _write_people(session, catalogue, uris, writers, progress)
        for writer in writers:
            writer.end()
    manifest = Manifest(
        created_at, latest_change, base_url, people, tuple(writer.describe() for writer in writers)
    )
    save_manifest(manifest, folder)
    return manifest


def _make_writer(
    folder: Path, extension: str, created_at: datetime, uris: Uris, catalogue: Catalogue
) -> DumpFileWriter:
    mtime = int(created_at.timestamp())
    if extension == "jsonl":
        return JsonLinesWriter(folder, extension, mtime)
    if extension == "csv":
        context = ExportContext(catalogue, "en", uris.person, created_at.date())
        return CsvDumpWriter(folder, extension, mtime, context)
    return LinkedDataWriter(folder, SERIALIZATIONS[extension], mtime, uris)


def _write_reference_data(
    session: Session,
    catalogue: Catalogue,
    uris: Uris,
    writers: Sequence[DumpFileWriter],
    created_at: datetime,
) -> None:
    """Write the description of the bank, then everything that people refer to."""
    for description in _describe_reference_data(session, catalogue, uris, created_at):
        _write_nodes(writers, description)
    for chunk in sources.iter_chunks(session):
        nodes = [node for row in chunk for node in describe_source(row.id, source_record(row)["csl"], uris)]
        _write_nodes(writers, nodes)


def _describe_reference_data(
    session: Session, catalogue: Catalogue, uris: Uris, created_at: datetime
) -> Iterator[Description]:
    yield describe_dataset(count_entities(session, catalogue), uris, issued=created_at)
    for vocabulary in RDF_VOCABULARY_TITLES:
        yield description_queries.describe_scheme_by_id(session, vocabulary, catalogue, uris)
    for code in COUNTRY_CODES:
        yield describe_country(code, uris)
    collector = ReferencedEntities(catalogue, uris)
    for term in catalogue.terms.values():
        yield describe_term(term, collector)
    for place in catalogue.places.values():
        yield describe_place(place, collector)
    for organisation in catalogue.organisations.values():
        members = description_queries.member_refs(session, organisation["id"], uris)
        yield describe_organisation(organisation, members, collector)


def _write_people(
    session: Session,
    catalogue: Catalogue,
    uris: Uris,
    writers: Sequence[DumpFileWriter],
    progress: ProgressReporter,
) -> int:
    total, written = queries.count(session), 0
    for chunk in queries.iter_chunks(session, DUMP_CHUNK_SIZE):
        records = list(chunk.values())
        for writer in writers:
            writer.write_records(records)
        if any(isinstance(writer, LinkedDataWriter) for writer in writers):
            _write_nodes(writers, _describe(session, records, catalogue, uris))
        written += len(records)
        progress("dumped", written, total)
    return written


def _describe(
    session: Session, records: Sequence[description_queries.Record], catalogue: Catalogue, uris: Uris
) -> list[GraphNode]:
    """Describe people without repeating what they refer to: it is written before them."""
    related = description_queries.load_related(session, records, catalogue)
    collector = ReferencedEntities(catalogue, uris)
    return [node for record in records for node in describe_person(record, related[record["id"]], collector)]


def _write_nodes(writers: Sequence[DumpFileWriter], nodes: Sequence[GraphNode]) -> None:
    for writer in writers:
        writer.write_nodes(nodes)


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
    manifest = load_manifest(folder)
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
            return _first_removal(session, served[1]) is not None
        return outbox.latest_id(session) != served[1].mark


def renew(database: Database, dumps: Path, base: str, progress: ProgressReporter = null_progress) -> Manifest:
    """Create all dumps in a new folder, then serve it.

    The previous folder stays for downloads in progress, unless it holds withdrawn or redacted
    content. Older folders and incomplete ones are deleted.

    Raises:
        Busy: if another process is creating dumps.
    """
    create_private_folder(dumps)
    try:
        with FileLock(dumps / DUMP_LOCK_FILE, timeout=0):
            return _renew(database, dumps, base, progress)
    except Timeout as error:
        raise Busy("Another process is already creating dumps.") from error


def _renew(database: Database, dumps: Path, base: str, progress: ProgressReporter) -> Manifest:
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
    folder.rename(final_folder)
    _serve(dumps, name)
    with database.read() as session:
        keep_previous = previous and _first_removal(session, previous[1]) is None
    _delete_others(dumps, {name, previous[0].name if previous and keep_previous else ""})
    return manifest


def first_removal_in_dumps(database: Database, dumps: Path) -> datetime | None:
    """Return the time of the first withdrawal or redaction whose content the served dumps still hold."""
    served = current_dump(dumps)
    if served is None:
        return None
    with database.read() as session:
        return _first_removal(session, served[1])


def _first_removal(session: Session, manifest: Manifest) -> datetime | None:
    since = withdrawn_since = manifest.created_at
    if outbox.latest_id(session) == manifest.mark:
        # The time of dumps is in whole seconds; without a change since, who was withdrawn within that
        # second is not in them. A redaction changes nothing that is public.
        withdrawn_since += timedelta(seconds=1)
    removals = (first_withdrawal_since(session, withdrawn_since), first_redaction_since(session, since))
    return min((at for at in removals if at), default=None)


def _serve(dumps: Path, name: str) -> None:
    part = dumps / f".{CURRENT_DUMP_FILE}.part"
    part.write_text(name + "\n", encoding="ascii")
    part.replace(dumps / CURRENT_DUMP_FILE)
    fsync_folder(dumps)


def _delete_others(dumps: Path, retained_names: set[str]) -> None:
    for folder in dumps.iterdir():
        if folder.is_dir() and folder.name not in retained_names:
            shutil.rmtree(folder, ignore_errors=True)
