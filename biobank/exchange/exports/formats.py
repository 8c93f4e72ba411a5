"""Registry of export formats; add a module and an entry here for a new one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from biobank.exchange.exports import bibliography, eac_archive, gedcom
from biobank.exchange.exports.export_context import ExportContext
from biobank.exchange.formats.csv.writer import write_csv
from biobank.exchange.formats.jsonl import write_jsonl
from biobank.records.people.record import PersonRecord


@dataclass(frozen=True)
class ExportFormat:
    """An export format.

    `ending` is the extension of files and URLs, and the name in APIs and commands unless `name` is
    given.
    """

    extension: str
    title: str
    media_type: str
    write: Callable[[Iterable[PersonRecord], ExportContext], Iterator[str] | Iterator[bytes]]
    name: str = ""


_EXPORT_FORMATS = (
    ExportFormat("csv", "CSV", "text/csv; charset=utf-8", write_csv),
    ExportFormat("jsonl", "JSON Lines", "application/x-ndjson", write_jsonl),
    ExportFormat("ris", "RIS", "application/x-research-info-systems", bibliography.write_ris),
    ExportFormat("bib", "BibTeX", "application/x-bibtex", bibliography.write_bibtex),
    ExportFormat("eac.zip", "EAC-CPF", "application/zip", eac_archive.write, "eac-cpf"),
    ExportFormat("ged", "GEDCOM 7", f"{gedcom.GEDCOM_MEDIA_TYPE}; charset=utf-8", gedcom.write, "gedcom"),
)
#: Formats by name (APIs and commands) and by extension (files and URLs).
EXPORT_FORMATS = {format_.name or format_.extension: format_ for format_ in _EXPORT_FORMATS}
EXPORT_FORMATS_BY_EXTENSION = {format_.extension: format_ for format_ in _EXPORT_FORMATS}
