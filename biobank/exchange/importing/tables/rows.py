"""Rows of a table, and the values in their columns."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Protocol

from biobank.exchange.importing.said import Said, UnreadableFile, say

#: Columns of a table; more are an error of the program that wrote it.
COLUMNS_MOST = 500
#: Characters of a cell: twice the longest text of a record.
CELL_MOST = 200_000
#: Prefixes that spreadsheets read as a formula; a signed number is not one.
FORMULA = re.compile(r"[=@＝＋－＠]|[+-](?![0-9])|[+-][0-9].*[=|!(]")
#: The apostrophe that spreadsheets and our exports put before a text that looks like a formula.
APOSTROPHE = re.compile(r"'(?='*[=+\-@＝＋－＠])")


class RowFault(Exception):
    """A row that cannot be read, with the reason."""

    def __init__(self, said: Said) -> None:
        super().__init__(str(said))
        self.said = said


class Row(Protocol):
    """One record of a table; `label` is its position, `error` says why it cannot be read."""

    @property
    def label(self) -> str: ...

    @property
    def fault(self) -> Said | None: ...

    def values(self, column: str) -> list[str]:
        """Return the non-empty texts in a column.

        Raises:
            RowError: if a value is not a text.
        """
        ...

    def keys(self, column: str) -> list[str]:
        """Return the key of each of `values`, in rows that are JSON objects."""
        ...


@dataclass(frozen=True)
class Table:
    """The rows of a file, and its columns if the file states them before its rows."""

    columns: Sequence[str] | None
    rows: Iterator[Row]
    #: Notices about the whole file.
    notices: Sequence[Said] = ()


@dataclass(frozen=True)
class TableRow:
    """A row of cells by column name."""

    label: str
    cells: Mapping[str, str | None]
    fault: Said | None = None

    def values(self, column: str) -> list[str]:
        text = (self.cells.get(column) or "").strip()
        if APOSTROPHE.match(text):
            text = text[1:]
        elif len(text) > 1 and FORMULA.match(text):
            raise RowFault(say("text_formula", column, text=text[:40]))
        if len(text) > CELL_MOST:
            raise RowFault(say("text_long", column, length=len(text), most=CELL_MOST))
        return [text] if text else []

    def keys(self, column: str) -> list[str]:
        raise RowFault(say("no_keys", column))


@dataclass(frozen=True)
class ObjectRow:
    """A row that is a JSON object; a column is a path in it: `labels.en`, `labels.*`."""

    label: str
    data: Any
    fault: Said | None = None

    def values(self, column: str) -> list[str]:
        return [text for _, text in self._found(column)]

    def keys(self, column: str) -> list[str]:
        return [key for key, _ in self._found(column)]

    def _found(self, column: str) -> list[tuple[str, str]]:
        if not isinstance(self.data, Mapping):
            raise RowFault(say("no_object"))
        return [
            (key, text)
            for key, value in _reached(self.data, column.split("."), "")
            if (text := _text(column, value))
        ]


def header(names: Sequence[Any]) -> list[str]:
    """Return the column names.

    Raises:
        UnreadableFile: if there are none, too many, or duplicates.
    """
    columns = [str(name if name is not None else "").strip() for name in names]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise UnreadableFile(say("table_empty"))
    if len(columns) > COLUMNS_MOST:
        raise UnreadableFile(say("columns_many", count=len(columns), most=COLUMNS_MOST))
    for index, column in enumerate(columns):
        if column and column in columns[:index]:
            first, second = columns.index(column) + 1, index + 1
            raise UnreadableFile(
                say("column_twice", column=column[:60], first=first, second=second)
            )
    return columns


def require(columns: Sequence[str] | None, wanted: Sequence[str]) -> None:
    """Check that a table has all columns of its mapping.

    Raises:
        UnreadableFile: with the names of all missing columns.
    """
    if columns is None:
        return
    missing = [column for column in wanted if column not in columns]
    if missing:
        near = [found[0][:60] for it in missing if (found := get_close_matches(it, columns, 1))]
        shown = ", ".join(column[:40] for column in columns[:12])
        shown += ", …" if len(columns) > 12 else ""
        told = {"missing": _quoted(missing), "columns": shown}
        if len(columns) == 1:
            raise UnreadableFile(say("columns_apart", **told))
        if near:
            raise UnreadableFile(say("columns_near", **told, near=_quoted(near)))
        raise UnreadableFile(say("columns_missing", **told))


def _quoted(columns: Sequence[str]) -> str:
    return ", ".join(repr(column) for column in columns)


def _reached(value: Any, path: list[str], key: str) -> Iterator[tuple[str, Any]]:
    """Yield the values at a path, each with its key; lists are traversed."""
    if isinstance(value, list):
        for inner in value:
            yield from _reached(inner, path, key)
    elif not path:
        yield key, value
    elif isinstance(value, Mapping):
        for name in value if path[0] == "*" else (path[0],):
            if name in value:
                yield from _reached(value[name], path[1:], str(name) if path[0] == "*" else key)


def _text(column: str, value: Any) -> str:
    if value is None or isinstance(value, str):
        text = (value or "").strip()
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        text = number_text(value)
    else:
        raise RowFault(say("no_text", column))
    if len(text) > CELL_MOST:
        raise RowFault(say("text_long", column, length=len(text), most=CELL_MOST))
    return text


def number_text(value: float) -> str:
    """Format a number without a trailing `.0`: 1885, not 1885.0."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
