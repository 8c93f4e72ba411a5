"""Schemas of forms.

A schema mirrors the record: a `Field` is one input, a `Group` has named members, a `Repeat` is a
list. The id of a field is its path with hyphens: `events[2].place` is `events-2-place`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from biobank.common.i18n import LANGUAGES
from biobank.records.fields import MAX_LINE_CHARS

FieldKind = Literal["line", "passage", "markdown", "date", "address", "number", "pick", "choice"]

#: Maximum length of a label with an id, `Şuşa (susa)`, in characters.
MAX_REFERENCE_CHARS: Final = 500
#: Maximum number of digits of a row number.
MAX_ROW_DIGITS: Final = 6
#: The key of a field that has the name of its group.
SELF_KEY: Final = ""


@dataclass(frozen=True)
class Converter:
    """The conversions of a value of the record to its form, and back."""

    to_form: Callable[[Any], Any]
    from_form: Callable[[Any], Any]


@dataclass(frozen=True)
class Field:
    """One field; `target` is the kind of reference or the set of options.

    `default` is the initial value of a new row; it alone does not make a row filled. `suggestions`
    is a list of values that are offered, `example` a placeholder. Without a label the field has
    the one of its key.
    """

    kind: FieldKind = "line"
    max_length: int = MAX_LINE_CHARS
    target: str = ""
    default: str = ""
    label: Any = None
    hint: Any = None
    suggestions: str = ""
    example: str = ""
    required: bool = False
    converter: Converter | None = None


@dataclass(frozen=True)
class Group:
    """Fields by key; `by_language` groups have one field per language."""

    fields: Mapping[str, "FormNode"]
    by_language: bool = False
    label: Any = None
    hint: Any = None


@dataclass(frozen=True)
class Repeat:
    """A list of at most `max_items` items.

    `row` is the label of a row, `add` of the button that adds one. A list with `blank_rows` has no
    such button but empty rows below the filled ones. With `key_field` a row counts only if this
    field is filled. A `mapping` is an object in the record; rows are its keys and values.
    """

    item: "FormNode"
    max_items: int = 100
    label: Any = None
    hint: Any = None
    row: Any = None
    add: Any = None
    blank_rows: int = 0
    key_field: str = ""
    mapping: bool = False
    converter: Converter | None = None


FormNode = Field | Group | Repeat


def localized(field: Field, label: Any = None, hint: Any = None) -> Group:
    return Group(dict.fromkeys(LANGUAGES, field), by_language=True, label=label, hint=hint)


def reference(target: str, label: Any = None, **options: Any) -> Field:
    return Field("pick", MAX_REFERENCE_CHARS, target, label=label, **options)


def join_name(name: str, key: object) -> str:
    """Return the id of the member `key` within `name`."""
    if key == SELF_KEY:
        return name
    return f"{name}-{key}" if name else str(key)


def add_button_id(name: str) -> str:
    """Return the id of the button that adds a row."""
    return f"{name}-add"


def first_field_name(node: FormNode, name: str) -> str:
    """Return the id of the first field within `name`."""
    if isinstance(node, Group):
        key, inner = next(iter(node.fields.items()))
        return first_field_name(inner, join_name(name, key))
    if isinstance(node, Repeat):
        return first_field_name(node.item, join_name(name, 0)) if node.blank_rows else add_button_id(name)
    return name


def steps_to(schema: FormNode, name: str) -> Iterator[tuple[str, FormNode]]:
    """Yield the keys and row numbers that lead to an id, each with its node, as far as they exist."""
    node, rest = schema, name
    while rest:
        if isinstance(node, Group):
            # A key may contain a hyphen: `publisher` and `publisher-place`.
            matches = [key for key in node.fields if key and f"{rest}-".startswith(f"{key}-")]
            step = max(matches, key=len, default="")
            inner = node.fields.get(step) if step else None
        else:
            step = rest.partition("-")[0]
            inner = node.item if isinstance(node, Repeat) and is_row_number(step) else None
        if inner is None:
            return
        yield step, inner
        node, rest = inner, rest[len(step) + 1 :]


def is_row_number(step: str) -> bool:
    return step.isascii() and step.isdigit() and len(step) <= MAX_ROW_DIGITS


def iter_parts(schema: Group, value: Mapping[str, Any]) -> Iterator[tuple[str, FormNode, Any]]:
    """Yield what a reader sees as one field, with its key and value: fields, texts, lists."""
    for key, node in schema.fields.items():
        if isinstance(node, Group) and not node.by_language:
            yield from iter_parts(node, value[key])
        else:
            yield key, node, value[key]
