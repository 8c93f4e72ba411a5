"""The backup file: a gzipped tar with a manifest of checksums at its end, encrypted on request.

Members in order: `backup.json` (what is in it), the database, the media files, `secret_key` where
requested, `manifest.json`. Everything is streamed; no member is held in memory.
"""

import gzip
import hashlib
import io
import json
import re
import tarfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

from biobank.errors import BackupRefused
from biobank.operations.encryption import MAGIC, DecryptingReader, EncryptingWriter, is_encrypted

FORMAT_VERSION = 1
DESCRIPTION_NAME, MANIFEST_NAME = "backup.json", "manifest.json"
DATABASE_NAMES = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}
SECRET_NAME = "secret_key"  # noqa: S105 - a file name
MEDIA_PREFIX = "media/"
#: Names as `records.media.storage` creates them: no other media file is saved or restored.
MEDIA_PATTERN = re.compile(r"media/([0-9a-f]{2})/(\1[0-9a-f]{62}-(?:\d{1,5}|square)\.webp)")
#: Bytes of a member that is read as a whole: description, manifest, secret key.
MAX_SMALL_BYTES = 64 * 1024 * 1024
COPY_BYTES = 1024 * 1024
#: Gzip level: the database compresses well at any level, pictures at none.
BACKUP_GZIP_LEVEL = 6


@dataclass(frozen=True)
class BackupDescription:
    """The contents of `backup.json`."""

    format: int
    biobank: str
    created_at: str
    database: str
    schema: str
    people: int
    has_secret: bool


@dataclass(frozen=True)
class BackupFile:
    """One member of a backup, with its size and checksum."""

    name: str
    bytes: int
    sha256: str


class ArchiveWriter:
    """Adds members to a backup and remembers their checksums."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: list[BackupFile] = []

    def add_bytes(self, name: str, content: bytes) -> None:
        self._add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> None:
        """Add the file `path`, which must not change meanwhile."""
        with path.open("rb") as source:
            self._add(name, source, path.stat().st_size)

    def add_manifest(self) -> None:
        manifest = {"files": [asdict(file) for file in self.files]}
        self.add_bytes(MANIFEST_NAME, json.dumps(manifest, indent=1).encode())

    def _add(self, name: str, source: IO[bytes], size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = size, 0o600, int(time.time())
        reader = HashingReader(source)
        self._tar.addfile(entry, cast("IO[bytes]", reader))
        self.files.append(BackupFile(name, size, reader.hexdigest()))


class HashingReader:
    """Reads a stream and computes the SHA-256 of what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._digest.update(data)
        self.size += len(data)
        return data

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


@contextmanager
def write_archive(target: IO[bytes], passphrase: str | None) -> Iterator[ArchiveWriter]:
    """Yield a writer of members to `target`; the manifest is added at the end."""
    encrypting = EncryptingWriter(target, passphrase) if passphrase is not None else None
    stream = cast("IO[bytes]", encrypting or target)
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=BACKUP_GZIP_LEVEL, fileobj=stream) as compressed,
        tarfile.open(mode="w|", fileobj=compressed) as tar,
    ):
        writer = ArchiveWriter(tar)
        yield writer
        writer.add_manifest()
    if encrypting:
        encrypting.finish()


def needs_passphrase(file: Path) -> bool:
    """Return whether a backup is encrypted."""
    with file.open("rb") as source:
        return is_encrypted(source.read(len(MAGIC)))


