"""Decompression of imported files and pipes, within limits.

A decompression bomb is refused while it is read.
"""

import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import IO, BinaryIO

from biobank.exchange.imports.messages import UnreadableFile

GZIP_CHUNK_BYTES = 1 << 18
GZIP_MAGIC = b"\x1f\x8b"
#: Bytes of one decompressed file: a catalogue of five million people.
MAX_GZIP_BYTES = 20_000_000_000
#: Largest expansion ratio, checked from `GZIP_RATIO_CHECK_BYTES` bytes on: tables of people expand
#: 4 to 15 times, zeros a thousand times.
MAX_GZIP_RATIO = 200
GZIP_RATIO_CHECK_BYTES = 10_000_000
#: Bytes that are copied to disk for formats that are read more than once.
MAX_SPOOL_BYTES = 4_000_000_000


def open_decompressed(stream: IO[bytes]) -> BinaryIO:
    """Return `stream` as plain bytes, decompressed if it has the gzip signature.

    Raises:
        UnreadableFile: while it is read, if it is broken or exceeds the limits.
    """
    chunks = iter_chunks(stream)
    first = next(chunks, b"")
    chunks = chain((first,), chunks)
    return as_stream(_decompress(chunks) if first[:2] == GZIP_MAGIC else chunks)


def spool_to_disk(
    stream: IO[bytes], max_bytes: int = MAX_SPOOL_BYTES, refusal: str = "too_large"
) -> IO[bytes]:
    """Copy `stream` to a temporary file that can be read again; the caller closes it.

    Raises:
        UnreadableFile: with the code `refusal`, if it has more than `max_bytes` bytes.
    """
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - the caller's to close
    try:
        for chunk in iter_chunks(stream):
            if spool.tell() + len(chunk) > max_bytes:
                raise UnreadableFile(refusal, most=max_bytes)
            spool.write(chunk)
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool


class _ChunkStream(io.RawIOBase):
    """A stream of chunks of bytes."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._buffered = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._buffered:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._buffered = memoryview(chunk)
        size = min(len(buffer), len(self._buffered))
        buffer[:size] = self._buffered[:size]
        self._buffered = self._buffered[size:]
        return size


def as_stream(chunks: Iterable[bytes]) -> BinaryIO:
    return io.BufferedReader(_ChunkStream(chunks), GZIP_CHUNK_BYTES)


def iter_chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(GZIP_CHUNK_BYTES):
        yield chunk


def _decompress(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the bytes of a gzip file of one or several members."""
    bytes_in = bytes_out = 0
    member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    for chunk in packed:
        bytes_in += len(chunk)
        while chunk:
            if member.eof:
                if not chunk.strip(b"\0"):
                    break  # padding after the last member
                member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            try:
                output = member.decompress(chunk, GZIP_CHUNK_BYTES)
            except zlib.error as error:
                raise UnreadableFile("gzip_broken") from error
            bytes_out += len(output)
            _check_ratio(bytes_in, bytes_out)
            yield output
            chunk = member.unused_data if member.eof else member.unconsumed_tail
    if not member.eof:
        raise UnreadableFile("gzip_cut")


def _check_ratio(bytes_in: int, bytes_out: int) -> None:
    if bytes_out > GZIP_RATIO_CHECK_BYTES and bytes_out > bytes_in * MAX_GZIP_RATIO:
        raise UnreadableFile("gzip_grows", times=MAX_GZIP_RATIO)
    if bytes_out > MAX_GZIP_BYTES:
        raise UnreadableFile("unpacks_large", most=MAX_GZIP_BYTES)


#: Files of one archive; as many as there are people in a large bank.
MAX_ARCHIVE_FILES = 300_000
#: Largest expansion ratio of a file. XML of one person compresses to about a fifth; deflate reaches
#: a thousandth, which occurs in no genuine file.
MAX_ARCHIVE_RATIO = 200
#: Bytes up to which the ratio is not checked.
ARCHIVE_RATIO_CHECK_BYTES = 1_000_000
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
        raise UnreadableFile("zip_broken") from error
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
        raise UnreadableFile("zip_grows")
    try:
        with archive.open(info) as file:
            yield file
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as error:
        raise UnreadableFile("zip_locked") from error


def _check_archive(archive: zipfile.ZipFile, file: IO[bytes]) -> None:
    infos = archive.infolist()
    if len(infos) > MAX_ARCHIVE_FILES:
        raise UnreadableFile("zip_files", most=MAX_ARCHIVE_FILES)
    size = file.seek(0, 2)
    if sum(info.compress_size for info in infos) > size:
        raise UnreadableFile("zip_overlaps")


@contextmanager
def ensure_seekable(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """Yield the stream itself if it is seekable, else a copy."""
    if stream.seekable():
        yield stream
    else:
        with spool_to_disk(stream, MAX_PIPED_BYTES, "pipe_large") as copy:
            yield copy
