"""Decompression of imported files and pipes, within limits.

A decompression bomb is refused while it is read.
"""

import io
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, BinaryIO

from biobank.exchange.imports.messages import UnreadableFile, import_message

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
    chunks = _iter_chunks(stream)
    first = next(chunks, b"")
    chunks = chain((first,), chunks)
    return io.BufferedReader(
        _ChunkStream(_decompress(chunks) if first[:2] == GZIP_MAGIC else chunks), GZIP_CHUNK_BYTES
    )


def spool_to_disk(stream: IO[bytes], max_bytes: int = MAX_SPOOL_BYTES) -> IO[bytes]:
    """Copy `stream` to a temporary file that can be read again; the caller closes it.

    Raises:
        UnreadableFile: if it has more than `max_bytes` bytes.
    """
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - the caller's to close
    try:
        for chunk in _iter_chunks(stream):
            if spool.tell() + len(chunk) > max_bytes:
                raise UnreadableFile(import_message("too_large", most=max_bytes))
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


def _iter_chunks(stream: IO[bytes]) -> Iterator[bytes]:
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
                raise UnreadableFile(import_message("gzip_broken")) from error
            bytes_out += len(output)
            _check_ratio(bytes_in, bytes_out)
            yield output
            chunk = member.unused_data if member.eof else member.unconsumed_tail
    if not member.eof:
        raise UnreadableFile(import_message("gzip_cut"))


def _check_ratio(bytes_in: int, bytes_out: int) -> None:
    if bytes_out > GZIP_RATIO_CHECK_BYTES and bytes_out > bytes_in * MAX_GZIP_RATIO:
        raise UnreadableFile(import_message("gzip_grows", times=MAX_GZIP_RATIO))
    if bytes_out > MAX_GZIP_BYTES:
        raise UnreadableFile(import_message("unpacks_large", most=MAX_GZIP_BYTES))
