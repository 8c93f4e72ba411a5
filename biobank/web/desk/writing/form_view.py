"""View models of the form template: fields, groups, rows, lists and sections."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldView:
    """One field; `id` is also its name, `lang` the language of the typed text, if known."""

    id: str
    key: str
    kind: str
    label: str
    text: str
    max_length: int
    autocomplete: str = ""
    offered: str = ""
    hint: str = ""
    lang: str = ""
    lines: int = 1
    options: tuple[tuple[str, str], ...] = ()
    empty: bool = True
    #: The square thumbnail, if the value is the address of a picture of the bank.
    picture: str = ""
    shape: str = "field"


@dataclass(frozen=True)
class GroupView:
    """Related fields; `folded` groups are collapsed at first."""

    id: str
    key: str
    label: str
    hint: str
    parts: "tuple[Any, ...]"
    count: int
    by_language: bool
    folded: bool
    shape: str = "group"


@dataclass(frozen=True)
class RowView:
    """One row of a list; `number` counts from 1."""

    id: str
    number: str
    label: str
    parts: "tuple[Any, ...]"


@dataclass(frozen=True)
class RepeatView:
    """Rows, the button that adds one, and the template row that JavaScript copies."""

    id: str
    key: str
    label: str
    hint: str
    add: str
    button: str
    rows: tuple[RowView, ...]
    max_length: int
    single: bool
    folded: bool
    #: None for citations, which share one template.
    template: RowView | None
    shape: str = "list"


@dataclass(frozen=True)
class SectionView:
    """Fields of the record under one heading; `open` sections are expanded at first."""

    id: str
    title: str
    parts: tuple[Any, ...]
    count: int
    open: bool
