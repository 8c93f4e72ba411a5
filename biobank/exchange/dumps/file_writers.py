"""Writers of dump files; each receives the content a few people at a time."""

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

from biobank.exchange.dumps.gzip_file import GzipFile
from biobank.exchange.dumps.manifest import DumpFile
from biobank.exchange.exports import csv_table
from biobank.exchange.exports.export_context import ExportContext
from biobank.exchange.exports.json_lines import serialize_line
from biobank.exchange.formats.linked_data.graph import GraphNode
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS, Serialization
from biobank.exchange.formats.linked_data.uris import Uris
from biobank.exchange.formats.linked_data.vocabularies import LICENCE_URI

#: Record formats, then serialisations of linked data.
DUMP_FORMATS: Final = ("jsonl", "csv", *SERIALIZATIONS)
DUMP_MEDIA_TYPE: Final = "application/gzip"


class DumpFileWriter:
    """A dump file being written; `snapshot_text` is the time of the store snapshot, as text.

    Subclasses override the methods for the content that their format holds.
    """

    def __init__(self, folder: Path, extension: str, snapshot_text: str, mtime: int) -> None:
        self.name = f"biobank.{extension}.gz"
        self.statements = 0
        comment = f"Azerbaijani Biography Bank, as of {snapshot_text}; licence: {LICENCE_URI}"
        self.file = GzipFile(folder / self.name, f"biobank.{extension}", comment, mtime)

    def begin(self) -> None:
        """Write the content before all records or nodes."""

    def end(self) -> None:
        """Write the content after all records or nodes."""

    def write_records(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Write people as records; a no-op for linked data."""

    def write_nodes(self, nodes: Iterable[GraphNode]) -> None:
        """Write people and reference data as nodes; a no-op for record formats."""

    def finish(self) -> DumpFile:
        return DumpFile(
            self.name, DUMP_MEDIA_TYPE, self.file.bytes, self.file.sha256, self.statements
        )


class JsonLinesWriter(DumpFileWriter):
    """A writer of JSON Lines, in the format that import reads."""

    def write_records(self, records: Iterable[Mapping[str, Any]]) -> None:
        self.file.write("".join(serialize_line(dict(record)) for record in records))


class CsvDumpWriter(DumpFileWriter):
    """A writer of CSV, as in exports."""

    def __init__(
        self, folder: Path, extension: str, snapshot_text: str, mtime: int, context: ExportContext
    ) -> None:
        super().__init__(folder, extension, snapshot_text, mtime)
        self._context = context
        self._rows_to_skip = 0

    def begin(self) -> None:
        self.write_records(())
        self._rows_to_skip = 1

    def write_records(self, records: Iterable[Mapping[str, Any]]) -> None:
        rows = csv_table.write(map(dict, records), self._context)
        self.file.write("".join(islice(rows, self._rows_to_skip, None)))


class LinkedDataWriter(DumpFileWriter):
    """A writer of one serialisation of linked data."""

    def __init__(
        self, folder: Path, serialization: Serialization, snapshot_text: str, mtime: int, uris: Uris
    ) -> None:
        super().__init__(folder, serialization.extension, snapshot_text, mtime)
        self._serialization, self._prefixes = serialization, uris.prefixes
        self._separator = ""

    def begin(self) -> None:
        self.file.write(self._serialization.begin(self._prefixes))

    def write_nodes(self, nodes: Iterable[GraphNode]) -> None:
        batch = list(nodes)
        if batch:
            self.file.write(self._separator + self._serialization.body(batch, self._prefixes))
            self._separator = self._serialization.separator
            self.statements += sum(len(node.statements) for node in batch)

    def end(self) -> None:
        self.file.write(self._serialization.end)
