"""The cells that stand in a sheet, row by row.

openpyxl's own walk makes each row as wide as one asks for: too narrow, and what lies behind is
dropped without a word; wide enough for any sheet, and a million rows cost 16,384 cells each. Its
parser beneath that walk gives what is there and nothing else, rows and cells that stand twice too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import WorkSheetParser


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
