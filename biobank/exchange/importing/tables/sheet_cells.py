"""The cells that stand in a sheet, row by row.

openpyxl's own walk makes each row as wide as one asks for: too narrow, and what lies behind is
dropped without a word; wide enough for any sheet, and a million rows cost 16,384 cells each. Its
parser beneath that walk gives what is there and nothing else, rows and cells that stand twice too.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import WorkSheetParser

#: Where a sheet says that cells are one: behind all its rows, for whom that is too late.
MERGED: Final = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]{0,200}?ref=[\"']([A-Z]+([0-9]+):[A-Z]+([0-9]+))"
)
CHUNK: Final = 1 << 20
#: Bytes of the longest such mark, with room.
MARK_MOST: Final = 300


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that holds something; the first column is 1."""

    row: int
    column: int
    value: Any
    #: As the file has it: `f` a formula, `e` an error.
    kind: str

    @property
    def name(self) -> str:
        """As a spreadsheet calls it: B12."""
        return f"{get_column_letter(self.column)}{self.row}"


def cells_in(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    """Number and cells of each row of a sheet that openpyxl opened for reading alone."""
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
        for number, found in parser.parse():
            yield (
                number,
                [
                    Cell(number, it["column"], it["value"], it["data_type"])
                    for it in found
                    if it["value"] is not None
                ],
            )


class Merged:
    """The rows of a sheet in which a cell is one with a cell above, which alone holds its text."""

    def __init__(self, sheet: Any) -> None:
        self._first: list[int] = []
        self._last: list[int] = []
        self._cells: list[str] = []
        for first, last, cells in sorted(_merged_in(sheet)):
            if self._last and first <= self._last[-1]:
                self._last[-1] = max(last, self._last[-1])
            else:
                self._first.append(first)
                self._last.append(last)
                self._cells.append(cells)

    def at(self, row: int) -> str:
        """Cells that are one and reach down to this row, as B2:B5; empty where there are none."""
        found = bisect_right(self._first, row) - 1
        return self._cells[found] if found >= 0 and row <= self._last[found] else ""


def _merged_in(sheet: Any) -> Iterator[tuple[int, int, str]]:
    """The first and the last row that hang on a cell above, and the cells that are one."""
    tail = b""
    with sheet._get_source() as source:
        while chunk := source.read(CHUNK):
            text = tail + chunk
            end = 0
            for found in MERGED.finditer(text):
                end = found.end()
                if (top := int(found[2])) < (bottom := int(found[3])):
                    yield top + 1, bottom, found[1].decode()
            tail = text[max(end, len(text) - MARK_MOST) :]
