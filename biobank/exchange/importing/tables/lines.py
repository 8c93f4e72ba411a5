"""Lines of a text file, decoded one by one within limits; an invalid one is reported alone."""

import codecs
import io
from collections.abc import Iterator
from typing import IO

from biobank.exchange.importing.reading import LINE_MOST, UTF_16
from biobank.exchange.importing.said import UnreadableFile, say
from biobank.exchange.importing.tables.rows import RowFault

#: Encodings of tables that are common in the region.
ENCODINGS = (
    "utf-8",
    "utf-16",
    "cp1251",
    "cp1252",
    "cp1254",
    "iso-8859-9",
    "koi8-r",
    "cp866",
)
UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
CHUNK = 1 << 16


class Lines(Iterator[str]):
    """An iterator of text lines with their line ends; `number` is that of the last line, from 1.

    A RowError is raised in place of a line that cannot be read; the next call continues.
    """

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self.number = 0
        head = stream.read(4)
        if head in UTF_32:
            raise UnreadableFile(say("utf_32"))
        if encoding == "utf-8" and head[:2] in UTF_16:
            encoding = "utf-16"
        self.encoding = encoding
        source = io.BufferedReader(_Headed(head, stream), CHUNK)
        self._stream = _recoded(source) if encoding == "utf-16" else source

    def __next__(self) -> str:
        line = self._stream.readline(LINE_MOST + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > LINE_MOST:
            while line and not line.endswith(b"\n"):
                line = self._stream.readline(LINE_MOST)
            raise RowFault(say("line_long", most=LINE_MOST))
        if self.number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if b"\0" in line:
            raise RowFault(say("nul"))
        return self._decoded(line)

    def _decoded(self, line: bytes) -> str:
        encoding = "utf-8" if self.encoding == "utf-16" else self.encoding
        try:
            return line.decode(encoding)
        except UnicodeDecodeError as error:
            at = error.start + 1
            if encoding == "utf-8":
                raise RowFault(say("table_not_utf_8", at=at)) from error
            raise RowFault(say("not_encoded", encoding=encoding.upper(), at=at)) from error


class _Headed(io.RawIOBase):
    """A stream that starts with bytes that were read already."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        chunk = self._head[: len(buffer)] or self._stream.read(len(buffer))
        self._head = self._head[len(chunk) :] if self._head else b""
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _Recoded(io.RawIOBase):
    """A transcoder from UTF-16 to UTF-8."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")()
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            chunk = self._stream.read(CHUNK)
            try:
                self._rest = self._decoder.decode(chunk, final=not chunk).encode("utf-8")
            except UnicodeError as error:
                raise UnreadableFile(say("utf_16_broken")) from error
            if not chunk and not self._rest:
                return 0
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def _recoded(stream: IO[bytes]) -> io.BufferedReader:
    return io.BufferedReader(_Recoded(stream), CHUNK)
