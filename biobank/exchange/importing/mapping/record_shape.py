"""The record template of a mapping, checked against the schema of people.

Errors of a mapping are reported before any row is read.
"""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from biobank.exchange.importing.mapping.rules import Entries, Fields, Node, Rule
from biobank.i18n import LANGUAGES
from biobank.records.fields import Localized
from biobank.records.people.schemas import person_schema

IsRule = Callable[[Any], bool]
ReadRule = Callable[[Any], Rule]


def read_record(value: Any, is_rule: IsRule, read_rule: ReadRule) -> Fields:
    """Parse `value` as a record template.

    Raises:
        ValidationError: with the path of every error.
    """
    node = _Reader(is_rule, read_rule).object(value, person_schema)
    if "names" not in node.fields:
        raise ValidationError({"names": ["Is required: nobody is without a name."]})
    return node


class _Reader:
    def __init__(self, is_rule: IsRule, read_rule: ReadRule) -> None:
        self.is_rule = is_rule
        self.read_rule = read_rule

    def object(self, value: Any, schema: Schema) -> Fields:
        required = frozenset(name for name, field in schema.fields.items() if field.required)
        return Fields(self._each(value, lambda name: schema.fields.get(name)), required)

    def _each(
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
                        "There is no such field; see the record in docs/record.md."
                    )
                nodes[str(name)] = self.node(inner, field)
            except ValidationError as error:
                problems[str(name)] = error.messages
        if problems:
            raise ValidationError(problems)
        return nodes

    def node(self, value: Any, field: fields.Field[Any]) -> Node:
        if isinstance(field, fields.List):
            return self._list(value, field.inner)
        if isinstance(field, fields.Nested):
            return self.object(value, field.schema)
        if isinstance(field, Localized):
            text = fields.String()
            return Fields(self._each(value, lambda name: text if name in LANGUAGES else None))
        if isinstance(field, fields.Dict):
            text = fields.String()
            return Fields(self._each(value, lambda _: text))
        return self._leaf(value)

    def _list(self, value: Any, inner: fields.Field[Any]) -> Entries:
        entries = value if isinstance(value, list) else [value]
        nodes: list[Node] = []
        problems: dict[int, Any] = {}
        for index, entry in enumerate(entries):
            try:
                nodes.append(self.node(entry, inner))
            except ValidationError as error:
                problems[index] = error.messages
        if problems:
            raise ValidationError(problems)
        return Entries(nodes)

    def _leaf(self, value: Any) -> Node:
        if self.is_rule(value):
            return self.read_rule(value)
        if isinstance(value, str):
            return value
        raise ValidationError("Must be a text, or a rule: {from: column}, {template: …}.")
