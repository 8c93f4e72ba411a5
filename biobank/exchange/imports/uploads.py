"""The folder of uploaded files that wait to be imported: private, limited in number and time."""

import os
import re
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from biobank.common.files import create_private_folder
from biobank.errors import StoreUnavailable
from biobank.exchange.formats.eac.reader import read_eac_cpf
from biobank.exchange.formats.jsonl import read_jsonl
from biobank.exchange.formats.popolo import read_popolo
from biobank.exchange.formats.wikidata.people import read_wikidata
from biobank.exchange.imports.decompression import open_decompressed
from biobank.exchange.imports.items import ImportItem
from biobank.exchange.imports.mapping.converter import TABLE_READERS, read_mapped_table
from biobank.exchange.imports.mapping.rules import TableMapping
from biobank.exchange.imports.messages import UnreadableFile
from biobank.exchange.imports.place_resolver import PlaceResolver, load_resolver
from biobank.store.session import Database

#: Limit of waiting files; mappings are not counted.
MAX_UPLOADED_FILES: Final = 60
#: Days after which a file without a decision is removed.
UPLOAD_RETENTION_DAYS: Final = 14
#: Seconds after which a file that no run refers to is removed. A run is created right after its
#: file; if it does not exist by then, it failed or was deleted.
ORPHAN_GRACE_SECONDS: Final = 3_600
#: Names generated for files; no other name is accepted.
UPLOAD_NAME_PATTERN: Final = re.compile(r"[a-z0-9]{32}")
MAPPING_SUFFIX: Final = ".map"
SECONDS_PER_DAY: Final = 86_400


class UploadStore:
    """Store files under random names; paths never contain user input."""

    def __init__(self, folder: Path) -> None:
        """Create nothing yet; the first file creates the folder."""
        self.folder = folder

    def is_full(self) -> bool:
        return len(self._names()) >= MAX_UPLOADED_FILES

    def save(self, content: bytes, mapping: bytes | None) -> str:
        """Save a file, and its mapping if any; return its generated name.

        Raises:
            StoreUnavailable: if the folder cannot be written.
        """
        name = secrets.token_hex(16)
        try:
            create_private_folder(self.folder)
            _write(self.folder / name, content)
            if mapping is not None:
                _write(self.folder / (name + MAPPING_SUFFIX), mapping)
        except OSError as error:
            self.remove(name)
            raise StoreUnavailable("the folder of imports cannot be written", detail=error) from error
        return name

    def path(self, name: str) -> Path | None:
        """Return the path of a file; None if it does not exist or the name is invalid."""
        path = self.folder / name
        return path if UPLOAD_NAME_PATTERN.fullmatch(name) and path.is_file() else None

    def mapping(self, name: str) -> Path | None:
        """Return the path of a file's mapping; None if it has none."""
        path = self.folder / (name + MAPPING_SUFFIX)
        return path if UPLOAD_NAME_PATTERN.fullmatch(name) and path.is_file() else None

    def remove(self, name: str) -> None:
        """Remove a file and its mapping, if they exist."""
        if UPLOAD_NAME_PATTERN.fullmatch(name):
            for path in self._paths(name):
                path.unlink(missing_ok=True)

    def remove_expired(self, days: int = UPLOAD_RETENTION_DAYS) -> list[str]:
        """Remove files older than `days`; return their names."""
        return self._remove_older(self._names(), days * SECONDS_PER_DAY)

    def remove_orphans(self, referenced: Collection[str]) -> list[str]:
        """Remove files that are not in `referenced`, unless they are recent; return their names."""
        orphans = [name for name in self._names() if name not in referenced]
        return self._remove_older(orphans, ORPHAN_GRACE_SECONDS)

    def _remove_older(self, names: Collection[str], seconds: float) -> list[str]:
        since = time.time() - seconds
        expired = [name for name in names if self._modified_at(name) < since]
        for name in expired:
            self.remove(name)
        return expired

    def _modified_at(self, name: str) -> float:
        """Return the modification time; now, if another process has just removed the file."""
        for path in self._paths(name):
            with suppress(FileNotFoundError):
                return path.stat().st_mtime
        return time.time()

    def _paths(self, name: str) -> tuple[Path, Path]:
        """Return the paths of a file and its mapping, whether or not they exist."""
        return self.folder / name, self.folder / (name + MAPPING_SUFFIX)

    def _names(self) -> list[str]:
        """Return the names of all files, including mappings whose file is missing."""
        if not self.folder.is_dir():
            return []
        names = {path.name.removesuffix(MAPPING_SUFFIX) for path in self.folder.iterdir()}
        return sorted(name for name in names if UPLOAD_NAME_PATTERN.fullmatch(name))


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())


#: From the bytes of a file to one item a record; an error in one never affects the others.
ImportReader = Callable[[IO[bytes]], Iterator[ImportItem]]

#: Readers that need only the file.
STANDALONE_READERS: Mapping[str, ImportReader] = {"jsonl": read_jsonl, "eac-cpf": read_eac_cpf}
#: Readers that look up places and terms.
RESOLVING_READERS: Mapping[str, Callable[[IO[bytes], PlaceResolver], Iterator[ImportItem]]] = {
    "wikidata": read_wikidata,
    "popolo": read_popolo,
}
#: Formats by file extension; a trailing `.gz` is ignored.
FORMAT_BY_EXTENSION = {
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "csv": "csv",
    "tsv": "tsv",
    "tab": "tsv",
    "xlsx": "xlsx",
    "xml": "eac-cpf",
    "zip": "eac-cpf",
}
IMPORT_FORMATS = tuple(dict.fromkeys((*STANDALONE_READERS, *RESOLVING_READERS, *TABLE_READERS)))


def detect_format(file: str, mapping: TableMapping | None = None) -> str:
    """Return the format of a file by its mapping, else by its extension, else JSON Lines.

    Raises:
        UnreadableFile: if the extension is `json`, which several formats use.
    """
    extension = file.lower().removesuffix(".gz").rpartition(".")[2]
    if mapping and mapping.format:
        return mapping.format
    if extension == "json" and not mapping:
        raise UnreadableFile("format_open", file=file)
    return FORMAT_BY_EXTENSION.get(extension, "jsonl")


def get_reader(
    database: Database, file: str, format_: str | None = None, mapping: TableMapping | None = None
) -> ImportReader:
    """Return the reader for a file, which decompresses it where needed.

    Raises:
        UnreadableFile: if a table comes without a mapping, or another format with one; the reader
            itself raises it if the file is not of its format.
    """
    format_ = format_ or detect_format(file, mapping)
    if mapping is None and format_ in STANDALONE_READERS:
        read = STANDALONE_READERS[format_]
        return lambda stream: read(open_decompressed(stream))
    if mapping is None and format_ in TABLE_READERS:
        raise UnreadableFile("map_missing", file=file)
    if mapping is not None and format_ not in TABLE_READERS:
        raise UnreadableFile("map_unused", format=format_)
    with database.read() as session:
        resolver = load_resolver(session)
    if mapping is not None:
        return lambda stream: read_mapped_table(open_decompressed(stream), format_, mapping, resolver)
    read_resolved = RESOLVING_READERS[format_]
    return lambda stream: read_resolved(open_decompressed(stream), resolver)
