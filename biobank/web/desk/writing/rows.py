"""Row buttons of the form for browsers without scripts.

The whole form is submitted and rendered again with the row added, removed or moved.
"""

from typing import Any

from biobank.web.desk.writing.shape import Leaf, Node, Part, Rows, joined
from biobank.web.desk.writing.tree import Tree, at, empty

WAYS = ("add", "remove", "up", "down")


def change(tree: Tree, do: str) -> str | None:
    """Apply a button such as `add-events`, `remove-events-2` or `up-events-2-cites-1` to `tree`.

    Returns the name of the field to focus; None for an unknown button.
    """
    way, _, name = do.partition("-")
    if way not in WAYS:
        return None
    if way == "add":
        return _add(tree, name)
    path, _, number = name.rpartition("-")
    node, rows = at(tree, path) or (None, [])
    if not isinstance(node, Rows) or at(tree, name) is None:
        return None
    return _move(node, rows, path, int(number), way)


def first_field(node: Node, name: str) -> str:
    """Return the name of the first field within `name`."""
    if isinstance(node, Part):
        key, inner = next(iter(node.fields.items()))
        return first_field(inner, joined(name, key))
    return name if isinstance(node, Leaf) else add_button(name)


def add_button(name: str) -> str:
    """Return the id of the button that adds a row."""
    return f"{name}-add"


def _add(tree: Tree, name: str) -> str | None:
    node, rows = at(tree, name) or (None, [])
    if not isinstance(node, Rows):
        return None
    if len(rows) >= node.most:
        return add_button(name)
    rows.append(empty(node.row))
    return first_field(node.row, joined(name, len(rows) - 1))


def _move(node: Rows, rows: list[Any], path: str, number: int, way: str) -> str:
    if way == "remove":
        del rows[number]
        number = min(number, len(rows) - 1)
        return first_field(node.row, joined(path, number)) if rows else add_button(path)
    other = number - 1 if way == "up" else number + 1
    if not 0 <= other < len(rows):
        other = number
    rows[number], rows[other] = rows[other], rows[number]
    return first_field(node.row, joined(path, other))
