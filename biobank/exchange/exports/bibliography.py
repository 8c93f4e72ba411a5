"""Export for reference managers: each person is an encyclopaedia entry.

The formats themselves are in `exchange/formats/citations/`.
"""

from collections.abc import Iterable, Iterator

from biobank.exchange.exports.export_context import ExportContext
from biobank.exchange.formats.citations import bibtex, ris
from biobank.exchange.formats.citations.formatting import biography_entries
from biobank.records.people.record import PersonRecord


def write_ris(records: Iterable[PersonRecord], context: ExportContext) -> Iterator[str]:
    """Write RIS, one entry per person."""
    return ris.write(biography_entries(records, context))


def write_bibtex(records: Iterable[PersonRecord], context: ExportContext) -> Iterator[str]:
    """Write BibTeX, one `@misc` per person: it requires no author, publisher or year."""
    return bibtex.write(biography_entries(records, context))
