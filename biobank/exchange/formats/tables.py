"""Rows of a table, and the values in their columns."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from typing import IO, Any, Protocol

from biobank.exchange.formats.json_objects import iter_objects
from biobank.exchange.imports.decompression import spool_to_disk
from biobank.exchange.imports.messages import ImportFailed, ImportMessage, UnreadableFile

#: Columns of a table; more are an error of the program that wrote it.
MAX_TABLE_COLUMNS = 500
#: Characters of a cell: twice the longest text of a record.
MAX_CELL_CHARS = 200_000
#: Prefixes that spreadsheets read as a formula; a signed number is not one.
FORMULA_PREFIX_PATTERN = re.compile(r"[=@＝＋－＠]|[+-](?![0-9])|[+-][0-9].*[=|!(]")
#: The apostrophe that spreadsheets and our exports put before a text that looks like a formula.
ESCAPED_TEXT_PATTERN = re.compile(r"'(?='*[=+\-@＝＋－＠])")


class RowError(ImportFailed):
    """A row that cannot be read."""


class SourceRow(Protocol):
    """One record of a table; `label` is its position, `error` says why it cannot be read."""

    @property
    def label(self) -> str: ...

    @property
    def error(self) -> ImportMessage | None: ...

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
class SourceTable:
    """The rows of a file, and its columns if the file states them before its rows."""

    columns: Sequence[str] | None
    rows: Iterator[SourceRow]
    #: Notices about the whole file.
    notices: Sequence[ImportMessage] = ()


@dataclass(frozen=True)
class TableRow:
    """A row of cells by column name."""

    label: str
    cells: Mapping[str, str | None]
    error: ImportMessage | None = None

    def values(self, column: str) -> list[str]:
        text = (self.cells.get(column) or "").strip()
        if ESCAPED_TEXT_PATTERN.match(text):
            text = text[1:]
        elif len(text) > 1 and FORMULA_PREFIX_PATTERN.match(text):
            raise RowError("text_formula", column, text=text[:40])
        if len(text) > MAX_CELL_CHARS:
            raise RowError("text_long", column, length=len(text), most=MAX_CELL_CHARS)
        return [text] if text else []

    def keys(self, column: str) -> list[str]:
        raise RowError("no_keys", column)


@dataclass(frozen=True)
class ObjectRow:
    """A row that is a JSON object; a column is a path in it: `labels.en`, `labels.*`."""

    label: str
    data: Any
    error: ImportMessage | None = None

    def values(self, column: str) -> list[str]:
        return [text for _, text in self._texts_at(column)]

    def keys(self, column: str) -> list[str]:
        return [key for key, _ in self._texts_at(column)]

    def _texts_at(self, column: str) -> list[tuple[str, str]]:
        if not isinstance(self.data, Mapping):
            raise RowError("no_object")
        return [
            (key, text)
            for key, value in _values_at(self.data, column.split("."), "")
            if (text := _text(column, value))
        ]


def parse_header(names: Sequence[Any]) -> list[str]:
    """Return the column names.

    Raises:
        UnreadableFile: if there are none, too many, or duplicates.
    """
    columns = [str(name if name is not None else "").strip() for name in names]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise UnreadableFile("table_empty")
    if len(columns) > MAX_TABLE_COLUMNS:
        raise UnreadableFile("columns_many", count=len(columns), most=MAX_TABLE_COLUMNS)
    for index, column in enumerate(columns):
        if column and column in columns[:index]:
            first, second = columns.index(column) + 1, index + 1
            raise UnreadableFile("column_twice", column=column[:60], first=first, second=second)
    return columns


def check_columns(columns: Sequence[str] | None, required: Sequence[str]) -> None:
    """Check that a table has all columns of its mapping.

    Raises:
        UnreadableFile: with the names of all missing columns.
    """
    if columns is None:
        return
    missing = [column for column in required if column not in columns]
    if missing:
        similar = [matches[0][:60] for name in missing if (matches := get_close_matches(name, columns, 1))]
        listing = ", ".join(column[:40] for column in columns[:12])
        listing += ", …" if len(columns) > 12 else ""
        details = {"missing": _quote_all(missing), "columns": listing}
        if len(columns) == 1:
            raise UnreadableFile("columns_apart", **details)
        if similar:
            raise UnreadableFile("columns_near", **details, near=_quote_all(similar))
        raise UnreadableFile("columns_missing", **details)


def _quote_all(columns: Sequence[str]) -> str:
    return ", ".join(f"“{column}”" for column in columns)


def _values_at(value: Any, path: list[str], key: str) -> Iterator[tuple[str, Any]]:
    """Yield the values at a path, each with its key; lists are traversed."""
    if isinstance(value, list):
        for inner in value:
            yield from _values_at(inner, path, key)
    elif not path:
        yield key, value
    elif isinstance(value, Mapping):
        for name in value if path[0] == "*" else (path[0],):
            if name in value:
                yield from _values_at(value[name], path[1:], str(name) if path[0] == "*" else key)


def _text(column: str, value: Any) -> str:
    if value is None or isinstance(value, str):
        text = (value or "").strip()
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        text = format_number(value)
    else:
        raise RowError("no_text", column)
    if len(text) > MAX_CELL_CHARS:
        raise RowError("text_long", column, length=len(text), most=MAX_CELL_CHARS)
    return text


def format_number(value: float) -> str:
    """Format a number without a trailing `.0`: 1885, not 1885.0."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def json_table(stream: IO[bytes]) -> SourceTable:
    """Return the objects of a JSON Lines file or a JSON list as a table."""
    return SourceTable(None, _rows(stream))


def _rows(stream: IO[bytes]) -> Iterator[SourceRow]:
    with closing(spool_to_disk(stream)) as spool:
        for source_object in iter_objects(spool, frozenset()):
            yield ObjectRow(source_object.label, source_object.value, source_object.error)
