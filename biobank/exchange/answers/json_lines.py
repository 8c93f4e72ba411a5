"""JSON Lines: the records themselves, as import reads them."""

import json
from collections.abc import Iterable, Iterator

from biobank.exchange.answers.edition import Edition
from biobank.records.people.mapping import Record


def write(records: Iterable[Record], _edition: Edition) -> Iterator[str]:
    """A line a person."""
    return map(line_of, records)


def line_of(record: Record) -> str:
    """A record as the line that import reads."""
    return json.dumps(record, ensure_ascii=False) + "\n"
