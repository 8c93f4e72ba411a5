"""JSON objects as rows, so that a mapping reads them like a table."""

from collections.abc import Iterator
from contextlib import closing
from typing import IO

from biobank.exchange.imports.decompression import spool_to_disk
from biobank.exchange.imports.json_objects import iter_objects
from biobank.exchange.imports.tables.rows import ObjectRow, SourceRow, SourceTable


def json_table(stream: IO[bytes]) -> SourceTable:
    """Return the objects of a JSON Lines file or a JSON list as a table."""
    return SourceTable(None, _rows(stream))


def _rows(stream: IO[bytes]) -> Iterator[SourceRow]:
    with closing(spool_to_disk(stream)) as spool:
        for source_object in iter_objects(spool, frozenset()):
            yield ObjectRow(source_object.label, source_object.value, source_object.error)
