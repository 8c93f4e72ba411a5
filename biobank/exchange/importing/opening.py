"""Decompression of imported files and pipes, within limits.

A decompression bomb is refused while it is read.
"""

import io
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, BinaryIO

from biobank.exchange.importing.said import UnreadableFile, say

CHUNK = 1 << 18
GZIP = b"\x1f\x8b"
#: Bytes of one decompressed file: a catalogue of five million people.
TOTAL_MOST = 20_000_000_000
#: Largest expansion ratio, checked from `GZIP_RATIO_CHECK_BYTES` bytes on: tables of people expand
#: 4 to 15 times, zeros a thousand times.
RATIO_MOST = 200
RATIO_FROM = 10_000_000
#: Bytes that are copied to disk for formats that are read more than once.
SPOOL_MOST = 4_000_000_000


def opened(stream: IO[bytes]) -> BinaryIO:
    """Return `stream` as plain bytes, decompressed if it has the gzip signature.

    Raises:
        UnreadableFile: while it is read, if it is broken or exceeds the limits.
    """
    chunks = _chunks(stream)
    first = next(chunks, b"")
    chunks = chain((first,), chunks)
    return io.BufferedReader(_Joined(_unpacked(chunks) if first[:2] == GZIP else chunks), CHUNK)


def spooled(stream: IO[bytes], most: int = SPOOL_MOST) -> IO[bytes]:
    """Copy `stream` to a temporary file that can be read again; the caller closes it.

    Raises:
        UnreadableFile: if it has more than `max_bytes` bytes.
    """
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - the caller's to close
    try:
        for chunk in _chunks(stream):
            if spool.tell() + len(chunk) > most:
                raise UnreadableFile(say("too_large", most=most))
            spool.write(chunk)
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool


class _Joined(io.RawIOBase):
    """A stream of chunks of bytes."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _unpacked(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the bytes of a gzip file of one or several members."""
    read = made = 0
    member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    for chunk in packed:
        read += len(chunk)
        while chunk:
            if member.eof:
                if not chunk.strip(b"\0"):
                    break  # padding after the last member
                member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            try:
                out = member.decompress(chunk, CHUNK)
            except zlib.error as error:
                raise UnreadableFile(say("gzip_broken")) from error
            made += len(out)
            _refuse_bomb(read, made)
            yield out
            chunk = member.unused_data if member.eof else member.unconsumed_tail
    if not member.eof:
        raise UnreadableFile(say("gzip_cut"))


def _refuse_bomb(read: int, made: int) -> None:
    if made > RATIO_FROM and made > read * RATIO_MOST:
        raise UnreadableFile(say("gzip_grows", times=RATIO_MOST))
    if made > TOTAL_MOST:
        raise UnreadableFile(say("unpacks_large", most=TOTAL_MOST))
