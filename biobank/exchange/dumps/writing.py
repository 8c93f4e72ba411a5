"""Writer of dumps of the whole bank, in one pass over one snapshot of the store."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from biobank.exchange.answers.edition import Edition
from biobank.exchange.dumps.files import FORMATS, Graph, Lines, Table, Writing
from biobank.exchange.dumps.manifest import Manifest, keep
from biobank.exchange.importing.importer import Progress, silent
from biobank.exchange.linked import reading
from biobank.exchange.linked.bank import TITLE, count, describe_bank
from biobank.exchange.linked.forms import FORMS
from biobank.exchange.linked.graph import Description, Node
from biobank.exchange.linked.people import describe_person, moment
from biobank.exchange.linked.references import (
    SCHEMES,
    describe_country,
    describe_organisation,
    describe_place,
    describe_source,
    describe_term,
)
from biobank.exchange.linked.things import Named
from biobank.exchange.linked.uris import Uris
from biobank.records.catalogue import Catalogue, load_catalogue
from biobank.records.countries import COUNTRIES
from biobank.records.people import queries
from biobank.records.sources import queries as sources
from biobank.records.sources.schemas import source_record
from biobank.store import outbox
from biobank.store.session import Database

#: People per chunk: about 60 KB each in the most verbose serialisation (measured, ADR 13).
CHUNK = 100


def write_dumps(
    database: Database,
    folder: Path,
    base: str,
    formats: Sequence[str] = FORMATS,
    progress: Progress = silent,
) -> Manifest:
    """Write one file per format into the existing `folder`, and the manifest last.

    `base_url` is the public URL of the bank. All files are of one snapshot of the store.
    """
    made = datetime.now(UTC).replace(microsecond=0)
    uris = Uris(base)
    with database.read() as session, ExitStack() as open_files:
        mark = outbox.newest(session)
        catalogue = load_catalogue(session).public
        files = [_writing(folder, format_, made, uris, catalogue) for format_ in formats]
        for each in files:
            open_files.enter_context(each.file)
            each.begin()
        _write_reference(session, catalogue, uris, files, made)
        people = _write_people(session, catalogue, uris, files, progress)
        for each in files:
            each.end()
    manifest = Manifest(made, mark, base, people, tuple(each.done() for each in files))
    keep(manifest, folder)
    return manifest


def _writing(
    folder: Path, ending: str, made: datetime, uris: Uris, catalogue: Catalogue
) -> Writing:
    of, at = moment(made), int(made.timestamp())
    if ending == "jsonl":
        return Lines(folder, ending, of, at)
    if ending == "csv":
        edition = Edition(catalogue, "en", TITLE["en"], uris.person, made.date())
        return Table(folder, ending, of, at, edition)
    return Graph(folder, FORMS[ending], of, at, uris)


def _write_reference(
    session: Session,
    catalogue: Catalogue,
    uris: Uris,
    files: Sequence[Writing],
    made: datetime,
) -> None:
    """Write the description of the bank, then everything that people refer to."""
    for description in _reference(session, catalogue, uris, made):
        _nodes(files, description)
    for some in sources.walk(session):
        nodes = [
            node
            for row in some
            for node in describe_source(row.id, source_record(row)["csl"], uris)
        ]
        _nodes(files, nodes)


def _reference(
    session: Session, catalogue: Catalogue, uris: Uris, made: datetime
) -> Iterator[Description]:
    yield describe_bank(count(session, catalogue), uris, issued=made)
    for vocabulary in SCHEMES:
        yield reading.scheme(session, vocabulary, catalogue, uris)
    for code in COUNTRIES:
        yield describe_country(code, uris)
    named = Named(catalogue, uris)
    for term in catalogue.terms.values():
        yield describe_term(term, named)
    for place in catalogue.places.values():
        yield describe_place(place, named)
    for organisation in catalogue.organisations.values():
        members = reading.members_of(session, organisation["id"], uris)
        yield describe_organisation(organisation, members, named)


def _write_people(
    session: Session,
    catalogue: Catalogue,
    uris: Uris,
    files: Sequence[Writing],
    progress: Progress,
) -> int:
    total, written = queries.count(session), 0
    for chunk in queries.walk(session, CHUNK):
        records = list(chunk.values())
        for each in files:
            each.records(records)
        if any(isinstance(each, Graph) for each in files):
            _nodes(files, _describe(session, records, catalogue, uris))
        written += len(records)
        progress("dumped", written, total)
    return written


def _describe(
    session: Session, records: Sequence[reading.Record], catalogue: Catalogue, uris: Uris
) -> list[Node]:
    """Describe people without repeating what they refer to: it is written before them."""
    around = reading.arounds(session, records, catalogue)
    named = Named(catalogue, uris)
    return [
        node for record in records for node in describe_person(record, around[record["id"]], named)
    ]


def _nodes(files: Sequence[Writing], nodes: Sequence[Node]) -> None:
    for each in files:
        each.nodes(nodes)
