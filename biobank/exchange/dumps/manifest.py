"""The manifest of a dump: its date, size and a hash of each file."""

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from biobank.exchange.formats.linked_data.uris import LICENCE_NAME, LICENCE_URI

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


def save(manifest: Manifest, folder: Path) -> None:
    """Write the manifest and checksums beside the files, atomically."""
    (folder / CHECKSUMS_FILE).write_text(manifest.checksums, encoding="ascii")
    temporary = folder / f".{MANIFEST_FILE}.part"
    text = json.dumps(manifest.to_dict(), indent=1, ensure_ascii=False) + "\n"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(folder / MANIFEST_FILE)


def load(folder: Path) -> Manifest | None:
    """Read the manifest of a folder; None if it is missing or invalid."""
    try:
        data = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        created_at = datetime.strptime(data["made"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        files = tuple(DumpFile(**file) for file in data["files"])
        return Manifest(created_at, data["mark"], data["base"], data["people"], files)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def fsync_folder(folder: Path) -> None:
    """Flush a folder to disk, so that renames in it survive a power cut."""
    # Windows cannot open folders, and flushes renames by itself.
    with contextlib.suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
