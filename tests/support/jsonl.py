"""Imports of JSON lines written by a test."""

import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from biobank.accounts.identity import OPERATOR
from biobank.common.progress import ProgressReporter, null_progress
from biobank.exchange.formats.jsonl import read_jsonl
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.runs import ImportReport
from biobank.store.session import Database

#: A line as text or bytes, or a record to serialise.
Line = str | bytes | Mapping[str, Any]


def line(entry: Line) -> bytes:
    if isinstance(entry, bytes):
        return entry
    text = entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False)
    return text.encode("utf-8")


def stream(entries: Iterable[Line]) -> io.BytesIO:
    """Return a file of lines."""
    return io.BytesIO(b"".join(line(entry) + b"\n" for entry in entries))


def import_lines(
    database: Database,
    entries: Iterable[Line],
    *,
    file: str = "people.jsonl",
    publish: bool = True,
    dry_run: bool = False,
    progress: ProgressReporter = null_progress,
) -> ImportReport:
    return import_people(
        database,
        read_jsonl(stream(entries)),
        file=file,
        actor=OPERATOR,
        publish=publish,
        dry_run=dry_run,
        progress=progress,
    )


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """Return how many records were new, changed, unchanged and refused."""
    return report.new, report.changed, report.same, report.refused
