"""JSON Lines export: the records themselves, in the format that import reads."""

import json
from collections.abc import Iterable, Iterator

from biobank.exchange.answers.edition import Edition
from biobank.records.people.mapping import Record


def write(records: Iterable[Record], _edition: Edition) -> Iterator[str]:
    """Write one line per person."""
    return map(line_of, records)


def line_of(record: Record) -> str:
    """Serialise a record as one line."""
    return json.dumps(record, ensure_ascii=False) + "\n"
