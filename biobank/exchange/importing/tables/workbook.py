"""Rows of one XLSX sheet, streamed; formulas are refused, never read as text."""

import warnings
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from math import isfinite
from typing import IO, Any

import openpyxl
from openpyxl.cell.cell import ERROR_CODES

from biobank.exchange.importing.opening import spooled
from biobank.exchange.importing.said import Said, UnreadableFile, say
from biobank.exchange.importing.tables.rows import (
    COLUMNS_MOST,
    Row,
    RowFault,
    Table,
    TableRow,
    header,
    number_text,
)
from biobank.exchange.importing.tables.sheet_cells import Cell, Merged, cells_in
from biobank.exchange.importing.tables.zip_guard import PACKED_MOST, guard

#: Rows of a sheet, the limit of spreadsheet programs. A file may claim a row number far beyond its
#: last row.
ROWS_MOST = 1_048_576

#: From here on a spreadsheet loses the last digits of a number.
DIGITS_LOST = 10**15

#: The number and cells of each row, or the error of a row that cannot be read.
Rows = Generator[tuple[int, list[Cell] | Said]]


def workbook(stream: IO[bytes], *, sheet: str | None = None) -> Table:
    """Return the table of the named sheet, else of the first one.

    Raises:
        UnreadableFile: if it is not a workbook, or a malicious one; also while it is read.
    """
    notices: list[Said] = []
    rows = _rows(spooled(stream, PACKED_MOST), sheet, notices)
    try:
        columns = _columns(rows)
    except BaseException:
        rows.close()
        raise
    return Table(columns, _labelled(rows, columns), notices)


def _columns(rows: Rows) -> list[str]:
    """Return the column names in the first row of the sheet.

    Raises:
        UnreadableFile: if the first row names no columns.
    """
    number, cells = next(rows, (1, []))
    if number != 1 or not cells or isinstance(cells, Said):
        raise UnreadableFile(say("table_empty"))
    if (last := max(cells, key=lambda cell: cell.column)).column > COLUMNS_MOST:
        raise UnreadableFile(say("columns_far", cell=last.name, most=COLUMNS_MOST))
    try:
        return header(_texts(cells, COLUMNS_MOST))
    except RowFault as bad:
        raise UnreadableFile(bad.said) from bad


def _rows(file: IO[bytes], name: str | None, notices: list[Said]) -> Rows:
    """Yield the number and cells of each row; report any library error as unreadable."""
    number = 0
    with closing(file):
        guard(file)
        try:
            with warnings.catch_warnings():
                # It warns about styles and extensions, none of which are read.
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(file, read_only=True, data_only=False)
            with closing(book):
                sheet = _sheet(book, name)
                notices.extend(_passed_over(book, sheet) if name is None else ())
                merged = Merged(sheet)
                for number, cells in cells_in(sheet):
                    if number > ROWS_MOST:
                        raise UnreadableFile(say("xlsx_rows", most=ROWS_MOST))
                    one = merged.at(number)
                    yield number, say("cells_merged", cells=one) if one else cells
        except UnreadableFile:
            raise
        except Exception as error:
            # The library raises errors of any type for broken files.
            at = f"row {number + 1}" if number else ""
            raise UnreadableFile(say("xlsx_unreadable", at)) from error


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


def _passed_over(book: Any, read: Any) -> Iterator[Said]:
    """Yield a notice if other sheets contain data and the mapping names no sheet."""
    others = [
        sheet.title
        for sheet in book.worksheets
        # An empty sheet still reports its first cell.
        if sheet is not read and (sheet.max_row, sheet.max_column) != (1, 1)
    ]
    if others:
        yield say("xlsx_other_sheets", sheet=read.title, sheets=", ".join(others[:10]))


def _labelled(rows: Rows, columns: Sequence[str]) -> Iterator[Row]:
    for number, cells in rows:
        label = f"row {number}"
        if isinstance(cells, Said):
            yield TableRow(label, {}, cells)
            continue
        try:
            texts = _texts(cells, len(columns))
        except RowFault as bad:
            yield TableRow(label, {}, bad.said)
            continue
        if any(texts):
            yield TableRow(label, dict(zip(columns, texts, strict=True)))


def _texts(cells: Sequence[Cell], columns: int) -> list[str | None]:
    """Return a text or None for each column.

    Raises:
        RowError: if cells are beyond the columns, or duplicated.
    """
    texts: list[str | None] = [None] * columns
    for cell in cells:
        text = _value(cell)
        if cell.column > columns:
            if text.strip():
                raise RowFault(say("cell_behind", cell=cell.name, columns=columns))
        elif texts[cell.column - 1] is not None:
            raise RowFault(say("cell_twice", cell=cell.name))
        else:
            texts[cell.column - 1] = text
    return texts


def _value(cell: Cell) -> str:
    """Return what a cell displays, as text; a date as 1885-09-18."""
    value = cell.value
    if cell.kind == "f":
        raise RowFault(say("cell_formula", cell=cell.name))
    if cell.kind == "e" or value in ERROR_CODES:
        raise RowFault(say("cell_error", cell=cell.name, error=str(value)))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        if not isfinite(value):
            raise RowFault(say("cell_no_number", cell=cell.name))
        if abs(value) >= DIGITS_LOST:
            raise RowFault(say("cell_digits", cell=cell.name))
        return number_text(value)
    # Excel writes `_x000D_` for the carriage return of a CR LF line end.
    return str(value).replace("_x000D_\n", "\n").replace("_x000D_", "\n")
