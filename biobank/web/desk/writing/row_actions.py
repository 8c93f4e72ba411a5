"""Row buttons of the form for browsers without scripts.

The whole form is submitted and rendered again with the row added, removed or moved.
"""

from typing import Any

from biobank.web.desk.writing.form_schema import Field, FormNode, Group, Repeat, join_name
from biobank.web.desk.writing.form_tree import Tree, empty_value, find_node

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
