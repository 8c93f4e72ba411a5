"""Rows of one XLSX sheet, streamed; formulas are refused, never read as text."""

import lzma
import warnings
import zipfile
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from math import isfinite
from string import digits
from typing import IO, Any
from xml.parsers.expat import ParserCreate

from openpyxl.cell.cell import ERROR_CODES
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.xml.constants import SHEET_MAIN_NS

from biobank.exchange.formats.tables import (
    MAX_TABLE_COLUMNS,
    RowError,
    SourceRow,
    SourceTable,
    TableRow,
    format_number,
    parse_header,
)
from biobank.exchange.imports.decompression import spool_to_disk
from biobank.exchange.imports.messages import ImportMessage, UnreadableFile, import_message

ZIP_CHUNK_BYTES = 1 << 18
#: Bytes of a packed workbook, and of all its members: a million rows of ten short texts.
MAX_PACKED_XLSX_BYTES = 100_000_000
MAX_XLSX_BYTES = 500_000_000
#: Bytes of the shared strings of a workbook, which are held in memory.
MAX_SHARED_STRINGS_BYTES = 60_000_000
SHARED_STRINGS_MEMBER = "sharedstrings.xml"
MAX_XLSX_MEMBERS = 2_000
#: Largest expansion ratio of a member, checked from `XLSX_RATIO_CHECK_BYTES` bytes on.
MAX_XLSX_RATIO = 200
XLSX_RATIO_CHECK_BYTES = 10_000_000
#: `<!DOCTYPE` and `<!ENTITY` in the encodings that XML parsers detect by themselves.
ENTITY_MARKERS = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
MAX_MARKER_BYTES = max(map(len, ENTITY_MARKERS))
#: Errors that the library raises for a broken, truncated or unusually packed ZIP file.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
)


