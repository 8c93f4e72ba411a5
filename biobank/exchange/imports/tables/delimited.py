"""CSV and TSV, read row by row; an invalid row is reported by line, and reading continues."""

import csv
from collections.abc import Iterator
from typing import IO

from biobank.exchange.imports.messages import ImportMessage, UnreadableFile, import_message
from biobank.exchange.imports.parser_errors import classify_csv_error
from biobank.exchange.imports.tables.rows import (
    RowError,
    SourceRow,
    SourceTable,
    TableRow,
    parse_header,
)
from biobank.exchange.imports.tables.text_lines import TextLineReader

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


def _rows(
    lines: TextLineReader, separator: str, quoted: bool, columns: list[str]
) -> Iterator[SourceRow]:
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
        return TableRow(
            label,
            {},
            import_message("cells_of_line", count=len(cells), columns=len(columns)),
        )
    return TableRow(label, dict(zip(columns, cells, strict=True)))


def _csv_message(error: str, first_line: int, last_line: int) -> ImportMessage:
    if error.startswith(FIELD_LIMIT_ERROR):
        return import_message("quote_open", first=first_line, last=last_line)
    if error.startswith(LONE_CR_ERROR):
        return import_message("lone_return")
    return import_message("csv_broken", fault=classify_csv_error(error))
