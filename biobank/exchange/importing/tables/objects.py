"""JSON objects as rows, so that a mapping reads them like a table."""

from collections.abc import Iterator
from contextlib import closing
from typing import IO

from biobank.exchange.importing.json_parts import parts
from biobank.exchange.importing.opening import spooled
from biobank.exchange.importing.tables.rows import ObjectRow, Row, Table


def objects(stream: IO[bytes]) -> Table:
    """Return the objects of a JSON Lines file or a JSON list as a table."""
    return Table(None, _rows(stream))


def _rows(stream: IO[bytes]) -> Iterator[Row]:
    with closing(spooled(stream)) as spool:
        for part in parts(spool, frozenset()):
            yield ObjectRow(part.label, part.value, part.fault)
