"""The submitted fields as a tree, and back.

`events-2-place` is at `events`, 2, `place`. A tree has every field of its schema: text for a field,
a dictionary for a group, a list for a repeat. Rows keep the order of submission whatever their
numbers, so scripts that move, add or remove rows need not renumber the others.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from biobank.web.desk.writing.shape import FORM, SELF, Leaf, Node, Part, Rows, joined

Tree = dict[str, Any]
Pair = tuple[str, str]

#: Maximum number of fields of one form, far above the fullest record.
FIELDS_MOST = 40_000
#: Maximum length of a field name, in characters; the longest is below half of it.
NAME_MOST = 120
#: Maximum number of digits of a row number.
DIGITS = 6


def empty(node: Node) -> Any:
    """Return the empty value of a node."""
    if isinstance(node, Leaf):
        return node.start
    if isinstance(node, Part):
        return {key: empty(inner) for key, inner in node.fields.items()}
    return []


def read(pairs: Iterable[Pair], form: Part = FORM) -> Tree:
    """Return the tree of submitted pairs; unknown names are left out."""
    raw: dict[str, Any] = {}
    for number, (name, value) in enumerate(pairs):
        if number >= FIELDS_MOST:
            break
        if len(name) <= NAME_MOST:
            _put(raw, name.split("-"), value.replace("\r\n", "\n"))
    tree: Tree = _shaped(form, raw)
    return tree


def pairs_of(tree: Tree, form: Part = FORM) -> list[Pair]:
    """Return the fields of a tree as a browser submits them."""
    return [(name, text) for name, _, text in leaves(tree, form)]


def at(tree: Tree, name: str, form: Part = FORM) -> tuple[Node, Any] | None:
    """Return the schema node and value of a field name; None if there is no such field."""
    node: Node = form
    value: Any = tree
    for step in name.split("-"):
        if isinstance(node, Part) and step in node.fields and step != SELF:
            node, value = node.fields[step], value[step]
        elif isinstance(node, Rows) and _is_number(step) and int(step) < len(value):
            node, value = node.row, value[int(step)]
        else:
            return None
    return node, value


def _put(raw: dict[str, Any], steps: list[str], value: str) -> None:
    for step in steps[:-1]:
        inner = raw.setdefault(step, {})
        if isinstance(inner, str):  # `sources-1` came before `sources-1-csl-title`
            inner = raw[step] = {SELF: inner}
        raw = inner
    last = steps[-1]
    if isinstance(raw.get(last), dict):
        raw[last].setdefault(SELF, value)
    else:
        raw.setdefault(last, value)


def _shaped(node: Node, raw: Any) -> Any:
    if isinstance(node, Leaf):
        return raw if isinstance(raw, str) else ""
    if isinstance(node, Part):
        fields = raw if isinstance(raw, dict) else {SELF: raw or ""}
        return {key: _shaped(inner, fields.get(key)) for key, inner in node.fields.items()}
    rows = raw if isinstance(raw, dict) else {}
    kept = [inner for number, inner in rows.items() if _is_number(number)]
    return [_shaped(node.row, inner) for inner in kept[: node.most]]


def _is_number(step: str) -> bool:
    return step.isascii() and step.isdigit() and len(step) <= DIGITS


def leaves(value: Any, form: Node = FORM, name: str = "") -> Iterator[tuple[str, Leaf, str]]:
    """Yield every field with its name and text."""
    if isinstance(form, Leaf):
        yield name, form, str(value)
    elif isinstance(form, Part):
        for key, inner in form.fields.items():
            yield from leaves(value[key], inner, joined(name, key))
    else:
        for number, row in enumerate(value):
            yield from leaves(row, form.row, joined(name, number))


def changed(
    value: Any, change: Callable[[str, Leaf, str], str], form: Node = FORM, name: str = ""
) -> Any:
    """Return the tree with every text replaced by `transform(name, field, text)`."""
    if isinstance(form, Leaf):
        return change(name, form, value)
    if isinstance(form, Part):
        return {
            key: changed(value[key], change, inner, joined(name, key))
            for key, inner in form.fields.items()
        }
    return [changed(row, change, form.row, joined(name, at)) for at, row in enumerate(value)]
