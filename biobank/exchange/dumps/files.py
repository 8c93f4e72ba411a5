"""The files of a dump and their manifest: its date, size and a hash of each file."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from gzip import GzipFile
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import Any, Final

from biobank.exchange.exports.context import ExportContext
from biobank.exchange.formats.csv import write_csv
from biobank.exchange.formats.jsonl import serialize_line
from biobank.exchange.formats.linked_data.graph import LICENCE_NAME, LICENCE_URI, GraphNode, Uris
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS, Serialization
from biobank.records.people.record import PersonRecord

MANIFEST_FILE = "manifest.json"
CHECKSUMS_FILE = "SHA256SUMS"


@dataclass(frozen=True)
class DumpFile:
    """A file of a dump; `statements` counts RDF statements and is 0 for record formats."""

    name: str
    media_type: str
    bytes: int
    sha256: str
    statements: int = 0


@dataclass(frozen=True)
class Manifest:
    """A manifest; `created_at` is when the store was read, `mark` the number of its last change."""

    created_at: datetime
    mark: int
    base_url: str
    people: int
    files: tuple[DumpFile, ...]

    @property
    def triple_count(self) -> int:
        return max((file.statements for file in self.files), default=0)

    def file(self, name: str) -> DumpFile | None:
        return next((file for file in self.files if file.name == name), None)

    def to_dict(self) -> dict[str, Any]:
        return {
            "made": f"{self.created_at:%Y-%m-%dT%H:%M:%SZ}",
            "licence": LICENCE_NAME,
            "licence_url": LICENCE_URI,
            "base": self.base_url,
            "people": self.people,
            "mark": self.mark,
            "files": [asdict(file) for file in self.files],
        }

    @property
    def checksums(self) -> str:
        """Return the checksums in the format that `sha256sum --check` reads."""
        return "".join(f"{file.sha256}  {file.name}\n" for file in self.files)


def save_manifest(manifest: Manifest, folder: Path) -> None:
    """Write the manifest and checksums beside the files, atomically."""
    (folder / CHECKSUMS_FILE).write_text(manifest.checksums, encoding="ascii")
    temporary = folder / f".{MANIFEST_FILE}.part"
    text = json.dumps(manifest.to_dict(), indent=1, ensure_ascii=False) + "\n"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(folder / MANIFEST_FILE)


def load_manifest(folder: Path) -> Manifest | None:
    """Read the manifest of a folder; None if it is missing or invalid."""
    try:
        data = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        created_at = datetime.strptime(data["made"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        files = tuple(DumpFile(**file) for file in data["files"])
        return Manifest(created_at, data["mark"], data["base"], data["people"], files)
    except (OSError, ValueError, KeyError, TypeError):
        return None


#: Record formats, then serialisations of linked data.
DUMP_FORMATS: Final = ("jsonl", "csv", *SERIALIZATIONS)
DUMP_MEDIA_TYPE: Final = "application/gzip"
#: zlib's default level: one level more takes half as long again to save two per cent.
GZIP_LEVEL: Final = 6


class DumpFileWriter:
    """A compressed dump file being written; `mtime` is when the store was read, in Unix seconds.

    Subclasses override the methods for the content that their format holds. The same content and
    `mtime` give the same bytes.
    """

    def __init__(self, folder: Path, extension: str, mtime: int) -> None:
        self.path = folder / f"biobank.{extension}.gz"
        self.statements = 0
        self._mtime = mtime
        self._gzip: GzipFile

    @contextmanager
    def open(self) -> Iterator[None]:
        with self.path.open("wb") as file:
            name = self.path.stem
            with GzipFile(name, "wb", GZIP_LEVEL, file, self._mtime) as self._gzip:
                yield
            # After a power cut, this dump or the previous one is complete.
            file.flush()
            os.fsync(file.fileno())

    def write(self, text: str) -> None:
        self._gzip.write(text.encode())

    def begin(self) -> None:
        """Write the content before all records or nodes."""

    def end(self) -> None:
        """Write the content after all records or nodes."""

    def write_records(self, records: Iterable[PersonRecord]) -> None:
        """Write people as records; a no-op for linked data."""

    def write_nodes(self, nodes: Iterable[GraphNode]) -> None:
        """Write people and reference data as nodes; a no-op for record formats."""

    def describe(self) -> DumpFile:
        with self.path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        size = self.path.stat().st_size
        return DumpFile(self.path.name, DUMP_MEDIA_TYPE, size, digest, self.statements)


class JsonLinesWriter(DumpFileWriter):
    """A writer of JSON Lines, in the format that import reads."""

    def write_records(self, records: Iterable[PersonRecord]) -> None:
        self.write("".join(serialize_line(record) for record in records))


class CsvDumpWriter(DumpFileWriter):
    """A writer of CSV, as in exports."""

    def __init__(self, folder: Path, extension: str, mtime: int, context: ExportContext) -> None:
        super().__init__(folder, extension, mtime)
        self._context = context
        self._rows_to_skip = 0

    def begin(self) -> None:
        self.write_records(())
        self._rows_to_skip = 1

    def write_records(self, records: Iterable[PersonRecord]) -> None:
        rows = write_csv(records, self._context)
        self.write("".join(islice(rows, self._rows_to_skip, None)))


class LinkedDataWriter(DumpFileWriter):
    """A writer of one serialisation of linked data."""

    def __init__(self, folder: Path, serialization: Serialization, mtime: int, uris: Uris) -> None:
        super().__init__(folder, serialization.extension, mtime)
        self._serialization, self._prefixes = serialization, uris.prefixes
        self._separator = ""

    def begin(self) -> None:
        self.write(self._serialization.begin(self._prefixes))

    def write_nodes(self, nodes: Iterable[GraphNode]) -> None:
        batch = list(nodes)
        if batch:
            self.write(self._separator + self._serialization.body(batch, self._prefixes))
            self._separator = self._serialization.separator
            self.statements += sum(len(node.statements) for node in batch)

    def end(self) -> None:
        self.write(self._serialization.end)
