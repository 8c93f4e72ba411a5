"""What the template of the form draws: fields, groups, rows and lists of them, sections."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Field:
    """One field; `id` is its name too. `lang` is the language of what is typed, if it has one."""

    id: str
    key: str
    kind: str
    label: str
    text: str
    most: int
    pick: str = ""
    offered: str = ""
    hint: str = ""
    lang: str = ""
    lines: int = 1
    options: tuple[tuple[str, str], ...] = ()
    empty: bool = True
    #: Of an address that is one of the bank's pictures: its square.
    picture: str = ""
    shape: str = "field"


@dataclass(frozen=True)
class Group:
    """Fields that belong together; `folded` where they are shown when asked for."""

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
class Row:
    """One row of a list; `number` counts from 1."""

    id: str
    number: str
    label: str
    parts: "tuple[Any, ...]"


@dataclass(frozen=True)
class Listing:
    """Rows, the button that adds one, and the row that JavaScript copies."""

    id: str
    key: str
    label: str
    hint: str
    add: str
    button: str
    rows: tuple[Row, ...]
    most: int
    single: bool
    folded: bool
    #: None for citations: one template serves all of them.
    template: Row | None
    shape: str = "list"


@dataclass(frozen=True)
class Section:
    """Some fields of the record under one heading; `open` where it is shown at once."""

    id: str
    title: str
    parts: tuple[Any, ...]
    count: int
    open: bool
