"""Export of people to a file in any export format."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO

from biobank.editorial.revisions.bulk_save import iter_current_records
from biobank.exchange.exports.export_context import ExportContext
from biobank.exchange.exports.formats import ExportFormat
from biobank.exchange.imports.importer import ImportProgress, null_progress
from biobank.records.catalogue import Catalogue
from biobank.records.people import queries
from biobank.records.people.record import PersonRecord
from biobank.store.session import Database


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
    progress: ImportProgress = null_progress,
) -> int:
    """Write `records` to `out` as they are read; return their number."""
    counter = _RecordCounter(records, progress)
    for chunk in format_.write(counter, context):
        out.write(chunk.encode() if isinstance(chunk, str) else chunk)
    progress("exported", counter.number, counter.number)
    return counter.number


class _RecordCounter:
    """An iterable that counts records and reports progress."""

    def __init__(self, records: Iterable[PersonRecord], progress: ImportProgress) -> None:
        self.number = 0
        self._records = records
        self._progress = progress

    def __iter__(self) -> Iterator[PersonRecord]:
        for record in self._records:
            yield record
            self.number += 1
            if self.number % queries.CHUNK_PEOPLE == 0:
                self._progress("exported", self.number, None)