@contextmanager
def read_archive(file: Path, passphrase: str | None) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """Yield the members of a backup in order, as name and content.

    Raises:
        BackupRefused: not a backup, a wrong passphrase, or damaged.
    """
    with file.open("rb") as source:
        encrypted = is_encrypted(source.read(len(MAGIC)))
        source.seek(0)
        if encrypted and passphrase is None:
            raise BackupRefused("the backup is encrypted; give its passphrase")
        stream: Any = source
        if encrypted and passphrase is not None:
            stream = io.BufferedReader(DecryptingReader(source, passphrase), COPY_BYTES)
        try:
            with (
                gzip.GzipFile(fileobj=stream) as compressed,
                tarfile.open(mode="r|", fileobj=compressed) as tar,
            ):
                yield _members(tar)
                # Gzip's checksum is at its end.
                while compressed.read(COPY_BYTES):
                    pass
        except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, UnicodeDecodeError) as error:
            raise BackupRefused(f"{file} is no backup, or it is damaged", detail=error) from error


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None:
            raise BackupRefused(f"the backup has an unexpected entry {entry.name!r}")
        yield entry.name, content


@dataclass(frozen=True)
class VerifiedBackup:
    """A backup whose checksums all match."""

    description: BackupDescription
    files: dict[str, BackupFile]

    @property
    def size(self) -> int:
        """Return the bytes of all members."""
        return sum(file.bytes for file in self.files.values())


def verify_archive(file: Path, passphrase: str | None) -> VerifiedBackup:
    """Read a whole backup and compare every checksum.

    Raises:
        BackupRefused: not a backup, of another format, or damaged.
    """
    actual: dict[str, BackupFile] = {}
    description = manifest = None
    with read_archive(file, passphrase) as members:
        for name, content in members:
            if name in actual or manifest is not None or not _is_known(name):
                raise BackupRefused(f"the backup has an unexpected entry {name!r}")
            if name == MANIFEST_NAME:
                manifest = _read_json(name, content)
                continue
            reader = HashingReader(content)
            if name == DESCRIPTION_NAME:
                description = _parse_description(reader.read(MAX_SMALL_BYTES))
            while reader.read(COPY_BYTES):
                pass
            actual[name] = BackupFile(name, reader.size, reader.hexdigest())
    _compare(actual, manifest)
    if description is None or DATABASE_NAMES.get(description.database) not in actual:
        raise BackupRefused("the backup is incomplete: it has no database")
    return VerifiedBackup(description, actual)


def read_small(content: IO[bytes]) -> bytes:
    """Return a member that is held in memory."""
    data = content.read(MAX_SMALL_BYTES + 1)
    if len(data) > MAX_SMALL_BYTES:
        raise BackupRefused("an entry of the backup is too large")
    return data


def _is_known(name: str) -> bool:
    fixed = {DESCRIPTION_NAME, MANIFEST_NAME, SECRET_NAME, *DATABASE_NAMES.values()}
    return name in fixed or bool(MEDIA_PATTERN.fullmatch(name))


def _read_json(name: str, content: IO[bytes]) -> Any:
    try:
        return json.loads(read_small(content))
    except ValueError as error:
        raise BackupRefused(f"{name} of the backup is damaged") from error


def _parse_description(content: bytes) -> BackupDescription:
    try:
        values = json.loads(content)
        if values["format"] != FORMAT_VERSION:
            raise BackupRefused(
                f"the backup has format {values['format']!r}; this version of Biobank reads format "
                f"{FORMAT_VERSION}"
            )
        return BackupDescription(**{name: values[name] for name in BackupDescription.__annotations__})
    except (ValueError, KeyError, TypeError) as error:
        raise BackupRefused(f"{DESCRIPTION_NAME} of the backup is damaged") from error


def _compare(actual: dict[str, BackupFile], manifest: Any) -> None:
    """Compare checksums with the manifest, which is last: without it the file is incomplete."""
    if manifest is None:
        raise BackupRefused("the backup is incomplete: its manifest is missing")
    try:
        expected = {values["name"]: BackupFile(**values) for values in manifest["files"]}
    except (KeyError, TypeError) as error:
        raise BackupRefused(f"{MANIFEST_NAME} of the backup is damaged") from error
    different = sorted(
        name for name in expected.keys() | actual.keys() if expected.get(name) != actual.get(name)
    )
    if different:
        raise BackupRefused(f"the backup is damaged: the checksum of {different[0]} is wrong")
