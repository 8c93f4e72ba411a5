"""CSV (RFC 4180) for spreadsheets: UTF-8 with a byte order mark for Excel, no formulas.

Spreadsheets run cells that begin with certain characters as formulas, so such cells are prefixed
with an apostrophe (OWASP, “CSV Injection”). Cells that already have one before such a character get
another, so that readers can always remove exactly one. A date BCE such as `-0043` begins with such
a character too but stays as it is: it cannot call a function, and programs must be able to read it.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

BYTE_ORDER_MARK = "\ufeff"
#: Start of a formula, including the full-width characters that some spreadsheets accept.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
DATE = re.compile(r"-[0-9X]{4}[0-9X~?%.,/-]*")

Cell = str | int


def csv_rows(columns: Sequence[str], rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """Write the header and the rows; each item is a whole line ending with CRLF."""
    row = csv.writer(_Lines()).writerow
    yield BYTE_ORDER_MARK + row(columns)
    for cells in rows:
        yield row(defused(cell) for cell in cells)


def defused(value: Cell) -> Cell:
    """Escape a cell that a spreadsheet would run as a formula."""
    if isinstance(value, str) and FORMULA.match(value) and not DATE.fullmatch(value):
        return f"'{value}"
    return value


class _Lines:
    """A file object for `csv.writer` that returns each line instead of storing it."""

    def write(self, line: str) -> str:
        return line
