"""Lossless conversion between a record and the tree of its form.

Rows without input are not part of the record. `ParsedRecord.fields` maps record paths to field
names, so that every problem of the record is shown at its field.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from biobank.errors import FieldError
from biobank.records.date_parser.parser import parse_typed_date
from biobank.records.edtf import DateError
from biobank.web.desk.forms.schema import Field, FormNode, Group, Repeat, first_field_name, join_name
from biobank.web.desk.forms.tree import Tree, empty_value, is_filled_row

Record = dict[str, Any]
#: A conversion between the id of a reference and the text of its field.
ReferenceConverter = Callable[[str, str], str]


def keep_text(_kind: str, text: str) -> str:
    """Return the text unchanged; used for references whose field holds the id alone."""
    return text


@dataclass
class ParsedRecord:
    """A record parsed from a form, not validated yet, with the field name of each path."""

    record: Record = field(default_factory=dict)
    #: Field names by record path: `{"events[1].place": "events-3-place"}`.
    fields: dict[str, str] = field(default_factory=dict)
    #: Problems that the record itself cannot express.
    problems: list[FieldError] = field(default_factory=list)

    def field_for(self, path: str) -> str:
        """Return the field of a path or of its nearest enclosing part; empty if there is none."""
        while path and path not in self.fields:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.fields.get(path, "")


def to_tree(schema: Group, record: Mapping[str, Any], to_text: ReferenceConverter = keep_text) -> Tree:
    """Return the form of a record; `to_text` converts an id to the text of its field."""
    tree: Tree = _tree_value(schema, record, to_text)
    return tree


def to_record(schema: Group, tree: Tree, to_id: ReferenceConverter = keep_text) -> ParsedRecord:
    """Return the record of a form; `to_id` converts the text of a reference to its id."""
    reader = _TreeReader(ParsedRecord(), to_id)
    reader.parsed.record = reader.value(schema, tree, "", "") or {}
    return reader.parsed


def with_changes(schema: Group, before: Mapping[str, Any], shown: Record, typed: Record) -> Record:
    """Return the record `before` with what differs between the form as shown and as typed.

    What a form cannot show, such as the season of a date, remains where nothing was changed.
    """
    record = dict(before)
    for key, node in schema.fields.items():
        if isinstance(node, Group) and not node.by_language:
            parts = (record_part.get(key) or {} for record_part in (before, shown, typed))
            value: Any = with_changes(node, *parts)
        elif typed.get(key) == shown.get(key):
            continue
        else:
            value = typed.get(key)
        if value in (None, "", [], {}):
            record.pop(key, None)
        else:
            record[key] = value
    return record


def _tree_value(node: FormNode, value: Any, to_text: ReferenceConverter) -> Any:
    if value is None:
        return empty_value(node) if not isinstance(node, Field) else ""
    if not isinstance(node, Group) and node.converter:
        value = node.converter.to_form(value)
    if isinstance(node, Field):
        return to_text(node.target, value) if node.kind == "pick" else str(value)
    if isinstance(node, Group):
        return {key: _tree_value(inner, value.get(key), to_text) for key, inner in node.fields.items()}
    if node.mapping:
        assert isinstance(node.item, Group)
        value = [dict(zip(node.item.fields, pair, strict=True)) for pair in value.items()]
    return [_tree_value(node.item, row, to_text) for row in value]


@dataclass
class _TreeReader:
    """A tree walker that records the field of every path."""

    parsed: ParsedRecord
    to_id: ReferenceConverter

    def value(self, node: FormNode, value: Any, path: str, name: str) -> Any:
        """Return the value of a part of the tree; None if it is empty."""
        self.parsed.fields.setdefault(path, first_field_name(node, name))
        if isinstance(node, Group):
            values = {
                key: self.value(inner, value[key], f"{path}.{key}" if path else key, join_name(name, key))
                for key, inner in node.fields.items()
            }
            return {key: inner for key, inner in values.items() if inner is not None} or None
        if isinstance(node, Field):
            result = self._field(node, value)
        else:
            result = (
                self._mapping(node, value, path, name)
                if node.mapping
                else self._rows(node, value, path, name)
            )
        return node.converter.from_form(result) if node.converter and result is not None else result

    def _field(self, node: Field, value: str) -> Any:
        text = value if node.kind in ("passage", "markdown") else value.strip()
        if not text.strip():
            return None
        if node.kind == "date":
            return _parse_date(text)
        return self.to_id(node.target, text) or None if node.kind == "pick" else text

    def _rows(self, node: Repeat, rows: list[Any], path: str, name: str) -> Any:
        items: list[Any] = []
        for number, row in enumerate(rows):
            if is_filled_row(node, row):
                inner = self.value(node.item, row, f"{path}[{len(items)}]", join_name(name, number))
                items.append({} if inner is None else inner)
        return items or None

    def _mapping(self, node: Repeat, rows: list[Any], path: str, name: str) -> Any:
        """Convert rows of key and value to a dictionary; a duplicate key is reported."""
        assert isinstance(node.item, Group)
        key_field, value_field = node.item.fields
        pairs: dict[str, str] = {}
        for number, row in enumerate(self._rows(node, rows, path, name) or ()):
            key = row.get(key_field, "")
            if key in pairs:
                path_of_key = f"{path}[{number}].{key_field}"
                self.parsed.problems.append(FieldError(path_of_key, "twice", "Stands here twice; keep one."))
                continue
            pairs[key] = row.get(value_field, "")
            self.parsed.fields[f"{path}.{key}"] = self.parsed.fields[f"{path}[{number}].{value_field}"]
        return pairs or None


def _parse_date(text: str) -> str:
    """Return a typed date as EDTF; invalid text is kept and rejected by validation."""
    try:
        return parse_typed_date(text)
    except DateError:
        return text
