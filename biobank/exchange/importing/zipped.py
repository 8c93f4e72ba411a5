"""Archives of strangers: their files one by one, none that unpacks to far more than it is."""

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from biobank.exchange.importing.said import UnreadableFile, say

#: Files of one archive; as many as there are people in a large bank.
FILES_MOST = 300_000
#: How much larger a file may be than it is packed. XML of one person packs to a fifth or so;
#: deflate reaches a thousandth, which nobody writes.
RATIO_MOST = 200
#: Bytes below which a ratio says nothing.
SMALL = 1_000_000
BLOCK = 65_536
#: Bytes that come through a pipe and are kept while they are read.
PIPED_MOST = 2_000_000_000


@contextmanager
def opened(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """The archive in a file that one can go back in.

    Raises:
        UnreadableFile: where it is none, or would unpack to more than it can hold.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(say("zip_broken")) from error
    with archive:
        _check(archive, file)
        yield archive


def files(archive: zipfile.ZipFile, ending: str) -> Iterator[zipfile.ZipInfo]:
    """Its files with this ending, in its order; folders and what systems hide among them not."""
    for info in archive.infolist():
        name = info.filename.lower()
        hidden = name.startswith("__macosx/") or name.rpartition("/")[2].startswith(".")
        if name.endswith(ending) and not hidden:
            yield info


@contextmanager
def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """One file, unpacked while it is read.

    Raises:
        UnreadableFile: where it is locked, broken, or far larger than it is packed.
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
    """The stream itself where one can go back in it, else a copy."""
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
