"""Field types of the reference forms: conversion between record values and input values.

Input values are text, or lists and mappings of text, so that a rejected form is shown as it was
typed. A field whose input is unchanged keeps its stored value.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from biobank.common.i18n import LANGUAGES
from biobank.web.core import forms
from biobank.web.desk.writing.form_schema import MAX_REFERENCE_CHARS

#: Number of empty rows below the filled ones.
EMPTY_ROW_COUNT: Final = 2
OptionsProvider = Callable[[str], Sequence[tuple[str, str]]]


def _no_options(_lang: str) -> Sequence[tuple[str, str]]:
    return ()


@dataclass(frozen=True, kw_only=True)
class ReferenceFormField:
    """A field at `name`, a dotted path of the record; the template translates its label."""

    name: str
    label: Any
    hint: Any = ""
    max_length: int = 300
    required: bool = False
    widget: ClassVar[str] = "line"

    @property
    def id(self) -> str:
        return input_id(self.name)

    @property
    def first_input_id(self) -> str:
        """Return the id of its first input."""
        return self.id

    def to_input(self, value: Any) -> Any:
        return "" if value is None else str(value)

    def read_form(self) -> Any:
        return forms.read_line(self.name, self.max_length + 1)

    def from_input(self, input_value: Any) -> Any:
        return input_value

    def display_lines(self, input_value: Any) -> list[str]:
        """Return the value as lines of text for users who may only read."""
        return [input_value] if input_value else []


@dataclass(frozen=True, kw_only=True)
class SingleLineField(ReferenceFormField):
    mode: str = ""


@dataclass(frozen=True, kw_only=True)
class NumberField(SingleLineField):
    """A decimal number; a decimal comma is accepted too."""

    max_length: int = 20
    mode: str = "decimal"

    def to_input(self, value: Any) -> str:
        return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")

    def from_input(self, input_value: str) -> Any:
        return input_value.replace(",", ".")


@dataclass(frozen=True, kw_only=True)
class ChoiceField(ReferenceFormField):
    options: OptionsProvider = _no_options
    max_length: int = 60
    widget: ClassVar[str] = "choice"


@dataclass(frozen=True, kw_only=True)
class LocalizedTextField(ReferenceFormField):
    """Text in the three languages; `rows` above 1 makes it a textarea."""

    rows: int = 1
    widget: ClassVar[str] = "words"

    @property
    def first_input_id(self) -> str:
        return f"{self.id}-{LANGUAGES[0]}"

    def to_input(self, value: Any) -> dict[str, str]:
        return {lang: (value or {}).get(lang, "") for lang in LANGUAGES}

    def read_form(self) -> dict[str, str]:
        read_value = forms.read_line if self.rows == 1 else forms.read_text
        return {lang: read_value(f"{self.name}.{lang}", self.max_length + 1) for lang in LANGUAGES}

    def from_input(self, input_value: Mapping[str, str]) -> dict[str, str]:
        return {lang: text for lang, text in input_value.items() if text}

    def display_lines(self, input_value: Any) -> list[str]:
        return [f"{lang}: {text}" for lang, text in input_value.items() if text]


@dataclass(frozen=True, kw_only=True)
class LocalizedListField(LocalizedTextField):
    """Lists of text in the three languages, one entry per line."""

    rows: int = 3
    max_length: int = 3_000

    def to_input(self, value: Any) -> dict[str, str]:
        return {lang: "\n".join((value or {}).get(lang, ())) for lang in LANGUAGES}

    def from_input(self, input_value: Mapping[str, str]) -> Any:
        return {
            lang: list(dict.fromkeys(filter(None, map(str.strip, text.splitlines()))))
            for lang, text in input_value.items()
            if text
        }

    def display_lines(self, input_value: Any) -> list[str]:
        return [f"{lang}: {', '.join(text.splitlines())}" for lang, text in input_value.items() if text]


@dataclass(frozen=True, kw_only=True)
class ReferenceField(ReferenceFormField):
    """The id of a record of the type `target`; see `reference_values` for display and parsing."""

    target: str
    max_length: int = MAX_REFERENCE_CHARS
    widget: ClassVar[str] = "ref"


@dataclass(frozen=True, kw_only=True)
class ReferenceListField(ReferenceField):
    """Ids of several records."""

    widget: ClassVar[str] = "refs"

    @property
    def first_input_id(self) -> str:
        return f"{self.id}-0"

    def to_input(self, value: Any) -> list[str]:
        return list(value or ())

    def read_form(self) -> list[str]:
        return list(dict.fromkeys(filter(None, forms.read_lines(self.name, self.max_length + 1))))

    def display_lines(self, input_value: Any) -> list[str]:
        return list(input_value)


@dataclass(frozen=True)
class RowColumn:
    """One input of every row; with options it is a choice."""

    name: str
    label: Any
    max_length: int = 200
    options: OptionsProvider | None = None
    hint: Any = ""


@dataclass(frozen=True, kw_only=True)
class RowsField(ReferenceFormField):
    """A repeated group of inputs.

    A row counts if its first text input is filled, or with `any_column` any of them.
    """

    columns: tuple[RowColumn, ...]
    to_rows: Callable[[Any], list[dict[str, str]]] = lambda from_input: [
        dict(item) for item in from_input or ()
    ]
    from_rows: Callable[[list[dict[str, str]]], Any] = lambda rows: [
        {name: text for name, text in row.items() if text} for row in rows
    ]
    any_column: bool = False
    widget: ClassVar[str] = "rows"

    @property
    def first_input_id(self) -> str:
        return f"{self.id}-0-{self.columns[0].name}"

    def to_input(self, value: Any) -> list[dict[str, str]]:
        rows = self.to_rows(value)
        return [{column.name: str(row.get(column.name, "")) for column in self.columns} for row in rows]

    def read_form(self) -> list[dict[str, str]]:
        columns = [
            forms.read_lines(f"{self.name}.{column.name}", column.max_length + 1) for column in self.columns
        ]
        names = [column.name for column in self.columns]
        rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=False)]
        return [row for row in rows if self._is_filled(row)]

    def from_input(self, input_value: list[dict[str, str]]) -> Any:
        return self.from_rows(input_value)

    def display_lines(self, input_value: Any) -> list[str]:
        return [" · ".join(text for text in row.values() if text) for row in input_value]

    def blank_rows(self, filled_rows: list[dict[str, str]]) -> list[dict[str, str]]:
        """Return the empty rows below the filled ones; for names, one for each missing language.

        A language alone does not make a row filled.
        """
        has_language = any(column.name == "lang" for column in self.columns)
        used_languages = {row["lang"] for row in filled_rows} if has_language else set(LANGUAGES)
        rows: list[dict[str, str]] = [{"lang": lang} for lang in LANGUAGES if lang not in used_languages]
        return rows + [{}] * (EMPTY_ROW_COUNT - len(rows))

    def _is_filled(self, row: Mapping[str, str]) -> bool:
        # A choice always has a value.
        text_columns = [column.name for column in self.columns if column.options is None]
        return any(row[name] for name in (text_columns if self.any_column else text_columns[:1]))


def input_id(path: str) -> str:
    """Return the input id of a record path: `names-1-text` for `names[1].text`."""
    return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-")


def value_at(record: Mapping[str, Any], name: str) -> Any:
    """Return the value of a record at a dotted path; None if it is missing."""
    value: Any = record
    for step in name.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def set_value_at(record: dict[str, Any], name: str, value: Any) -> None:
    """Set the value of a record at a dotted path; an empty value removes the key."""
    *steps, last = name.split(".")
    for step in steps:
        record[step] = dict(record.get(step) or {})
        record = record[step]
    if value in (None, "", [], {}):
        record.pop(last, None)
    else:
        record[last] = value
