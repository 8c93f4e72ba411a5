"""CSV and TSV, read row by row; an invalid row is reported by line, and reading continues."""

import csv
from collections.abc import Iterator
from typing import IO

from biobank.exchange.importing.faults import csv_fault
from biobank.exchange.importing.said import Said, UnreadableFile, say
from biobank.exchange.importing.tables.lines import Lines
from biobank.exchange.importing.tables.rows import Row, RowFault, Table, TableRow, header

#: The csv module's message for a field that never ends, such as an unclosed quote.
ENDLESS = "field larger than field limit"
#: The csv module's message for a lone CR: classic Mac OS lines, or one in an unquoted cell.
LONE_RETURN = "new-line character seen in unquoted field"


def separated(stream: IO[bytes], *, separator: str, encoding: str = "utf-8") -> Table:
    """Return the table of a text file.

    Raises:
        UnreadableFile: if its first line cannot be read, or the file, while its rows are read.
    """
    lines = Lines(stream, encoding)
    quoted = separator != "\t"
    try:
        names = next(_reader(lines, separator, quoted), None)
    except RowFault as fault:
        raise UnreadableFile(fault.said.at(f"line {lines.number}")) from fault
    except csv.Error as error:
        told = _told(str(error), 1, lines.number)
        raise UnreadableFile(told.at(f"line {lines.number}")) from error
    columns = header(names or [])
    return Table(columns, _rows(lines, separator, quoted, columns))


def _reader(lines: Lines, separator: str, quoted: bool) -> Iterator[list[str]]:
    if quoted:
        return csv.reader(lines, delimiter=separator, strict=True)
    # TSV has no quoting: a leading quote belongs to the text.
    return csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)


def _rows(lines: Lines, separator: str, quoted: bool, columns: list[str]) -> Iterator[Row]:
    reader = _reader(lines, separator, quoted)
    while True:
        begun = lines.number + 1
        label = f"line {begun}"
        try:
            cells = next(reader)
        except StopIteration:
            return
        except RowFault as fault:
            # The reader may be inside a quoted cell; restart it at the next line.
            reader = _reader(lines, separator, quoted)
            yield TableRow(f"line {lines.number}", {}, fault.said)
        except csv.Error as error:
            reader = _reader(lines, separator, quoted)
            yield TableRow(label, {}, _told(str(error), begun, lines.number))
        else:
            if any(map(str.strip, cells)):
                yield _row(label, cells, columns)


def _row(label: str, cells: list[str], columns: list[str]) -> Row:
    while len(cells) > len(columns) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(columns):
        return TableRow(
            label,
            {},
            say("cells_of_line", count=len(cells), columns=len(columns)),
        )
    return TableRow(label, dict(zip(columns, cells, strict=True)))


def _told(error: str, begun: int, ended: int) -> Said:
    if error.startswith(ENDLESS):
        return say("quote_open", first=begun, last=ended)
    if error.startswith(LONE_RETURN):
        return say("lone_return")
    return say("csv_broken", fault=csv_fault(error))
