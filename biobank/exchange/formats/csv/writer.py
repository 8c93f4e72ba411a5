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
FORMULA_START = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
EDTF_DATE = re.compile(r"-[0-9X]{4}[0-9X~?%.,/-]*")

CsvValue = str | int


def write_rows(columns: Sequence[str], rows: Iterable[Iterable[CsvValue]]) -> Iterator[str]:
    """Write the header and the rows; each item is a whole line ending with CRLF."""
    write_row = csv.writer(_LineEcho()).writerow
    yield BYTE_ORDER_MARK + write_row(columns)
    for cells in rows:
        yield write_row(escape_formula(cell) for cell in cells)


def escape_formula(value: CsvValue) -> CsvValue:
    """Escape a cell that a spreadsheet would run as a formula."""
    if isinstance(value, str) and FORMULA_START.match(value) and not EDTF_DATE.fullmatch(value):
        return f"'{value}"
    return value


class _LineEcho:
    """A file object for `csv.writer` that returns each line instead of storing it."""

    def write(self, line: str) -> str:
        return line
