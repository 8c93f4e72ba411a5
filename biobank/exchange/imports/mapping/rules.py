"""The parts of a parsed mapping file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, ValidationError, fields

from biobank.common.i18n import LANGUAGES
from biobank.exchange.imports.message_texts import N_
from biobank.records.fields import Localized
from biobank.records.people.schemas import person_schema

#: What to do with a value that a rule does not know.
UNKNOWN_VALUE_POLICIES = ("refuse", "notice", "keep")


@dataclass(frozen=True)
class PlaceRule:
    """How to resolve a place name: columns that narrow it down, and whether to add the place."""

    country: str | None = None
    lat: str | None = None
    lon: str | None = None
    kind: str | None = None
    lang: str = "en"
    bring: bool = False


@dataclass(frozen=True)
class ValueRule:
    """The source of a value and its interpretation."""

    #: Columns, of which the first non-empty one counts.
    columns: Sequence[str] = ()
    #: Text with columns in braces.
    template: str | None = None
    #: A column whose keys are used instead of its values.
    keys: str | None = None
    split: str | None = None
    starts: str | None = None
    turn: bool = False
    values: Mapping[str, Sequence[str]] | None = None
    if_unknown: str = "refuse"
    default: str | None = None
    date: str | None = None
    negative: str = "bce"
    first_of_january: str = "day"
    term: str | None = None
    country: bool = False
    place: PlaceRule | None = None


@dataclass(frozen=True)
class ObjectNode:
    """An object of the record; it is left out if a field of `required` is empty."""

    fields: Mapping[str, "Node"]
    required: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ListNode:
    """A list of the record."""

    entries: Sequence["Node"]


#: A node of the record template: a fixed text, a rule, an object or a list.
Node = str | ValueRule | ObjectNode | ListNode


@dataclass(frozen=True)
class FixedSource:
    """A source that is added to each record, and the facts that cite it."""

    id: str
    csl: Mapping[str, Any] | None = None
    locator: ValueRule | None = None
    cites: Sequence[str] = ("birth", "death")


@dataclass(frozen=True)
class TableMapping:
    """A parsed mapping file."""

    record: ObjectNode
    format: str | None = None
    encoding: str = "utf-8"
    separator: str | None = None
    sheet: str | None = None
    key: Sequence[str] = ()
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    source: FixedSource | None = None


def referenced_columns(mapping: TableMapping) -> list[str]:
    """Return every column that a mapping refers to, once."""
    columns = [*mapping.key, *mapping.where, *_node_columns(mapping.record)]
    if mapping.source and mapping.source.locator:
        columns += _node_columns(mapping.source.locator)
    return list(dict.fromkeys(columns))


def _node_columns(node: Node) -> list[str]:
    if isinstance(node, ObjectNode):
        return [column for inner in node.fields.values() for column in _node_columns(inner)]
    if isinstance(node, ListNode):
        return [column for inner in node.entries for column in _node_columns(inner)]
    if isinstance(node, ValueRule):
        place = node.place or PlaceRule()
        extra = [column for column in (node.keys, place.country, place.lat, place.lon) if column]
        return [*node.columns, *(placeholder_columns(node.template) if node.template else ()), *extra]
    return []


def placeholder_columns(template: str) -> list[str]:
    """Return the columns in braces; `{{` and `}}` are literal braces."""
    unescaped = template.replace("{{", "").replace("}}", "")
    return [part.partition("}")[0] for part in unescaped.split("{")[1:]]


IsRule = Callable[[Any], bool]
ReadRule = Callable[[Any], ValueRule]


def parse_record_template(value: Any, is_rule: IsRule, read_rule: ReadRule) -> ObjectNode:
    """Parse `value` as a record template.

    Raises:
        ValidationError: with the path of every error.
    """
    node = _TemplateReader(is_rule, read_rule).read_object(value, person_schema)
    if "names" not in node.fields:
        raise ValidationError({"names": [N_("Enter a name for the person.")]})
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
            raise ValidationError(N_("This must be an object with fields."))
        nodes: dict[str, Node] = {}
        problems: dict[str, Any] = {}
        for name, inner in value.items():
            field = field_of(str(name))
            try:
                if field is None:
                    raise ValidationError(N_("Unknown field."))
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
            return ObjectNode(self._read_fields(value, lambda name: text if name in LANGUAGES else None))
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
        raise ValidationError(N_("This must be text or a rule: {from: column}, {template: …}."))
