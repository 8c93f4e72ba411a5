"""Writers of dump files; each receives the content a few people at a time."""

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

from biobank.exchange.answers import csv_table
from biobank.exchange.answers.edition import Edition
from biobank.exchange.answers.json_lines import line_of
from biobank.exchange.dumps.gzip_file import GzipFile
from biobank.exchange.dumps.manifest import DumpFile
from biobank.exchange.linked.forms import FORMS, Form
from biobank.exchange.linked.graph import Node
from biobank.exchange.linked.uris import Uris
from biobank.exchange.linked.vocabularies import LICENCE

#: Record formats, then serialisations of linked data.
FORMATS: Final = ("jsonl", "csv", *FORMS)
MEDIA_TYPE: Final = "application/gzip"


class Writing:
    """A dump file being written; `snapshot_text` is the time of the store snapshot, as text.

    Subclasses override the methods for the content that their format holds.
    """

    def __init__(self, folder: Path, ending: str, of: str, at: int) -> None:
        self.name = f"biobank.{ending}.gz"
        self.statements = 0
        comment = f"Azerbaijani Biography Bank, as of {of}; licence: {LICENCE}"
        self.file = GzipFile(folder / self.name, f"biobank.{ending}", comment, at)

    def begin(self) -> None:
        """Write the content before all records or nodes."""

    def end(self) -> None:
        """Write the content after all records or nodes."""

    def records(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Write people as records; a no-op for linked data."""

    def nodes(self, nodes: Iterable[Node]) -> None:
        """Write people and reference data as nodes; a no-op for record formats."""

    def done(self) -> DumpFile:
        return DumpFile(self.name, MEDIA_TYPE, self.file.bytes, self.file.sha256, self.statements)


class Lines(Writing):
    """A writer of JSON Lines, in the format that import reads."""

    def records(self, records: Iterable[Mapping[str, Any]]) -> None:
        self.file.write("".join(line_of(dict(record)) for record in records))


class Table(Writing):
    """A writer of CSV, as in exports."""

    def __init__(self, folder: Path, ending: str, of: str, at: int, edition: Edition) -> None:
        super().__init__(folder, ending, of, at)
        self._edition = edition
        self._header = 0

    def begin(self) -> None:
        self.records(())
        self._header = 1

    def records(self, records: Iterable[Mapping[str, Any]]) -> None:
        rows = csv_table.write(map(dict, records), self._edition)
        self.file.write("".join(islice(rows, self._header, None)))


class Graph(Writing):
    """A writer of one serialisation of linked data."""

    def __init__(self, folder: Path, form: Form, of: str, at: int, uris: Uris) -> None:
        super().__init__(folder, form.ending, of, at)
        self._form, self._prefixes = form, uris.prefixes
        self._between = ""

    def begin(self) -> None:
        self.file.write(self._form.begin(self._prefixes))

    def nodes(self, nodes: Iterable[Node]) -> None:
        some = list(nodes)
        if some:
            self.file.write(self._between + self._form.body(some, self._prefixes))
            self._between = self._form.between
            self.statements += sum(len(node.statements) for node in some)

    def end(self) -> None:
        self.file.write(self._form.end)
