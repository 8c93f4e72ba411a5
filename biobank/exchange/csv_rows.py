"""CSV (RFC 4180) for spreadsheets: UTF-8 with the mark that Excel wants, no cell a formula.

Spreadsheets run cells that begin with certain characters as formulas, so these get an apostrophe
in front (OWASP, “CSV Injection”), and so do texts in which one stands there already: who reads the
table takes one away. A date BCE, `-0043`, begins with such a character too, and is left as it is:
digits and the marks of a date call no function, and programs shall read the date.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

BYTE_ORDER_MARK = "\ufeff"
#: What begins a formula; the wide forms too, which some spreadsheets read alike.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
DATE = re.compile(r"-[0-9X]{4}[0-9X~?%.,/-]*")

Cell = str | int


def csv_rows(columns: Sequence[str], rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """The header, then the rows; each is a whole line that ends with CRLF."""
    row = csv.writer(_Lines()).writerow
    yield BYTE_ORDER_MARK + row(columns)
    for cells in rows:
        yield row(defused(cell) for cell in cells)


def defused(value: Cell) -> Cell:
    """A cell that no spreadsheet runs as a formula."""
    if isinstance(value, str) and FORMULA.match(value) and not DATE.fullmatch(value):
        return f"'{value}"
    return value


class _Lines:
    """A file for `csv.writer` that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line
