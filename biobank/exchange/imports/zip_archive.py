"""Untrusted ZIP archives: access to their files, without decompression bombs."""

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from biobank.exchange.imports.messages import UnreadableFile, import_message

#: Files of one archive; as many as there are people in a large bank.
MAX_ARCHIVE_FILES = 300_000
#: Largest expansion ratio of a file. XML of one person compresses to about a fifth; deflate reaches
#: a thousandth, which occurs in no genuine file.
MAX_ARCHIVE_RATIO = 200
#: Bytes up to which the ratio is not checked.
ARCHIVE_RATIO_CHECK_BYTES = 1_000_000
ARCHIVE_CHUNK_BYTES = 65_536
#: Bytes of a piped archive, which is copied to disk.
MAX_PIPED_BYTES = 2_000_000_000


@contextmanager
def open_archive(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """Open the archive in a seekable file.

    Raises:
        UnreadableFile: if it is not an archive, or its sizes are inconsistent.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(import_message("zip_broken")) from error
    with archive:
        _check_archive(archive, file)
        yield archive


def iter_members(archive: zipfile.ZipFile, suffix: str) -> Iterator[zipfile.ZipInfo]:
    """Yield the files with this suffix in archive order, except hidden and system files."""
    for info in archive.infolist():
        name = info.filename.lower()
        hidden = name.startswith("__macosx/") or name.rpartition("/")[2].startswith(".")
        if name.endswith(suffix) and not hidden:
            yield info


@contextmanager
def open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """Open one file, which is decompressed while it is read.

    Raises:
        UnreadableFile: if it is encrypted, broken, or exceeds the expansion ratio.
    """
    if info.file_size > max(ARCHIVE_RATIO_CHECK_BYTES, info.compress_size * MAX_ARCHIVE_RATIO):
        raise UnreadableFile(import_message("zip_grows"))
    try:
        with archive.open(info) as file:
            yield file
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as error:
        raise UnreadableFile(import_message("zip_locked")) from error


def _check_archive(archive: zipfile.ZipFile, file: IO[bytes]) -> None:
    infos = archive.infolist()
    if len(infos) > MAX_ARCHIVE_FILES:
        raise UnreadableFile(import_message("zip_files", most=MAX_ARCHIVE_FILES))
    size = file.seek(0, 2)
    if sum(info.compress_size for info in infos) > size:
        raise UnreadableFile(import_message("zip_overlaps"))


@contextmanager
def ensure_seekable(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """Yield the stream itself if it is seekable, else a copy."""
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        while chunk := stream.read(ARCHIVE_CHUNK_BYTES):
            copy.write(chunk)
            if copy.tell() > MAX_PIPED_BYTES:
                raise UnreadableFile(import_message("pipe_large"))
        copy.seek(0)
        yield copy
