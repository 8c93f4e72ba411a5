"""The record template of a mapping, checked against the schema of people.

Errors of a mapping are reported before any row is read.
"""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from biobank.common.i18n import LANGUAGES
from biobank.exchange.imports.mapping.rules import ListNode, Node, ObjectNode, ValueRule
from biobank.records.fields import Localized
from biobank.records.people.schemas import person_schema

IsRule = Callable[[Any], bool]
ReadRule = Callable[[Any], ValueRule]


def parse_record_template(value: Any, is_rule: IsRule, read_rule: ReadRule) -> ObjectNode:
    """Parse `value` as a record template.

    Raises:
        ValidationError: with the path of every error.
    """
    node = _TemplateReader(is_rule, read_rule).read_object(value, person_schema)
    if "names" not in node.fields:
        raise ValidationError({"names": ["Is required: nobody is without a name."]})
    return node


class _TemplateReader:
    def __init__(self, is_rule: IsRule, read_rule: ReadRule) -> None:
        self.is_rule = is_rule
        self.read_rule = read_rule

    def read_object(self, value: Any, schema: Schema) -> ObjectNode:
        required = frozenset(name for name, field in schema.fields.items() if field.required)
        return ObjectNode(self._read_fields(value, lambda name: schema.fields.get(name)), required)

    def _read_fields(
        self, value: Any, field_of: Callable[[str], fields.Field[Any] | None]
    ) -> dict[str, Node]:
        if not isinstance(value, Mapping):
            raise ValidationError("Must be an object of fields.")
        nodes: dict[str, Node] = {}
        problems: dict[str, Any] = {}
        for name, inner in value.items():
            field = field_of(str(name))
            try:
                if field is None:
                    raise ValidationError(
                        "There is no such field; see the record in docs/reference/record.md."
                    )
                nodes[str(name)] = self.read_node(inner, field)
            except ValidationError as error:
                problems[str(name)] = error.messages
        if problems:
            raise ValidationError(problems)
        return nodes

    def read_node(self, value: Any, field: fields.Field[Any]) -> Node:
        if isinstance(field, fields.List):
            return self._read_list(value, field.inner)
        if isinstance(field, fields.Nested):
            return self.read_object(value, field.schema)
        if isinstance(field, Localized):
            text = fields.String()
            return ObjectNode(
                self._read_fields(value, lambda name: text if name in LANGUAGES else None)
            )
        if isinstance(field, fields.Dict):
            text = fields.String()
            return ObjectNode(self._read_fields(value, lambda _: text))
        return self._read_leaf(value)

    def _read_list(self, value: Any, inner: fields.Field[Any]) -> ListNode:
        entries = value if isinstance(value, list) else [value]
        nodes: list[Node] = []
        problems: dict[int, Any] = {}
        for index, entry in enumerate(entries):
            try:
                nodes.append(self.read_node(entry, inner))
            except ValidationError as error:
                problems[index] = error.messages
        if problems:
            raise ValidationError(problems)
        return ListNode(nodes)

    def _read_leaf(self, value: Any) -> Node:
        if self.is_rule(value):
            return self.read_rule(value)
        if isinstance(value, str):
            return value
        raise ValidationError("Must be a text, or a rule: {from: column}, {template: …}.")
