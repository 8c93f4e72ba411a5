"""CSV and TSV: tables to import, and rows and people to export.

An invalid row of a table is reported by line, and reading continues.
"""

import codecs
import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, Literal

from biobank.common.i18n import LANGUAGES
from biobank.exchange.exports.context import ExportContext, date_of
from biobank.exchange.formats.tables import RowError, SourceRow, SourceTable, TableRow, parse_header
from biobank.exchange.imports.decompression import as_stream, iter_chunks
from biobank.exchange.imports.items import MAX_LINE_BYTES, UTF_16_BOMS
from biobank.exchange.imports.messages import (
    ImportMessage,
    UnreadableFile,
    classify_csv_error,
    import_message,
)
from biobank.records.dates import parse_date
from biobank.records.people.record import PersonRecord
from biobank.records.proleptic_calendar import format_iso

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
            raise UnreadableFile("utf_32")
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
            raise RowError("line_long", most=MAX_LINE_BYTES)
        if self.number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
        if b"\0" in line:
            raise RowError("nul")
        return self._decode(line)

    def _decode(self, line: bytes) -> str:
        try:
            return line.decode(self._encoding)
        except UnicodeDecodeError as error:
            position, encoding = error.start + 1, self._encoding
            if encoding == "utf-8":
                raise RowError("table_not_utf_8", at=position) from error
            raise RowError("not_encoded", encoding=encoding.upper(), at=position) from error


def _transcode_utf16(chunks: Iterable[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError as error:
        raise UnreadableFile("utf_16_broken") from error


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
    try:
        names = next(_reader(lines, separator), [])
    except RowError as row_error:
        raise UnreadableFile(row_error.reason.with_path(f"line {lines.number}")) from row_error
    except csv.Error as error:
        message = _csv_message(str(error), 1, lines.number)
        raise UnreadableFile(message.with_path(f"line {lines.number}")) from error
    columns = parse_header(names)
    return SourceTable(columns, _rows(lines, separator, columns))


def _reader(lines: TextLineReader, separator: str) -> Iterator[list[str]]:
    if separator == "\t":
        # TSV has no quoting: a leading quote belongs to the text.
        return csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=separator, strict=True)


def _rows(lines: TextLineReader, separator: str, columns: list[str]) -> Iterator[SourceRow]:
    reader = _reader(lines, separator)
    while True:
        first_line = lines.number + 1
        label = f"line {first_line}"
        try:
            cells = next(reader)
        except StopIteration:
            return
        except RowError as row_error:
            # The reader may be inside a quoted cell; restart it at the next line.
            reader = _reader(lines, separator)
            yield TableRow(f"line {lines.number}", {}, row_error.reason)
        except csv.Error as error:
            reader = _reader(lines, separator)
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


BYTE_ORDER_MARK = "\ufeff"
#: Start of a formula, including the full-width characters that some spreadsheets accept.
FORMULA_START = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
EDTF_DATE = re.compile(r"-[0-9X]{4}[0-9X~?%.,/-]*")

CsvValue = str | int


def write_rows(columns: Sequence[str], rows: Iterable[Iterable[CsvValue]]) -> Iterator[str]:
    """Write the header and the rows; each item is a whole line ending with CRLF."""
    write_row = csv.writer(_LineEcho()).writerow
    yield BYTE_ORDER_MARK + write_row(columns)
    for cells in rows:
        yield write_row(escape_formula(cell) for cell in cells)


def escape_formula(value: CsvValue) -> CsvValue:
    """Escape a cell that a spreadsheet would run as a formula."""
    if isinstance(value, str) and FORMULA_START.match(value) and not EDTF_DATE.fullmatch(value):
        return f"'{value}"
    return value


class _LineEcho:
    """A file object for `csv.writer` that returns each line instead of storing it."""

    def write(self, line: str) -> str:
        return line


#: Separator between the values of a multi-valued cell.
CSV_VALUE_SEPARATOR = " | "

CellWriter = Callable[[PersonRecord, ExportContext], str | int]


def write_csv(records: Iterable[PersonRecord], context: ExportContext) -> Iterator[str]:
    """Write the header and one row per person; each item is a whole line ending with CRLF."""
    rows = ([cell(record, context) for cell in CSV_COLUMNS.values()] for record in records)
    return write_rows(list(CSV_COLUMNS), rows)


def _preferred(lang: str) -> CellWriter:
    return lambda record, _: next(_preferred_in(record, lang), "")


def _preferred_in(record: PersonRecord, lang: str) -> Iterator[str]:
    for name in record["names"]:
        if name["kind"] == "preferred" and name["lang"] == lang:
            yield name["text"]


def _other_names(record: PersonRecord, _context: ExportContext) -> str:
    """Join the distinct names that have no column of their own."""
    column_names = {text for lang in LANGUAGES for text in _preferred_in(record, lang)}
    texts = dict.fromkeys(name["text"] for name in record["names"])
    return CSV_VALUE_SEPARATOR.join(text for text in texts if text not in column_names)


def _day(fact: str, end: str) -> CellWriter:
    """Return a cell with the earliest or latest day of a date; empty if that end is open."""

    def cell(record: PersonRecord, _: ExportContext) -> str:
        text = date_of(record, fact)
        day = getattr(parse_date(text), end) if text else None
        return "" if day is None else format_iso(day)

    return cell


def _date_columns(fact: str) -> dict[str, CellWriter]:
    return {
        f"{fact}_date": lambda record, _: date_of(record, fact) or "",
        f"{fact}_earliest": _day(fact, "earliest"),
        f"{fact}_latest": _day(fact, "latest"),
        f"{fact}_place": lambda record, context: context.place(record, fact),
    }


def _id_list(key: Literal["professions", "countries", "sources"]) -> CellWriter:
    return lambda record, _: CSV_VALUE_SEPARATOR.join(record.get(key, ()))


def _text(key: Literal["id", "gender"]) -> CellWriter:
    return lambda record, _: record.get(key) or ""


#: Column names and the functions that fill them.
CSV_COLUMNS: dict[str, CellWriter] = {
    "id": _text("id"),
    "url": lambda record, edition: edition.url(record["id"]),
    "name": lambda record, edition: edition.name(record),
    **{f"name_{lang}": _preferred(lang) for lang in LANGUAGES},
    "other_names": _other_names,
    "gender": _text("gender"),
    **_date_columns("birth"),
    **_date_columns("death"),
    "professions": lambda record, edition: CSV_VALUE_SEPARATOR.join(edition.professions(record)),
    "profession_ids": _id_list("professions"),
    "countries": _id_list("countries"),
    "headline": lambda record, edition: edition.headline(record),
    "wikidata": lambda record, _: record.get("identifiers", {}).get("wikidata", ""),
    "sources": lambda record, _: len(record.get("sources", ())),
}
