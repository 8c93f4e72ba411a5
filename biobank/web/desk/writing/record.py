"""Lossless conversion between a record and the tree of its form.

Rows without input are not part of the record. `ParsedRecord.fields` maps record paths to field
names, so that every problem of the record is shown at its field.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from biobank.errors import Problem
from biobank.records.edtf import DateError
from biobank.records.typed_dates import read_typed
from biobank.web.desk.writing import csl
from biobank.web.desk.writing.rows import first_field
from biobank.web.desk.writing.shape import FORM, SELF, Leaf, Node, Part, Rows, joined
from biobank.web.desk.writing.tree import Tree, empty

Record = dict[str, Any]
#: A conversion between the id of a reference and the text of its field.
Say = Callable[[str, str], str]


def as_it_is(_of: str, text: str) -> str:
    """Return the text unchanged; used for references whose field holds the id alone."""
    return text


@dataclass
class Read:
    """A record parsed from a form, not validated yet, with the field name of each path."""

    record: Record = field(default_factory=dict)
    #: Field names by record path: `{"events[1].place": "events-3-place"}`.
    fields: dict[str, str] = field(default_factory=dict)
    #: Problems that the record itself cannot express.
    problems: list[Problem] = field(default_factory=list)

    def field_of(self, path: str) -> str:
        """Return the field of a path or of its nearest enclosing part; empty if there is none."""
        while path and path not in self.fields:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.fields.get(path, "")


def to_tree(record: Mapping[str, Any], say: Say = as_it_is) -> Tree:
    """Return the form of a canonical record; `to_text` converts an id to the text of its field."""
    flat = dict(record)
    flat["identifiers"] = [
        {"scheme": scheme, "value": value}
        for scheme, value in (record.get("identifiers") or {}).items()
    ]
    flat["sources"] = [_source_fields(source) for source in record.get("sources") or []]
    tree: Tree = _filled(FORM, flat, say)
    return tree


def to_record(tree: Tree, meant: Say = as_it_is) -> Read:
    """Return the record of a form; `to_id` converts the text of a reference to its id."""
    read = Read()
    reader = _Reader(read.fields, meant)
    read.record = reader.value(FORM, tree, "", "") or {}
    _identifiers(read)
    _sources(read)
    return read


def _filled(node: Node, value: Any, say: Say) -> Any:
    if value is None:
        return empty(node) if not isinstance(node, Leaf) else ""
    if isinstance(node, Leaf):
        return say(node.of, value) if node.kind == "pick" else str(value)
    if isinstance(node, Part):
        return {key: _filled(inner, value.get(key), say) for key, inner in node.fields.items()}
    return [_filled(node.row, row, say) for row in value]


def _source_fields(source: Any) -> dict[str, Any]:
    if isinstance(source, Mapping):
        return {SELF: source["id"], "csl": csl.fields_of(source["csl"])}
    return {SELF: source}


@dataclass
class _Reader:
    """A tree walker that records the field of every path."""

    fields: dict[str, str]
    meant: Say

    def value(self, node: Node, value: Any, path: str, name: str) -> Any:
        """Return the value of a part of the tree; None if it is empty."""
        self.fields.setdefault(path, first_field(node, name))
        if isinstance(node, Leaf):
            text = value if node.kind in ("passage", "markdown") else value.strip()
            if not text.strip():
                return None
            if node.kind == "date":
                return _edtf(text)
            return self.meant(node.of, text) or None if node.kind == "pick" else text
        if isinstance(node, Rows):
            return self._rows(node, value, path, name)
        found = {
            key: self.value(inner, value[key], f"{path}.{key}" if path else key, joined(name, key))
            for key, inner in node.fields.items()
        }
        return {key: inner for key, inner in found.items() if inner is not None} or None

    def _rows(self, node: Rows, rows: list[Any], path: str, name: str) -> Any:
        found: list[Any] = []
        for number, row in enumerate(rows):
            if is_typed(node.row, row):
                inner = self.value(node.row, row, f"{path}[{len(found)}]", joined(name, number))
                found.append({} if inner is None else inner)
        return found or None


def _edtf(text: str) -> str:
    """Return a typed date as EDTF; invalid text is kept and rejected by validation."""
    try:
        return read_typed(text)
    except DateError:
        return text


def is_typed(node: Node, value: Any) -> bool:
    """Return whether anything was entered that differs from the default."""
    if isinstance(node, Leaf):
        return bool(value.strip()) and value != node.start
    if isinstance(node, Part):
        return any(is_typed(inner, value[key]) for key, inner in node.fields.items())
    return any(is_typed(node.row, row) for row in value)


def _identifiers(read: Read) -> None:
    """Convert rows of scheme and value to a dictionary; a duplicate scheme is reported."""
    rows = read.record.pop("identifiers", [])
    found: dict[str, str] = {}
    for number, row in enumerate(rows):
        scheme = row.get("scheme", "")
        name = read.fields[f"identifiers[{number}].value"]
        if scheme in found:
            path = f"identifiers[{number}].scheme"
            read.problems.append(Problem(path, "twice", "Stands here twice; keep one."))
            continue
        found[scheme] = row.get("value", "")
        read.fields[f"identifiers.{scheme}"] = name
    if found:
        read.record["identifiers"] = found


def _sources(read: Read) -> None:
    """Convert source rows: a row with details is a new source, otherwise an id."""
    rows = read.record.pop("sources", [])
    found: list[Any] = []
    for number, row in enumerate(rows):
        path = f"sources[{number}]"
        read.fields[path] = read.fields[f"{path}.id"] = read.fields[f"{path}."]
        read.fields[f"{path}.csl.URL"] = read.fields[f"{path}.csl.url"]
        told = csl.csl_of({**dict.fromkeys(csl.KEYS, ""), **row.get("csl", {})})
        id_ = row.get(SELF, "")
        found.append({"id": id_, "csl": told} if told else id_)
    if found:
        read.record["sources"] = found
