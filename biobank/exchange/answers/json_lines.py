"""JSON Lines: the records themselves, as `biobank export` writes them and import reads them."""

from collections.abc import Iterable, Iterator

from biobank.exchange.answers.edition import Edition
from biobank.exchange.exporter import line_of
from biobank.records.people.mapping import Record


def write(records: Iterable[Record], _edition: Edition) -> Iterator[str]:
    """A line a person."""
    return map(line_of, records)
