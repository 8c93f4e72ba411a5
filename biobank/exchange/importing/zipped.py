"""Untrusted ZIP archives: access to their files, without decompression bombs."""

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from biobank.exchange.importing.said import UnreadableFile, say

#: Files of one archive; as many as there are people in a large bank.
FILES_MOST = 300_000
#: Largest expansion ratio of a file. XML of one person compresses to about a fifth; deflate reaches
#: a thousandth, which occurs in no genuine file.
RATIO_MOST = 200
#: Bytes up to which the ratio is not checked.
SMALL = 1_000_000
BLOCK = 65_536
#: Bytes of a piped archive, which is copied to disk.
PIPED_MOST = 2_000_000_000


@contextmanager
def opened(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """Open the archive in a seekable file.

    Raises:
        UnreadableFile: if it is not an archive, or its sizes are inconsistent.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(say("zip_broken")) from error
    with archive:
        _check(archive, file)
        yield archive


def files(archive: zipfile.ZipFile, ending: str) -> Iterator[zipfile.ZipInfo]:
    """Yield the files with this suffix in archive order, except hidden and system files."""
    for info in archive.infolist():
        name = info.filename.lower()
        hidden = name.startswith("__macosx/") or name.rpartition("/")[2].startswith(".")
        if name.endswith(ending) and not hidden:
            yield info


@contextmanager
def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """Open one file, which is decompressed while it is read.

    Raises:
        UnreadableFile: if it is encrypted, broken, or exceeds the expansion ratio.
    """
    if info.file_size > max(SMALL, info.compress_size * RATIO_MOST):
        raise UnreadableFile(say("zip_grows"))
    try:
        with archive.open(info) as file:
            yield file
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as error:
        raise UnreadableFile(say("zip_locked")) from error


def _check(archive: zipfile.ZipFile, file: IO[bytes]) -> None:
    infos = archive.infolist()
    if len(infos) > FILES_MOST:
        raise UnreadableFile(say("zip_files", most=FILES_MOST))
    size = file.seek(0, 2)
    if sum(info.compress_size for info in infos) > size:
        raise UnreadableFile(say("zip_overlaps"))


@contextmanager
def seekable(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """Yield the stream itself if it is seekable, else a copy."""
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        while block := stream.read(BLOCK):
            copy.write(block)
            if copy.tell() > PIPED_MOST:
                raise UnreadableFile(say("pipe_large"))
        copy.seek(0)
        yield copy
