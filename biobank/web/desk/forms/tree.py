"""The submitted fields as a tree, and back.

`events-2-place` is at `events`, 2, `place`. A tree has every field of its schema: text for a field,
a dictionary for a group, a list for a repeat. Rows keep the order of submission whatever their
numbers, so scripts that move, add or remove rows need not renumber the others.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from biobank.web.core.forms import read_line, read_lines, read_text
from biobank.web.desk.forms.schema import (
    SELF_KEY,
    Field,
    FormNode,
    Group,
    Repeat,
    add_button_id,
    first_field_name,
    is_row_number,
    join_name,
    steps_to,
)

Tree = dict[str, Any]
Pair = tuple[str, str]

#: Maximum number of fields of one form, far above the fullest record.
MAX_FORM_FIELDS = 40_000
#: Maximum length of a field name, in characters; the longest is below half of it.
MAX_INPUT_NAME_CHARS = 120


def empty_value(node: FormNode) -> Any:
    """Return the empty value of a node."""
    if isinstance(node, Field):
        return node.default
    if isinstance(node, Group):
        return {key: empty_value(inner) for key, inner in node.fields.items()}
    return []


def is_filled(node: FormNode, value: Any) -> bool:
    """Return whether anything was entered that differs from the default."""
    if isinstance(node, Field):
        return bool(value.strip()) and value != node.default
    if isinstance(node, Group):
        return any(is_filled(inner, value[key]) for key, inner in node.fields.items())
    return any(is_filled_row(node, row) for row in value)


def is_filled_row(node: Repeat, row: Any) -> bool:
    """Return whether a row of a list counts; see `Repeat.key_field`."""
    return bool(row[node.key_field].strip()) if node.key_field else is_filled(node.item, row)


def tree_from_pairs(schema: Group, pairs: Iterable[Pair]) -> Tree:
    """Return the tree of submitted pairs; unknown names are left out."""
    raw: dict[str, Any] = {}
    for number, (name, value) in enumerate(pairs):
        if number >= MAX_FORM_FIELDS:
            break
        if len(name) <= MAX_INPUT_NAME_CHARS:
            _insert(raw, name.split("-"), value.replace("\r\n", "\n"))
    tree: Tree = _shape_value(schema, raw)
    return tree


def read_columns(schema: Group) -> Tree:
    """Return the tree of the submitted form, whose rows repeat the names of their fields: `names.text`.

    Rows without input are left out. One character beyond each limit is kept, so that it is reported.
    """

    def read(node: FormNode, name: str) -> Any:
        if isinstance(node, Field):
            read_field = read_text if node.kind == "passage" else read_line
            return read_field(name, node.max_length + 1)
        if isinstance(node, Group):
            return {key: read(inner, f"{name}.{key}" if name else key) for key, inner in node.fields.items()}
        if isinstance(node.item, Field):
            return list(dict.fromkeys(filter(None, read_lines(name, node.item.max_length + 1))))
        return _read_rows(node, name)

    tree: Tree = read(schema, "")
    return tree


def _read_rows(node: Repeat, name: str) -> list[dict[str, str]]:
    assert isinstance(node.item, Group)
    fields = {key: field for key, field in node.item.fields.items() if isinstance(field, Field)}
    columns = [read_lines(f"{name}.{key}", field.max_length + 1) for key, field in fields.items()]
    rows = [dict(zip(fields, row, strict=True)) for row in zip(*columns, strict=False)]
    return [row for row in rows if is_filled_row(node, row)]


def find_node(schema: Group, tree: Tree, name: str) -> tuple[FormNode, Any] | None:
    """Return the schema node and value of a field name; None if there is no such field."""
    node: FormNode = schema
    value: Any = tree
    steps = list(steps_to(schema, name))
    if not steps or "-".join(step for step, _node in steps) != name:
        return None
    for step, inner in steps:
        if isinstance(node, Repeat) and int(step) >= len(value):
            return None
        value = value[int(step)] if isinstance(node, Repeat) else value[step]
        node = inner
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
    items = [inner for number, inner in rows.items() if is_row_number(number)]
    return [_shape_value(node.item, inner) for inner in items[: node.max_items]]


def iter_fields(schema: FormNode, value: Any, name: str = "") -> Iterator[tuple[str, Field, str]]:
    """Yield every field with its name and text."""
    if isinstance(schema, Field):
        yield name, schema, str(value)
    elif isinstance(schema, Group):
        for key, inner in schema.fields.items():
            yield from iter_fields(inner, value[key], join_name(name, key))
    else:
        for number, row in enumerate(value):
            yield from iter_fields(schema.item, row, join_name(name, number))


def map_fields(
    schema: FormNode, value: Any, transform: Callable[[str, Field, str], str], name: str = ""
) -> Any:
    """Return the tree with every text replaced by `transform(name, field, text)`."""
    if isinstance(schema, Field):
        return transform(name, schema, value)
    if isinstance(schema, Group):
        return {
            key: map_fields(inner, value[key], transform, join_name(name, key))
            for key, inner in schema.fields.items()
        }
    return [map_fields(schema.item, row, transform, join_name(name, n)) for n, row in enumerate(value)]


ROW_ACTIONS = ("add", "remove", "up", "down")


def apply_row_action(schema: Group, tree: Tree, button: str) -> str | None:
    """Apply a button such as `add-events`, `remove-events-2` or `up-events-2-cites-1` to `tree`.

    Returns the name of the field to focus; None for an unknown button.
    """
    action, _, name = button.partition("-")
    if action not in ROW_ACTIONS:
        return None
    if action == "add":
        return _add_row(schema, tree, name)
    path, _, number = name.rpartition("-")
    node, rows = find_node(schema, tree, path) or (None, [])
    if not isinstance(node, Repeat) or find_node(schema, tree, name) is None:
        return None
    return _move_row(node, rows, path, int(number), action)


def _add_row(schema: Group, tree: Tree, name: str) -> str | None:
    node, rows = find_node(schema, tree, name) or (None, [])
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
