"""CSV and TSV, read row by row; an invalid row is reported by line, and reading continues."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO

from biobank.exchange.formats.tables import RowError, SourceRow, SourceTable, TableRow, parse_header
from biobank.exchange.imports.items import MAX_LINE_BYTES, UTF_16_BOMS
from biobank.exchange.imports.messages import (
    ImportMessage,
    UnreadableFile,
    classify_csv_error,
    import_message,
)

#: Encodings of tables that are common in the region.
TABLE_ENCODINGS = ("utf-8", "utf-16", "cp1251", "cp1252", "cp1254", "iso-8859-9", "koi8-r", "cp866")
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
            raise RowError(import_message("not_encoded", encoding=encoding.upper(), at=position)) from error


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


#: The csv module's message for a field that never ends, such as an unclosed quote.
FIELD_LIMIT_ERROR = "field larger than field limit"
#: The csv module's message for a lone CR: classic Mac OS lines, or one in an unquoted cell.
LONE_CR_ERROR = "new-line character seen in unquoted field"


def delimited_table(stream: IO[bytes], *, separator: str, encoding: str = "utf-8") -> SourceTable:
    """Return the table of a text file.

    Raises:
        UnreadableFile: if its first line cannot be read, or the file, while its rows are read.
    """
    lines = TextLineReader(stream, encoding)
    quoted = separator != "\t"
    try:
        names = next(_reader(lines, separator, quoted), None)
    except RowError as row_error:
        raise UnreadableFile(row_error.reason.with_path(f"line {lines.number}")) from row_error
    except csv.Error as error:
        message = _csv_message(str(error), 1, lines.number)
        raise UnreadableFile(message.with_path(f"line {lines.number}")) from error
    columns = parse_header(names or [])
    return SourceTable(columns, _rows(lines, separator, quoted, columns))


def _reader(lines: TextLineReader, separator: str, quoted: bool) -> Iterator[list[str]]:
    if quoted:
        return csv.reader(lines, delimiter=separator, strict=True)
    # TSV has no quoting: a leading quote belongs to the text.
    return csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)


def _rows(lines: TextLineReader, separator: str, quoted: bool, columns: list[str]) -> Iterator[SourceRow]:
    reader = _reader(lines, separator, quoted)
    while True:
        first_line = lines.number + 1
        label = f"line {first_line}"
        try:
            cells = next(reader)
        except StopIteration:
            return
        except RowError as row_error:
            # The reader may be inside a quoted cell; restart it at the next line.
            reader = _reader(lines, separator, quoted)
            yield TableRow(f"line {lines.number}", {}, row_error.reason)
        except csv.Error as error:
            reader = _reader(lines, separator, quoted)
            yield TableRow(label, {}, _csv_message(str(error), first_line, lines.number))
        else:
            if any(map(str.strip, cells)):
                yield _row(label, cells, columns)


def _row(label: str, cells: list[str], columns: list[str]) -> SourceRow:
    while len(cells) > len(columns) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(columns):
        return TableRow(label, {}, import_message("cells_of_line", count=len(cells), columns=len(columns)))
    return TableRow(label, dict(zip(columns, cells, strict=True)))


def _csv_message(error: str, first_line: int, last_line: int) -> ImportMessage:
    if error.startswith(FIELD_LIMIT_ERROR):
        return import_message("quote_open", first=first_line, last=last_line)
    if error.startswith(LONE_CR_ERROR):
        return import_message("lone_return")
    return import_message("csv_broken", fault=classify_csv_error(error))
