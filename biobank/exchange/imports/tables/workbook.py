"""Rows of one XLSX sheet, streamed; formulas are refused, never read as text."""

import warnings
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from math import isfinite
from typing import IO, Any

import openpyxl
from openpyxl.cell.cell import ERROR_CODES

from biobank.exchange.imports.decompression import spool_to_disk
from biobank.exchange.imports.messages import ImportMessage, UnreadableFile, import_message
from biobank.exchange.imports.tables.rows import (
    MAX_TABLE_COLUMNS,
    RowError,
    SourceRow,
    SourceTable,
    TableRow,
    format_number,
    parse_header,
)
from biobank.exchange.imports.tables.sheet_cells import Cell, MergedCells, iter_sheet_rows
from biobank.exchange.imports.tables.zip_guard import MAX_PACKED_XLSX_BYTES, check_workbook_zip

#: Rows of a sheet, the limit of spreadsheet programs. A file may claim a row number far beyond its
#: last row.
MAX_SHEET_ROWS = 1_048_576

#: From here on a spreadsheet loses the last digits of a number.
MAX_EXACT_NUMBER = 10**15

#: The number and cells of each row, or the error of a row that cannot be read.
SheetRows = Generator[tuple[int, list[Cell] | ImportMessage]]


def workbook_table(stream: IO[bytes], *, sheet: str | None = None) -> SourceTable:
    """Return the table of the named sheet, else of the first one.

    Raises:
        UnreadableFile: if it is not a workbook, or a malicious one; also while it is read.
    """
    notices: list[ImportMessage] = []
    rows = _iter_rows(spool_to_disk(stream, MAX_PACKED_XLSX_BYTES), sheet, notices)
    try:
        columns = _read_header(rows)
    except BaseException:
        rows.close()
        raise
    return SourceTable(columns, _labelled_rows(rows, columns), notices)


def _read_header(rows: SheetRows) -> list[str]:
    """Return the column names in the first row of the sheet.

    Raises:
        UnreadableFile: if the first row names no columns.
    """
    number, cells = next(rows, (1, []))
    if number != 1 or not cells or isinstance(cells, ImportMessage):
        raise UnreadableFile(import_message("table_empty"))
    if (last := max(cells, key=lambda cell: cell.column)).column > MAX_TABLE_COLUMNS:
        raise UnreadableFile(import_message("columns_far", cell=last.name, most=MAX_TABLE_COLUMNS))
    try:
        return parse_header(_row_texts(cells, MAX_TABLE_COLUMNS))
    except RowError as error:
        raise UnreadableFile(error.reason) from error


def _iter_rows(file: IO[bytes], name: str | None, notices: list[ImportMessage]) -> SheetRows:
    """Yield the number and cells of each row; report any library error as unreadable."""
    number = 0
    with closing(file):
        check_workbook_zip(file)
        try:
            with warnings.catch_warnings():
                # It warns about styles and extensions, none of which are read.
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(file, read_only=True, data_only=False)
            with closing(book):
                sheet = _sheet(book, name)
                notices.extend(_other_sheet_notices(book, sheet) if name is None else ())
                merged = MergedCells(sheet)
                for number, cells in iter_sheet_rows(sheet):
                    if number > MAX_SHEET_ROWS:
                        raise UnreadableFile(import_message("xlsx_rows", most=MAX_SHEET_ROWS))
                    merged_range = merged.range_at(number)
                    yield (
                        number,
                        import_message("cells_merged", cells=merged_range) if merged_range else cells,
                    )
        except UnreadableFile:
            raise
        except Exception as error:
            # The library raises errors of any type for broken files.
            location = f"row {number + 1}" if number else ""
            raise UnreadableFile(import_message("xlsx_unreadable", location)) from error


def _sheet(book: Any, name: str | None) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if not sheets:
        raise UnreadableFile(import_message("xlsx_no_sheets"))
    if name is None:
        return next(iter(sheets.values()))
    if name not in sheets:
        names = ", ".join(list(sheets)[:10])
        raise UnreadableFile(import_message("xlsx_no_sheet", sheet=name, sheets=names))
    return sheets[name]


def _other_sheet_notices(book: Any, selected: Any) -> Iterator[ImportMessage]:
    """Yield a notice if other sheets contain data and the mapping names no sheet."""
    titles = [
        sheet.title
        for sheet in book.worksheets
        # An empty sheet still reports its first cell.
        if sheet is not selected and (sheet.max_row, sheet.max_column) != (1, 1)
    ]
    if titles:
        yield import_message("xlsx_other_sheets", sheet=selected.title, sheets=", ".join(titles[:10]))


def _labelled_rows(rows: SheetRows, columns: Sequence[str]) -> Iterator[SourceRow]:
    for number, cells in rows:
        label = f"row {number}"
        if isinstance(cells, ImportMessage):
            yield TableRow(label, {}, cells)
            continue
        try:
            texts = _row_texts(cells, len(columns))
        except RowError as error:
            yield TableRow(label, {}, error.reason)
            continue
        if any(texts):
            yield TableRow(label, dict(zip(columns, texts, strict=True)))


def _row_texts(cells: Sequence[Cell], columns: int) -> list[str | None]:
    """Return a text or None for each column.

    Raises:
        RowError: if cells are beyond the columns, or duplicated.
    """
    texts: list[str | None] = [None] * columns
    for cell in cells:
        text = _cell_text(cell)
        if cell.column > columns:
            if text.strip():
                raise RowError(import_message("cell_behind", cell=cell.name, columns=columns))
        elif texts[cell.column - 1] is not None:
            raise RowError(import_message("cell_twice", cell=cell.name))
        else:
            texts[cell.column - 1] = text
    return texts


def _cell_text(cell: Cell) -> str:
    """Return what a cell displays, as text; a date as 1885-09-18."""
    value = cell.value
    if cell.kind == "f":
        raise RowError(import_message("cell_formula", cell=cell.name))
    if cell.kind == "e" or value in ERROR_CODES:
        raise RowError(import_message("cell_error", cell=cell.name, error=str(value)))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        if not isfinite(value):
            raise RowError(import_message("cell_no_number", cell=cell.name))
        if abs(value) >= MAX_EXACT_NUMBER:
            raise RowError(import_message("cell_digits", cell=cell.name))
        return format_number(value)
    # Excel writes `_x000D_` for the carriage return of a CR LF line end.
    return str(value).replace("_x000D_\n", "\n").replace("_x000D_", "\n")
