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
from biobank.web.desk.writing import csl
from biobank.web.desk.writing.form_schema import (
    PERSON_FORM,
    SELF_KEY,
    Field,
    FormNode,
    Group,
    Repeat,
    join_name,
)
from biobank.web.desk.writing.form_tree import Tree, empty_value, first_field_name

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


def to_tree(record: Mapping[str, Any], to_text: ReferenceConverter = keep_text) -> Tree:
    """Return the form of a canonical record; `to_text` converts an id to the text of its field."""
    flat = dict(record)
    flat["identifiers"] = [
        {"scheme": scheme, "value": value} for scheme, value in (record.get("identifiers") or {}).items()
    ]
    flat["sources"] = [_source_fields(source) for source in record.get("sources") or []]
    tree: Tree = _tree_value(PERSON_FORM, flat, to_text)
    return tree


def to_record(tree: Tree, to_id: ReferenceConverter = keep_text) -> ParsedRecord:
    """Return the record of a form; `to_id` converts the text of a reference to its id."""
    parsed = ParsedRecord()
    reader = _TreeReader(parsed.fields, to_id)
    parsed.record = reader.value(PERSON_FORM, tree, "", "") or {}
    _merge_identifiers(parsed)
    _merge_sources(parsed)
    return parsed


def _tree_value(node: FormNode, value: Any, to_text: ReferenceConverter) -> Any:
    if value is None:
        return empty_value(node) if not isinstance(node, Field) else ""
    if isinstance(node, Field):
        return to_text(node.target, value) if node.kind == "pick" else str(value)
    if isinstance(node, Group):
        return {key: _tree_value(inner, value.get(key), to_text) for key, inner in node.fields.items()}
    return [_tree_value(node.item, row, to_text) for row in value]


def _source_fields(source: Any) -> dict[str, Any]:
    if isinstance(source, Mapping):
        return {SELF_KEY: source["id"], "csl": csl.fields_from_csl(source["csl"])}
    return {SELF_KEY: source}


@dataclass
class _TreeReader:
    """A tree walker that records the field of every path."""

    fields: dict[str, str]
    to_id: ReferenceConverter

    def value(self, node: FormNode, value: Any, path: str, name: str) -> Any:
        """Return the value of a part of the tree; None if it is empty."""
        self.fields.setdefault(path, first_field_name(node, name))
        if isinstance(node, Field):
            text = value if node.kind in ("passage", "markdown") else value.strip()
            if not text.strip():
                return None
            if node.kind == "date":
                return _parse_date(text)
            return self.to_id(node.target, text) or None if node.kind == "pick" else text
        if isinstance(node, Repeat):
            return self._rows(node, value, path, name)
        values = {
            key: self.value(inner, value[key], f"{path}.{key}" if path else key, join_name(name, key))
            for key, inner in node.fields.items()
        }
        return {key: inner for key, inner in values.items() if inner is not None} or None

    def _rows(self, node: Repeat, rows: list[Any], path: str, name: str) -> Any:
        items: list[Any] = []
        for number, row in enumerate(rows):
            if is_filled(node.item, row):
                inner = self.value(node.item, row, f"{path}[{len(items)}]", join_name(name, number))
                items.append({} if inner is None else inner)
        return items or None


def _parse_date(text: str) -> str:
    """Return a typed date as EDTF; invalid text is kept and rejected by validation."""
    try:
        return parse_typed_date(text)
    except DateError:
        return text


def is_filled(node: FormNode, value: Any) -> bool:
    """Return whether anything was entered that differs from the default."""
    if isinstance(node, Field):
        return bool(value.strip()) and value != node.default
    if isinstance(node, Group):
        return any(is_filled(inner, value[key]) for key, inner in node.fields.items())
    return any(is_filled(node.item, row) for row in value)


def _merge_identifiers(parsed: ParsedRecord) -> None:
    """Convert rows of scheme and value to a dictionary; a duplicate scheme is reported."""
    rows = parsed.record.pop("identifiers", [])
    identifiers: dict[str, str] = {}
    for number, row in enumerate(rows):
        scheme = row.get("scheme", "")
        name = parsed.fields[f"identifiers[{number}].value"]
        if scheme in identifiers:
            path = f"identifiers[{number}].scheme"
            parsed.problems.append(FieldError(path, "twice", "Stands here twice; keep one."))
            continue
        identifiers[scheme] = row.get("value", "")
        parsed.fields[f"identifiers.{scheme}"] = name
    if identifiers:
        parsed.record["identifiers"] = identifiers


def _merge_sources(parsed: ParsedRecord) -> None:
    """Convert source rows: a row with details is a new source, otherwise an id."""
    rows = parsed.record.pop("sources", [])
    sources: list[Any] = []
    for number, row in enumerate(rows):
        path = f"sources[{number}]"
        parsed.fields[path] = parsed.fields[f"{path}.id"] = parsed.fields[f"{path}."]
        parsed.fields[f"{path}.csl.URL"] = parsed.fields[f"{path}.csl.url"]
        item = csl.csl_from_fields({**dict.fromkeys(csl.SOURCE_FIELDS, ""), **row.get("csl", {})})
        id_ = row.get(SELF_KEY, "")
        sources.append({"id": id_, "csl": item} if item else id_)
    if sources:
        parsed.record["sources"] = sources
