"""An answer for programs that keep references: each person is an article of an encyclopaedia.

What the two formats say of a work, and how, is in `exchange/citing/`.
"""

from collections.abc import Iterable, Iterator

from biobank.exchange.answers.edition import Edition
from biobank.exchange.citing import bibtex, ris
from biobank.exchange.citing.biography import entries
from biobank.records.people.mapping import Record


def write_ris(records: Iterable[Record], edition: Edition) -> Iterator[str]:
    """RIS, an entry a person."""
    return ris.write(entries(records, edition))


def write_bibtex(records: Iterable[Record], edition: Edition) -> Iterator[str]:
    """BibTeX, a `@misc` a person, which asks for no author, publisher or year."""
    return bibtex.write(entries(records, edition))
