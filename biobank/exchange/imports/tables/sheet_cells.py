"""The non-empty cells of a sheet, row by row.

The row iterator of openpyxl pads each row to a fixed width: too narrow, and cells are lost
silently; wide enough for any sheet, and a million rows cost 16,384 cells each. The parser below it
returns only what the file contains, including duplicate rows and cells.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import WorkSheetParser

#: A merged range; a sheet lists them after all its rows, too late for reading row by row.
MERGED_CELL_PATTERN: Final = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]{0,200}?ref=[\"']([A-Z]+([0-9]+):[A-Z]+([0-9]+))"
)
SHEET_CHUNK_BYTES: Final = 1 << 20
#: Bytes of the longest such tag, with a margin.
MAX_MERGE_TAG_BYTES: Final = 300


@dataclass(frozen=True, slots=True)
class Cell:
    """A non-empty cell; the first column is 1."""

    row: int
    column: int
    value: Any
    #: The data type in the file: `f` for a formula, `e` for an error.
    kind: str

    @property
    def name(self) -> str:
        """Return the cell reference: B12."""
        return f"{get_column_letter(self.column)}{self.row}"


def iter_sheet_rows(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    """Yield the number and the cells of each row of a sheet opened in read-only mode."""
    book = sheet.parent
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=book.data_only,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, entries in parser.parse():
            yield (
                number,
                [
                    Cell(number, entry["column"], entry["value"], entry["data_type"])
                    for entry in entries
                    if entry["value"] is not None
                ],
            )


class MergedCells:
    """The rows of a sheet that belong to a merged range whose text is in a row above."""

    def __init__(self, sheet: Any) -> None:
        self._first: list[int] = []
        self._last: list[int] = []
        self._cells: list[str] = []
        for first, last, cells in sorted(_merged_ranges(sheet)):
            if self._last and first <= self._last[-1]:
                self._last[-1] = max(last, self._last[-1])
            else:
                self._first.append(first)
                self._last.append(last)
                self._cells.append(cells)

    def range_at(self, row: int) -> str:
        """Return the merged range that extends down to this row, such as B2:B5, or `""`."""
        index = bisect_right(self._first, row) - 1
        return self._cells[index] if index >= 0 and row <= self._last[index] else ""


def _merged_ranges(sheet: Any) -> Iterator[tuple[int, int, str]]:
    """Yield the first and last row covered by a cell above, and the merged range."""
    tail = b""
    with sheet._get_source() as source:
        while chunk := source.read(SHEET_CHUNK_BYTES):
            text = tail + chunk
            end = 0
            for match in MERGED_CELL_PATTERN.finditer(text):
                end = match.end()
                if (top := int(match[2])) < (bottom := int(match[3])):
                    yield top + 1, bottom, match[1].decode()
            tail = text[max(end, len(text) - MAX_MERGE_TAG_BYTES) :]
