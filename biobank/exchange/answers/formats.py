"""Registry of export formats; add a module and an entry here for a new one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from biobank.exchange.answers import csv_table, eac_cpf, gedcom, json_lines, references
from biobank.exchange.answers.edition import Edition
from biobank.records.people.mapping import Record


@dataclass(frozen=True)
class Format:
    """An export format.

    `ending` is the extension of files and URLs, and the name in APIs and commands unless `name` is
    given.
    """

    ending: str
    title: str
    media_type: str
    write: Callable[[Iterable[Record], Edition], Iterator[str] | Iterator[bytes]]
    name: str = ""


_ALL = (
    Format("csv", "CSV", "text/csv; charset=utf-8", csv_table.write),
    Format("jsonl", "JSON Lines", "application/x-ndjson", json_lines.write),
    Format("ris", "RIS", "application/x-research-info-systems", references.write_ris),
    Format("bib", "BibTeX", "application/x-bibtex", references.write_bibtex),
    Format("eac.zip", "EAC-CPF", "application/zip", eac_cpf.write, "eac-cpf"),
    Format("ged", "GEDCOM 7", f"{gedcom.MEDIA_TYPE}; charset=utf-8", gedcom.write, "gedcom"),
)
#: Formats by name (APIs and commands) and by extension (files and URLs).
FORMATS = {format_.name or format_.ending: format_ for format_ in _ALL}
BY_ENDING = {format_.ending: format_ for format_ in _ALL}
