"""Field types of the reference forms: conversion between record values and input values.

Input values are text, or lists and mappings of text, so that a rejected form is shown as it was
typed. A field whose input is unchanged keeps its stored value.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from biobank.i18n import LANGUAGES
from biobank.web.desk.reference import reading
from biobank.web.desk.reference.reading import Form
from biobank.web.desk.writing.shape import PICK

#: Number of empty rows below the filled ones.
EMPTY_ROWS: Final = 2
Options = Callable[[str], Sequence[tuple[str, str]]]


def _no_options(_lang: str) -> Sequence[tuple[str, str]]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field at `name`, a dotted path of the record; the template translates its label."""

    name: str
    label: Any
    hint: Any = ""
    most: int = 300
    required: bool = False
    widget: ClassVar[str] = "line"

    @property
    def id(self) -> str:
        return id_of(self.name)

    @property
    def first(self) -> str:
        """Return the id of its first input."""
        return self.id

    def shown(self, value: Any) -> Any:
        return "" if value is None else str(value)

    def typed(self, form: Form) -> Any:
        return reading.line(form, self.name, self.most)

    def value(self, shown: Any) -> Any:
        return shown

    def told(self, shown: Any) -> list[str]:
        """Return the value as lines of text for users who may only read."""
        return [shown] if shown else []


@dataclass(frozen=True, kw_only=True)
class Line(Field):
    mode: str = ""


@dataclass(frozen=True, kw_only=True)
class Number(Line):
    """A decimal number; a decimal comma is accepted too."""

    most: int = 20
    mode: str = "decimal"

    def shown(self, value: Any) -> str:
        return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")

    def value(self, shown: str) -> Any:
        return shown.replace(",", ".")


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    options: Options = _no_options
    most: int = 60
    widget: ClassVar[str] = "choice"


@dataclass(frozen=True, kw_only=True)
class Words(Field):
    """Text in the three languages; `rows` above 1 makes it a textarea."""

    rows: int = 1
    widget: ClassVar[str] = "words"

    @property
    def first(self) -> str:
        return f"{self.id}-{LANGUAGES[0]}"

    def shown(self, value: Any) -> dict[str, str]:
        return {lang: (value or {}).get(lang, "") for lang in LANGUAGES}

    def typed(self, form: Form) -> dict[str, str]:
        read = reading.line if self.rows == 1 else reading.passage
        return {lang: read(form, f"{self.name}.{lang}", self.most) for lang in LANGUAGES}

    def value(self, shown: Mapping[str, str]) -> dict[str, str]:
        return {lang: text for lang, text in shown.items() if text}

    def told(self, shown: Any) -> list[str]:
        return [f"{lang}: {text}" for lang, text in shown.items() if text]


@dataclass(frozen=True, kw_only=True)
class WordLists(Words):
    """Lists of text in the three languages, one entry per line."""

    rows: int = 3
    most: int = 3_000

    def shown(self, value: Any) -> dict[str, str]:
        return {lang: "\n".join((value or {}).get(lang, ())) for lang in LANGUAGES}

    def value(self, shown: Mapping[str, str]) -> Any:
        return {lang: reading.words_of(text) for lang, text in shown.items() if text}

    def told(self, shown: Any) -> list[str]:
        return [f"{lang}: {', '.join(text.splitlines())}" for lang, text in shown.items() if text]


@dataclass(frozen=True, kw_only=True)
class Ref(Field):
    """The id of a record of the type `target`; see `reference_values` for display and parsing."""

    to: str
    most: int = PICK
    widget: ClassVar[str] = "ref"


@dataclass(frozen=True, kw_only=True)
class Refs(Ref):
    """Ids of several records."""

    widget: ClassVar[str] = "refs"

    @property
    def first(self) -> str:
        return f"{self.id}-0"

    def shown(self, value: Any) -> list[str]:
        return list(value or ())

    def typed(self, form: Form) -> list[str]:
        return list(dict.fromkeys(filter(None, reading.lines(form, self.name, self.most))))

    def told(self, shown: Any) -> list[str]:
        return list(shown)


@dataclass(frozen=True)
class Column:
    """One input of every row; with options it is a choice."""

    name: str
    label: Any
    most: int = 200
    options: Options | None = None
    hint: Any = ""


@dataclass(frozen=True, kw_only=True)
class Rows(Field):
    """A repeated group of inputs.

    A row counts if its first text input is filled, or with `any_column` any of them.
    """

    columns: tuple[Column, ...]
    to_rows: Callable[[Any], list[dict[str, str]]] = lambda value: [dict(it) for it in value or ()]
    from_rows: Callable[[list[dict[str, str]]], Any] = lambda rows: [
        {name: text for name, text in row.items() if text} for row in rows
    ]
    any_column: bool = False
    widget: ClassVar[str] = "rows"

    @property
    def first(self) -> str:
        return f"{self.id}-0-{self.columns[0].name}"

    def shown(self, value: Any) -> list[dict[str, str]]:
        rows = self.to_rows(value)
        return [{it.name: str(row.get(it.name, "")) for it in self.columns} for row in rows]

    def typed(self, form: Form) -> list[dict[str, str]]:
        columns = [reading.lines(form, f"{self.name}.{it.name}", it.most) for it in self.columns]
        names = [it.name for it in self.columns]
        rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=False)]
        return [row for row in rows if self._is_filled(row)]

    def value(self, shown: list[dict[str, str]]) -> Any:
        return self.from_rows(shown)

    def told(self, shown: Any) -> list[str]:
        return [" · ".join(text for text in row.values() if text) for row in shown]

    def blank(self, shown: list[dict[str, str]]) -> list[dict[str, str]]:
        """Return the empty rows below the filled ones; for names, one for each missing language.

        A language alone does not make a row filled.
        """
        named = any(it.name == "lang" for it in self.columns)
        there = {row["lang"] for row in shown} if named else set(LANGUAGES)
        rows: list[dict[str, str]] = [{"lang": lang} for lang in LANGUAGES if lang not in there]
        return rows + [{}] * (EMPTY_ROWS - len(rows))

    def _is_filled(self, row: Mapping[str, str]) -> bool:
        # A choice always has a value.
        free = [it.name for it in self.columns if it.options is None]
        return any(row[name] for name in (free if self.any_column else free[:1]))


def id_of(path: str) -> str:
    """Return the input id of a record path: `names-1-text` for `names[1].text`."""
    return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-")


def value_at(record: Mapping[str, Any], name: str) -> Any:
    """Return the value of a record at a dotted path; None if it is missing."""
    value: Any = record
    for step in name.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def put_at(record: dict[str, Any], name: str, value: Any) -> None:
    """Set the value of a record at a dotted path; an empty value removes the key."""
    *steps, last = name.split(".")
    for step in steps:
        record[step] = dict(record.get(step) or {})
        record = record[step]
    if value in (None, "", [], {}):
        record.pop(last, None)
    else:
        record[last] = value
