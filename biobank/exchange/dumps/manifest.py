"""The manifest of a dump: its date, size and a hash of each file."""

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
    """A file of a dump; `statements` counts RDF statements and is 0 for record formats."""

    name: str
    media_type: str
    bytes: int
    sha256: str
    statements: int = 0


@dataclass(frozen=True)
class Manifest:
    """A manifest; `created_at` is when the store was read, `mark` the number of its last change."""

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
        """Return the checksums in the format that `sha256sum --check` reads."""
        return "".join(f"{file.sha256}  {file.name}\n" for file in self.files)


def keep(manifest: Manifest, folder: Path) -> None:
    """Write the manifest and checksums beside the files, atomically."""
    (folder / SUMS).write_text(manifest.sums, encoding="ascii")
    part = folder / f".{FILE}.part"
    text = json.dumps(manifest.as_dict(), indent=1, ensure_ascii=False) + "\n"
    part.write_text(text, encoding="utf-8")
    part.replace(folder / FILE)


def load(folder: Path) -> Manifest | None:
    """Read the manifest of a folder; None if it is missing or invalid."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        made = datetime.strptime(found["made"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        files = tuple(DumpFile(**file) for file in found["files"])
        return Manifest(made, found["mark"], found["base"], found["people"], files)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def sync(folder: Path) -> None:
    """Flush a folder to disk, so that renames in it survive a power cut."""
    # Windows cannot open folders, and flushes renames by itself.
    with contextlib.suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
