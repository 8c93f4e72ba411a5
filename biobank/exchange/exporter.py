"""Export: records as JSON Lines, the shape that import reads."""

import json
from collections.abc import Iterator
from typing import IO

from biobank.editorial.publishing import drafts
from biobank.exchange.importing.importer import Progress, silent
from biobank.records.people import queries
from biobank.records.people.mapping import Record
from biobank.store.session import Database


def export_jsonl(
    database: Database,
    out: IO[str],
    *,
    with_drafts: bool = False,
    progress: Progress = silent,
) -> int:
    """Writes every published person, a line each by id; returns how many.

    With `with_drafts`, the newest draft of a person stands instead of what is public.
    """
    written = 0
    for record in _records(database, with_drafts=with_drafts):
        out.write(line_of(record))
        written += 1
        if written % queries.CHUNK == 0:
            progress("exported", written, None)
    progress("exported", written, written)
    return written


def line_of(record: Record) -> str:
    """A record as the line that import reads."""
    return json.dumps(record, ensure_ascii=False) + "\n"


def _records(database: Database, *, with_drafts: bool) -> Iterator[Record]:
    with database.read() as session:
        newest = {record["id"]: record for record in drafts(session)} if with_drafts else {}
        for chunk in queries.walk(session):
            for person_id, record in chunk.items():
                yield newest.pop(person_id, record)
        yield from newest.values()
