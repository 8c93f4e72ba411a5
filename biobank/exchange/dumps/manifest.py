"""What was dumped: of which moment, how much, and a hash of each file."""

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from biobank.exchange.linked.vocabularies import LICENCE, LICENCE_NAME

FILE = "manifest.json"
SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class DumpFile:
    """`statements` are RDF's; 0 where the file has records instead."""

    name: str
    media_type: str
    bytes: int
    sha256: str
    statements: int = 0


@dataclass(frozen=True)
class Manifest:
    """`made` is when the store was read; `mark` the newest change that it had then."""

    made: datetime
    mark: int
    base: str
    people: int
    files: tuple[DumpFile, ...]

    @property
    def triples(self) -> int:
        return max((file.statements for file in self.files), default=0)

    def file(self, name: str) -> DumpFile | None:
        return next((file for file in self.files if file.name == name), None)

    def as_dict(self) -> dict[str, Any]:
        return {
            "made": f"{self.made:%Y-%m-%dT%H:%M:%SZ}",
            "licence": LICENCE_NAME,
            "licence_url": LICENCE,
            "base": self.base,
            "people": self.people,
            "mark": self.mark,
            "files": [asdict(file) for file in self.files],
        }

    @property
    def sums(self) -> str:
        """As `sha256sum --check` reads them."""
        return "".join(f"{file.sha256}  {file.name}\n" for file in self.files)


def keep(manifest: Manifest, folder: Path) -> None:
    """Writes it beside the files, whole or not at all."""
    (folder / SUMS).write_text(manifest.sums, encoding="ascii")
    part = folder / f".{FILE}.part"
    text = json.dumps(manifest.as_dict(), indent=1, ensure_ascii=False) + "\n"
    part.write_text(text, encoding="utf-8")
    part.replace(folder / FILE)


def load(folder: Path) -> Manifest | None:
    """The manifest of a folder; none where there is none, or it is not one of ours."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        made = datetime.strptime(found["made"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        files = tuple(DumpFile(**file) for file in found["files"])
        return Manifest(made, found["mark"], found["base"], found["people"], files)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def sync(folder: Path) -> None:
    """Makes sure that what was renamed in a folder is there after a power cut."""
    # Windows opens no folders, and keeps renames by itself.
    with contextlib.suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
