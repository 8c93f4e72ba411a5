"""Export for reference managers: each person is an encyclopaedia entry.

The formats themselves are in `exchange/formats/citations/`.
"""

from collections.abc import Iterable, Iterator

from biobank.exchange.answers.edition import Edition
from biobank.exchange.citing import bibtex, ris
from biobank.exchange.citing.biography import entries
from biobank.records.people.mapping import Record


def write_ris(records: Iterable[Record], edition: Edition) -> Iterator[str]:
    """Write RIS, one entry per person."""
    return ris.write(entries(records, edition))


def write_bibtex(records: Iterable[Record], edition: Edition) -> Iterator[str]:
    """Write BibTeX, one `@misc` per person: it requires no author, publisher or year."""
    return bibtex.write(entries(records, edition))
