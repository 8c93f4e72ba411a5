"""Lossless conversion between a record and the tree of its form, and between CSL values and typed text.

Rows without input are not part of the record. `ParsedRecord.fields` maps record paths to field
names, so that every problem of the record is shown at its field.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

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


_DAY_REGEX: Final = r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?"
_CSL_DATE_PATTERN: Final = re.compile(rf"{_DAY_REGEX}(?:/{_DAY_REGEX})?", re.ASCII)
#: Maximum number of authors on one line.
MAX_FORM_AUTHORS: Final = 50


def csl_name_rows(people: Any) -> list[dict[str, str]]:
    """Return a list of CSL names as rows; a single name is shown as the family name."""
    if not isinstance(people, list):
        return []
    return [_name_row(person) for person in people if isinstance(person, Mapping)]


def csl_names(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return rows as CSL names: a person if there is a given name, else a literal name."""
    names = ((row.get("family", ""), row.get("given", "")) for row in rows)
    return [
        {"family": family, "given": given} if family and given else {"literal": family or given}
        for family, given in names
    ]


def format_csl_names(people: Any) -> str:
    """Return CSL names on one line: `Hajibeyov, Uzeyir; Azertag`."""
    return "; ".join(", ".join(filter(None, row.values())) for row in csl_name_rows(people))


def parse_csl_names(text: str) -> list[dict[str, str]]:
    """Parse names on one line; a comma separates family and given name."""
    names = [name.strip() for name in text.split(";") if name.strip()][:MAX_FORM_AUTHORS]
    return [_parse_name(name) for name in names]


def format_csl_date(value: Any) -> str:
    """Return a CSL date as `1999`, `1999-05`, `1999-05-01` or `1999/2001`, or its literal text."""
    if not isinstance(value, Mapping):
        return ""
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and all(isinstance(part, list) for part in parts):
        return "/".join(_format_csl_day(part) for part in parts[:2])
    return str(value.get("literal") or value.get("raw") or "")


def parse_csl_date(text: str) -> dict[str, Any]:
    """Parse a typed CSL date; text that is not a date becomes a literal."""
    match = _CSL_DATE_PATTERN.fullmatch(text)
    if not match:
        return {"literal": text}
    days = [[int(part) for part in groups if part] for groups in (match.groups()[:3], match.groups()[3:])]
    return {"date-parts": [day for day in days if day]}


def _parse_name(name: str) -> dict[str, str]:
    family, _comma, given = (part.strip() for part in name.partition(","))
    return {"family": family, "given": given} if family and given else {"literal": name}


def _name_row(person: Mapping[str, Any]) -> dict[str, str]:
    family = person.get("literal") or person.get("family") or ""
    particle = person.get("non-dropping-particle") or ""
    return {
        "family": " ".join(filter(None, (str(particle), str(family)))),
        "given": "" if person.get("literal") else str(person.get("given") or ""),
    }


def _format_csl_day(parts: list[Any]) -> str:
    numbers = [str(part) for part in parts[:3]]
    if not all(number.isdecimal() for number in numbers):
        return " ".join(numbers)
    return "-".join(f"{int(number):0{2 if index else 4}}" for index, number in enumerate(numbers))
