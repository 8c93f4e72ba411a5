"""The submitted fields as a tree, and back.

`events-2-place` is at `events`, 2, `place`. A tree has every field of its schema: text for a field,
a dictionary for a group, a list for a repeat. Rows keep the order of submission whatever their
numbers, so scripts that move, add or remove rows need not renumber the others.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from biobank.web.desk.writing.form_schema import (
    PERSON_FORM,
    SELF_KEY,
    Field,
    FormNode,
    Group,
    Repeat,
    join_name,
)

Tree = dict[str, Any]
Pair = tuple[str, str]

#: Maximum number of fields of one form, far above the fullest record.
MAX_FORM_FIELDS = 40_000
#: Maximum length of a field name, in characters; the longest is below half of it.
MAX_INPUT_NAME_CHARS = 120
#: Maximum number of digits of a row number.
MAX_ROW_DIGITS = 6


def empty_value(node: FormNode) -> Any:
    """Return the empty value of a node."""
    if isinstance(node, Field):
        return node.default
    if isinstance(node, Group):
        return {key: empty_value(inner) for key, inner in node.fields.items()}
    return []


def tree_from_pairs(pairs: Iterable[Pair], schema: Group = PERSON_FORM) -> Tree:
    """Return the tree of submitted pairs; unknown names are left out."""
    raw: dict[str, Any] = {}
    for number, (name, value) in enumerate(pairs):
        if number >= MAX_FORM_FIELDS:
            break
        if len(name) <= MAX_INPUT_NAME_CHARS:
            _insert(raw, name.split("-"), value.replace("\r\n", "\n"))
    tree: Tree = _shape_value(schema, raw)
    return tree


def pairs_from_tree(tree: Tree, schema: Group = PERSON_FORM) -> list[Pair]:
    """Return the fields of a tree as a browser submits them."""
    return [(name, text) for name, _, text in iter_fields(tree, schema)]


def find_node(tree: Tree, name: str, schema: Group = PERSON_FORM) -> tuple[FormNode, Any] | None:
    """Return the schema node and value of a field name; None if there is no such field."""
    node: FormNode = schema
    value: Any = tree
    for step in name.split("-"):
        if isinstance(node, Group) and step in node.fields and step != SELF_KEY:
            node, value = node.fields[step], value[step]
        elif isinstance(node, Repeat) and _is_number(step) and int(step) < len(value):
            node, value = node.item, value[int(step)]
        else:
            return None
    return node, value


def _insert(raw: dict[str, Any], steps: list[str], value: str) -> None:
    for step in steps[:-1]:
        inner = raw.setdefault(step, {})
        if isinstance(inner, str):  # `sources-1` came before `sources-1-csl-title`
            inner = raw[step] = {SELF_KEY: inner}
        raw = inner
    last = steps[-1]
    if isinstance(raw.get(last), dict):
        raw[last].setdefault(SELF_KEY, value)
    else:
        raw.setdefault(last, value)


def _shape_value(node: FormNode, raw: Any) -> Any:
    if isinstance(node, Field):
        return raw if isinstance(raw, str) else ""
    if isinstance(node, Group):
        fields = raw if isinstance(raw, dict) else {SELF_KEY: raw or ""}
        return {key: _shape_value(inner, fields.get(key)) for key, inner in node.fields.items()}
    rows = raw if isinstance(raw, dict) else {}
    items = [inner for number, inner in rows.items() if _is_number(number)]
    return [_shape_value(node.item, inner) for inner in items[: node.max_items]]


def _is_number(step: str) -> bool:
    return step.isascii() and step.isdigit() and len(step) <= MAX_ROW_DIGITS


def iter_fields(
    value: Any, schema: FormNode = PERSON_FORM, name: str = ""
) -> Iterator[tuple[str, Field, str]]:
    """Yield every field with its name and text."""
    if isinstance(schema, Field):
        yield name, schema, str(value)
    elif isinstance(schema, Group):
        for key, inner in schema.fields.items():
            yield from iter_fields(value[key], inner, join_name(name, key))
    else:
        for number, row in enumerate(value):
            yield from iter_fields(row, schema.item, join_name(name, number))


def map_fields(
    value: Any, transform: Callable[[str, Field, str], str], schema: FormNode = PERSON_FORM, name: str = ""
) -> Any:
    """Return the tree with every text replaced by `transform(name, field, text)`."""
    if isinstance(schema, Field):
        return transform(name, schema, value)
    if isinstance(schema, Group):
        return {
            key: map_fields(value[key], transform, inner, join_name(name, key))
            for key, inner in schema.fields.items()
        }
    return [
        map_fields(row, transform, schema.item, join_name(name, index)) for index, row in enumerate(value)
    ]


ROW_ACTIONS = ("add", "remove", "up", "down")


def apply_row_action(tree: Tree, button: str) -> str | None:
    """Apply a button such as `add-events`, `remove-events-2` or `up-events-2-cites-1` to `tree`.

    Returns the name of the field to focus; None for an unknown button.
    """
    action, _, name = button.partition("-")
    if action not in ROW_ACTIONS:
        return None
    if action == "add":
        return _add_row(tree, name)
    path, _, number = name.rpartition("-")
    node, rows = find_node(tree, path) or (None, [])
    if not isinstance(node, Repeat) or find_node(tree, name) is None:
        return None
    return _move_row(node, rows, path, int(number), action)


def first_field_name(node: FormNode, name: str) -> str:
    """Return the name of the first field within `name`."""
    if isinstance(node, Group):
        key, inner = next(iter(node.fields.items()))
        return first_field_name(inner, join_name(name, key))
    return name if isinstance(node, Field) else add_button_id(name)


def add_button_id(name: str) -> str:
    """Return the id of the button that adds a row."""
    return f"{name}-add"


def _add_row(tree: Tree, name: str) -> str | None:
    node, rows = find_node(tree, name) or (None, [])
    if not isinstance(node, Repeat):
        return None
    if len(rows) >= node.max_items:
        return add_button_id(name)
    rows.append(empty_value(node.item))
    return first_field_name(node.item, join_name(name, len(rows) - 1))


def _move_row(node: Repeat, rows: list[Any], path: str, number: int, action: str) -> str:
    if action == "remove":
        del rows[number]
        number = min(number, len(rows) - 1)
        return first_field_name(node.item, join_name(path, number)) if rows else add_button_id(path)
    target = number - 1 if action == "up" else number + 1
    if not 0 <= target < len(rows):
        target = number
    rows[number], rows[target] = rows[target], rows[number]
    return first_field_name(node.item, join_name(path, target))
