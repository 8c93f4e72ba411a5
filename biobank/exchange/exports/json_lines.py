"""JSON Lines export: the records themselves, in the format that import reads."""

import json
from collections.abc import Iterable, Iterator

from biobank.exchange.exports.export_context import ExportContext
from biobank.records.people.record import PersonRecord


def write(records: Iterable[PersonRecord], _context: ExportContext) -> Iterator[str]:
    """Write one line per person."""
    return map(serialize_line, records)


def serialize_line(record: PersonRecord) -> str:
    """Serialise a record as one line."""
    return json.dumps(record, ensure_ascii=False) + "\n"
