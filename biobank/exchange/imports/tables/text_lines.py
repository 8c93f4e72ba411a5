"""Lines of a text file, decoded one by one within limits; an invalid one is reported alone."""

import codecs
import io
from collections.abc import Iterator
from typing import IO

from biobank.exchange.imports.items import MAX_LINE_BYTES, UTF_16_BOMS
from biobank.exchange.imports.messages import UnreadableFile, import_message
from biobank.exchange.imports.tables.rows import RowError

#: Encodings of tables that are common in the region.
TABLE_ENCODINGS = (
    "utf-8",
    "utf-16",
    "cp1251",
    "cp1252",
    "cp1254",
    "iso-8859-9",
    "koi8-r",
    "cp866",
)
UTF_32_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
TEXT_CHUNK_BYTES = 1 << 16


class TextLineReader(Iterator[str]):
    """An iterator of text lines with their line ends; `number` is that of the last line, from 1.

    A RowError is raised in place of a line that cannot be read; the next call continues.
    """

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self.number = 0
        prefix = stream.read(4)
        if prefix in UTF_32_BOMS:
            raise UnreadableFile(import_message("utf_32"))
        if encoding == "utf-8" and prefix[:2] in UTF_16_BOMS:
            encoding = "utf-16"
        self.encoding = encoding
        source = io.BufferedReader(_PrefixedStream(prefix, stream), TEXT_CHUNK_BYTES)
        self._stream = _transcode_utf16(source) if encoding == "utf-16" else source

    def __next__(self) -> str:
        line = self._stream.readline(MAX_LINE_BYTES + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > MAX_LINE_BYTES:
            while line and not line.endswith(b"\n"):
                line = self._stream.readline(MAX_LINE_BYTES)
            raise RowError(import_message("line_long", most=MAX_LINE_BYTES))
        if self.number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if b"\0" in line:
            raise RowError(import_message("nul"))
        return self._decode(line)

    def _decode(self, line: bytes) -> str:
        encoding = "utf-8" if self.encoding == "utf-16" else self.encoding
        try:
            return line.decode(encoding)
        except UnicodeDecodeError as error:
            position = error.start + 1
            if encoding == "utf-8":
                raise RowError(import_message("table_not_utf_8", at=position)) from error
            raise RowError(
                import_message("not_encoded", encoding=encoding.upper(), at=position)
            ) from error


class _PrefixedStream(io.RawIOBase):
    """A stream that starts with bytes that were read already."""

    def __init__(self, prefix: bytes, stream: IO[bytes]) -> None:
        self._prefix = prefix
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        chunk = self._prefix[: len(buffer)] or self._stream.read(len(buffer))
        self._prefix = self._prefix[len(chunk) :] if self._prefix else b""
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _Utf16Transcoder(io.RawIOBase):
    """A transcoder from UTF-16 to UTF-8."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")()
        self._buffered = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._buffered:
            chunk = self._stream.read(TEXT_CHUNK_BYTES)
            try:
                self._buffered = self._decoder.decode(chunk, final=not chunk).encode("utf-8")
            except UnicodeError as error:
                raise UnreadableFile(import_message("utf_16_broken")) from error
            if not chunk and not self._buffered:
                return 0
        size = min(len(buffer), len(self._buffered))
        buffer[:size], self._buffered = self._buffered[:size], self._buffered[size:]
        return size


def _transcode_utf16(stream: IO[bytes]) -> io.BufferedReader:
    return io.BufferedReader(_Utf16Transcoder(stream), TEXT_CHUNK_BYTES)
