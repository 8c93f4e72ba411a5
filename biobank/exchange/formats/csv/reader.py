"""CSV and TSV, read row by row; an invalid row is reported by line, and reading continues."""

import codecs
import csv
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO

from biobank.exchange.formats.tables import RowError, SourceRow, SourceTable, TableRow, parse_header
from biobank.exchange.imports.decompression import as_stream, iter_chunks
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


class TextLineReader(Iterator[str]):
    """An iterator of text lines with their line ends; `number` is that of the last line, from 1.

    A RowError is raised in place of a line that cannot be read; the next call continues.
    """

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self.number = 0
        chunks = iter_chunks(stream)
        first = next(chunks, b"")
        if first.startswith(UTF_32_BOMS):
            raise UnreadableFile(import_message("utf_32"))
        if encoding == "utf-8" and first.startswith(UTF_16_BOMS):
            encoding = "utf-16"
        chunks = chain((first,), chunks)
        # Lines are split as bytes, which is not possible in UTF-16.
        self._encoding = "utf-8" if encoding == "utf-16" else encoding
        self._stream = as_stream(_transcode_utf16(chunks) if encoding == "utf-16" else chunks)

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
        try:
            return line.decode(self._encoding)
        except UnicodeDecodeError as error:
            position, encoding = error.start + 1, self._encoding
            if encoding == "utf-8":
                raise RowError(import_message("table_not_utf_8", at=position)) from error
            raise RowError(import_message("not_encoded", encoding=encoding.upper(), at=position)) from error


def _transcode_utf16(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield UTF-16 as UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        raise UnreadableFile(import_message("utf_16_broken")) from error


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
