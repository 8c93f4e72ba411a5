"""Registries of export formats, of people and of the audit log: add a module and an entry for a new one."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, Final

from biobank.accounts.models import AuditEvent
from biobank.common.clock import as_utc
from biobank.common.progress import ProgressReporter, null_progress
from biobank.editorial.revisions.bulk_save import iter_current_records
from biobank.exchange.exports.context import ExportContext
from biobank.exchange.formats.citations.biography import biography_entries
from biobank.exchange.formats.citations.item import CitationEntry
from biobank.exchange.formats.citations.reference_managers import write_bibtex, write_ris
from biobank.exchange.formats.csv import write_csv, write_rows
from biobank.exchange.formats.eac.writer import write_eac_archive
from biobank.exchange.formats.gedcom.writer import GEDCOM_MEDIA_TYPE, write_gedcom
from biobank.exchange.formats.jsonl import serialize_line, write_jsonl
from biobank.records.catalogue import Catalogue
from biobank.records.people import queries
from biobank.records.people.record import PersonRecord
from biobank.store.session import Database

RecordWriter = Callable[[Iterable[PersonRecord], ExportContext], Iterator[str] | Iterator[bytes]]


@dataclass(frozen=True)
class ExportFormat:
    """An export format.

    `extension` is the extension of files and URLs, and the name in APIs and commands unless `name` is
    given.
    """

    extension: str
    title: str
    media_type: str
    write: RecordWriter
    name: str = ""


def _bibliography(write: Callable[[Iterable[CitationEntry]], Iterator[str]]) -> RecordWriter:
    """Return a writer for reference managers: each person is an encyclopaedia entry."""
    return lambda records, context: write(biography_entries(records, context))


_EXPORT_FORMATS = (
    ExportFormat("csv", "CSV", "text/csv; charset=utf-8", write_csv),
    ExportFormat("jsonl", "JSON Lines", "application/x-ndjson", write_jsonl),
    ExportFormat("ris", "RIS", "application/x-research-info-systems", _bibliography(write_ris)),
    ExportFormat("bib", "BibTeX", "application/x-bibtex", _bibliography(write_bibtex)),
    ExportFormat("eac.zip", "EAC-CPF", "application/zip", write_eac_archive, "eac-cpf"),
    ExportFormat("ged", "GEDCOM 7", f"{GEDCOM_MEDIA_TYPE}; charset=utf-8", write_gedcom, "gedcom"),
)
#: Formats by name (APIs and commands) and by extension (files and URLs).
EXPORT_FORMATS = {format_.name or format_.extension: format_ for format_ in _EXPORT_FORMATS}
EXPORT_FORMATS_BY_EXTENSION = {format_.extension: format_ for format_ in _EXPORT_FORMATS}


def iter_people(database: Database, *, with_drafts: bool = False) -> Iterator[PersonRecord]:
    """Iterate over every published person by id, read in chunks.

    With `with_drafts`, a draft or a revision under review replaces the published record.
    """
    with database.read() as session:
        walk = iter_current_records(session) if with_drafts else queries.iter_chunks(session)
        for chunk in walk:
            yield from chunk.values()


def make_export_context(
    database: Database, catalogue: Catalogue, lang: str, base_url: str, export_date: date
) -> ExportContext:
    """Build the context of an export made outside a request, with public URLs."""
    return ExportContext(catalogue, lang, lambda id_: f"{base_url}/people/{id_}", export_date, database)


def export(
    records: Iterable[PersonRecord],
    format_: ExportFormat,
    context: ExportContext,
    out: IO[bytes],
    progress: ProgressReporter = null_progress,
) -> int:
    """Write `records` to `out` as they are read; return their number."""
    number = 0

    def counted() -> Iterator[PersonRecord]:
        nonlocal number
        for number, record in enumerate(records, 1):
            yield record
            if number % queries.CHUNK_PEOPLE == 0:
                progress("exported", number, None)

    for chunk in format_.write(counted(), context):
        out.write(chunk.encode() if isinstance(chunk, str) else chunk)
    progress("exported", number, number)
    return number


@dataclass(frozen=True)
class AuditFormat:
    """A format of the audit log, oldest event first."""

    media_type: str
    write: Callable[[Iterable[AuditEvent]], Iterator[str]]


AUDIT_COLUMNS = (
    *("id", "at", "what", "kind", "subject", "subject_id"),
    *("actor", "actor_id", "address", "detail", "hash", "chain_version", "salts", "digests"),
)


def event_fields(event: AuditEvent) -> dict[str, Any]:
    """Return the fields of one event; `at` is ISO 8601 in UTC."""
    values = {name: getattr(event, name) for name in AUDIT_COLUMNS}
    return {**values, "at": as_utc(event.at).isoformat()}


def _write_event_rows(events: Iterable[AuditEvent]) -> Iterator[str]:
    return write_rows(AUDIT_COLUMNS, map(_event_cells, events))


def _write_event_lines(events: Iterable[AuditEvent]) -> Iterator[str]:
    return map(serialize_line, map(event_fields, events))


def _event_cells(event: AuditEvent) -> Iterator[str | int]:
    """Yield the cells of one event; objects are JSON."""
    for value in event_fields(event).values():
        if isinstance(value, dict):
            yield json.dumps(value, ensure_ascii=False) if value else ""
        else:
            yield "" if value is None else value


AUDIT_FORMATS: Final[Mapping[str, AuditFormat]] = {
    "csv": AuditFormat("text/csv; charset=utf-8", _write_event_rows),
    "jsonl": AuditFormat("application/x-ndjson", _write_event_lines),
}