def check_workbook_zip(file: IO[bytes]) -> None:
    """Read every member of the ZIP `file` once and rewind it.

    Raises:
        UnreadableFile: if it is broken or malicious.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _check_directory(archive)
            total = 0
            for member in archive.infolist():
                total += _count_member_bytes(archive, member, MAX_XLSX_BYTES - total)
    except ZIP_ERRORS as error:
        raise UnreadableFile("xlsx_broken") from error
    file.seek(0)


def _check_directory(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MAX_XLSX_MEMBERS:
        raise UnreadableFile("xlsx_files", count=len(members), most=MAX_XLSX_MEMBERS)
    if sum(member.file_size for member in members) > MAX_XLSX_BYTES:
        raise UnreadableFile("xlsx_large", most=MAX_XLSX_BYTES)
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile("xlsx_locked")


def _count_member_bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo, bytes_left: int) -> int:
    """Return the decompressed bytes of a member, counted and not as the directory states."""
    limit = (
        min(bytes_left, MAX_SHARED_STRINGS_BYTES)
        if member.filename.lower().endswith(SHARED_STRINGS_MEMBER)
        else bytes_left
    )
    size, tail, part = 0, b"", member.filename[:80]
    with archive.open(member) as content:
        while chunk := content.read(ZIP_CHUNK_BYTES):
            size += len(chunk)
            if size > XLSX_RATIO_CHECK_BYTES and size > max(member.compress_size, 1) * MAX_XLSX_RATIO:
                raise UnreadableFile("xlsx_part_grows", part=part, times=MAX_XLSX_RATIO)
            if size > limit:
                raise UnreadableFile("xlsx_part_large", part=part, most=limit)
            window = tail + chunk
            if any(word in window for word in ENTITY_MARKERS):
                raise UnreadableFile("xlsx_entities", part=part)
            tail = window[-MAX_MARKER_BYTES:]
    return size


#: Rows of a sheet, the limit of spreadsheet programs. A file may claim a row number far beyond its
#: last row.
MAX_SHEET_ROWS = 1_048_576

#: From here on a spreadsheet loses the last digits of a number.
MAX_EXACT_NUMBER = 10**15

ROW_TAG, CELL_TAG, MERGE_TAG = (f"{SHEET_MAIN_NS} {name}" for name in ("row", "c", "mergeCell"))

#: The number and non-empty cells of each row, or the error of a row that cannot be read.
SheetRows = Generator[tuple[int, list[Any] | ImportMessage]]


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
        raise UnreadableFile("table_empty")
    if (last := cells[-1]).column > MAX_TABLE_COLUMNS:
        raise UnreadableFile("columns_far", cell=last.coordinate, most=MAX_TABLE_COLUMNS)
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
                reader = ExcelReader(file, read_only=True)
                reader.read()
            with closing(reader.wb):
                sheet = _sheet(reader.wb, name)
                notices.extend(_other_sheet_notices(reader.wb, sheet) if name is None else ())
                for number, cells in _sheet_rows(sheet, _scan_sheet(reader, sheet.title)):
                    yield number, cells
        except UnreadableFile:
            raise
        except Exception as error:
            # The library raises errors of any type for broken files.
            location = f"row {number + 1}" if number else ""
            raise UnreadableFile("xlsx_unreadable", location) from error


def _sheet_rows(sheet: Any, merged: list[tuple[int, int, str]]) -> SheetRows:
    # Without the stated dimensions, which may be wrong, a row is as wide as its last cell.
    sheet.reset_dimensions()
    last_merged_row, merged_range = 0, ""
    for number, cells in enumerate(sheet.iter_rows(), 1):
        while merged and merged[-1][0] <= number:
            _, last_merged_row, merged_range = max(
                merged.pop(), (0, last_merged_row, merged_range), key=lambda entry: entry[1]
            )
        if number <= last_merged_row:
            yield number, import_message("cells_merged", cells=merged_range)
        else:
            yield number, [cell for cell in cells if cell.value is not None]


def _scan_sheet(reader: ExcelReader, title: str) -> list[tuple[int, int, str]]:
    """Return the merged ranges of a sheet in descending order: first and last row without text, cells.

    The row iterator skips a row that does not follow the last one, and of the cells of a row those that
    are not in order. No spreadsheet program writes such a sheet, so it is refused.
    """
    merged = []
    row = column = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        if tag == CELL_TAG:
            name, last = attributes.get("r", ""), column
            column = column_index_from_string(name.rstrip(digits)) if name else column + 1
            if column <= last:
                raise UnreadableFile("cell_twice", cell=name)
        elif tag == ROW_TAG:
            last, row, column = row, int(attributes.get("r", row + 1)), 0
            if row > MAX_SHEET_ROWS:
                raise UnreadableFile("xlsx_rows", most=MAX_SHEET_ROWS)
            if row <= last:
                raise UnreadableFile("xlsx_unreadable", f"row {row}")
        elif tag == MERGE_TAG:
            _, top, _, bottom = range_boundaries(attributes["ref"])
            if top and bottom and top < bottom:
                merged.append((top + 1, bottom, attributes["ref"]))

    parser = ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    members = {sheet.name: link.target for sheet, link in reader.parser.find_sheets()}
    with reader.archive.open(members[title]) as source:
        parser.ParseFile(source)
    return sorted(merged, reverse=True)


def _sheet(book: Any, name: str | None) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if not sheets:
        raise UnreadableFile("xlsx_no_sheets")
    if name is None:
        return next(iter(sheets.values()))
    if name not in sheets:
        names = ", ".join(list(sheets)[:10])
        raise UnreadableFile("xlsx_no_sheet", sheet=name, sheets=names)
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


def _row_texts(cells: Sequence[Any], columns: int) -> list[str | None]:
    """Return a text or None for each column.

    Raises:
        RowError: if cells are beyond the columns.
    """
    texts: list[str | None] = [None] * columns
    for cell in cells:
        text = _cell_text(cell)
        if cell.column > columns:
            if text.strip():
                raise RowError("cell_behind", cell=cell.coordinate, columns=columns)
        else:
            texts[cell.column - 1] = text
    return texts


def _cell_text(cell: Any) -> str:
    """Return what a cell displays, as text; a date as 1885-09-18."""
    value = cell.value
    if cell.data_type == "f":
        raise RowError("cell_formula", cell=cell.coordinate)
    if cell.data_type == "e" or value in ERROR_CODES:
        raise RowError("cell_error", cell=cell.coordinate, error=str(value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        if not isfinite(value):
            raise RowError("cell_no_number", cell=cell.coordinate)
        if abs(value) >= MAX_EXACT_NUMBER:
            raise RowError("cell_digits", cell=cell.coordinate)
        return format_number(value)
    # Excel writes `_x000D_` for the carriage return of a CR LF line end.
    return str(value).replace("_x000D_\n", "\n").replace("_x000D_", "\n")
