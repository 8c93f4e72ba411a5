"""XLSX: the rows of one sheet, read as they come. Formulas are refused, never taken for text."""

import warnings
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import date, datetime, time
from functools import partial
from math import isfinite
from operator import is_not
from typing import IO, Any

import openpyxl
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.cell.read_only import EMPTY_CELL

from biobank.exchange.importing.opening import spooled
from biobank.exchange.importing.said import UnreadableFile, say
from biobank.exchange.importing.tables.rows import (
    COLUMNS_MOST,
    Row,
    RowFault,
    Table,
    TableRow,
    header,
    number_text,
)
from biobank.exchange.importing.tables.zip_guard import PACKED_MOST, guard

#: Whether a cell stands in the file; all that do not are one object.
_is_there = partial(is_not, EMPTY_CELL)
#: Rows of a sheet: as many as spreadsheet programs have. A file may claim a row far behind the
#: last, and all those between would be counted through.
ROWS_MOST = 1_048_576


def workbook(stream: IO[bytes], *, sheet: str | None = None) -> Table:
    """The table of the sheet of that name, else of the first one.

    Raises:
        UnreadableFile: where it is no workbook, or one made to do harm; while it is read too.
    """
    file = spooled(stream, PACKED_MOST)
    rows = _rows(file, sheet)
    columns: list[str] = []
    for _, cells in rows:
        try:
            columns = header([_value(cell) for cell in cells])
        except RowFault as bad:
            raise UnreadableFile(bad.said) from bad
        finally:
            if not columns:
                rows.close()
        break
    if not columns:
        raise UnreadableFile(say("table_empty"))
    return Table(columns, _labelled(rows, columns))


def _rows(file: IO[bytes], sheet: str | None) -> Generator[tuple[int, tuple[Any, ...]]]:
    """Number and cells of each row; whatever the library trips over is told as one thing."""
    number = 0
    with closing(file):
        guard(file)
        try:
            with warnings.catch_warnings():
                # It warns of styles and extensions, none of which are read.
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(file, read_only=True, data_only=False)
            with closing(book):
                found = _sheet(book, sheet)
                # The size that a file tells of itself may be wrong; cells would be cut off.
                found.reset_dimensions()
                cells = found.iter_rows(max_col=COLUMNS_MOST + 1)
                for number, row in enumerate(cells, 1):
                    if number > ROWS_MOST:
                        raise UnreadableFile(say("xlsx_rows", most=ROWS_MOST))
                    yield number, row
        except UnreadableFile:
            raise
        except Exception as error:
            # The library answers broken files with errors of any kind.
            told = f"{type(error).__name__}: {error}"[:200]
            at = f"row {number + 1}" if number else ""
            raise UnreadableFile(say("xlsx_unreadable", at, why=told)) from error


def _sheet(book: Any, name: str | None) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if not sheets:
        raise UnreadableFile(say("xlsx_no_sheets"))
    if name is None:
        return next(iter(sheets.values()))
    if name not in sheets:
        names = ", ".join(list(sheets)[:10])
        raise UnreadableFile(say("xlsx_no_sheet", sheet=name, sheets=names))
    return sheets[name]


def _labelled(rows: Iterator[tuple[int, tuple[Any, ...]]], columns: list[str]) -> Iterator[Row]:
    for number, cells in rows:
        label = f"row {number}"
        try:
            texts = [_value(cell) for cell in _filled(cells, len(columns))]
        except RowFault as bad:
            yield TableRow(label, {}, bad.said)
            continue
        while len(texts) > len(columns) and not texts[-1]:
            texts.pop()
        if len(texts) > len(columns):
            fault = say("cells_of_row", count=len(texts), columns=len(columns))
            yield TableRow(label, {}, fault)
        elif any(texts):
            yield TableRow(label, dict(zip(columns, texts, strict=False)))


def _filled(cells: tuple[Any, ...], columns: int) -> tuple[Any, ...]:
    """The cells of the columns, and those behind only where there is one that is not empty: of a
    million rows nobody looks at 500 cells each.
    """
    return cells if any(map(_is_there, cells[columns:])) else cells[:columns]


def _value(cell: Any) -> str | None:
    """What a cell shows, as text; a day as 1885-09-18."""
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        raise RowFault(say("cell_formula", cell=cell.coordinate))
    if cell.data_type == "e" or value in ERROR_CODES:
        raise RowFault(say("cell_error", cell=cell.coordinate, error=str(value)))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        if not isfinite(value):
            raise RowFault(say("cell_no_number", cell=cell.coordinate))
        return number_text(value)
    return str(value)
