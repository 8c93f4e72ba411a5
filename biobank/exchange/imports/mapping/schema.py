"""The schema of mapping files; every error is reported with its path."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from biobank.exchange.formats.csv import TABLE_ENCODINGS
from biobank.exchange.imports.items import TextLoader, mark_position, parse_yaml
from biobank.exchange.imports.mapping.rules import (
    UNKNOWN_VALUE_POLICIES,
    FixedSource,
    PlaceRule,
    TableMapping,
    ValueRule,
    parse_record_template,
    placeholder_columns,
)
from biobank.exchange.imports.message_texts import N_
from biobank.exchange.imports.messages import UnreadableFile
from biobank.records.fields import Id
from biobank.records.places.schemas import VALID_PLACE_KINDS
from biobank.records.sources.schemas import Csl
from biobank.records.validation import iter_problems
from biobank.records.vocabulary.models import VOCABULARIES

#: Formats that a mapping can read.
MAPPED_FORMATS = ("csv", "tsv", "xlsx", "jsonl")
MAX_COLUMN_NAME_CHARS = 200
#: A date pattern: day, month and year with separators.
DATE_PATTERN_SYNTAX = re.compile(r"(dd|mm|yyyy|d|m)([./\- ])(dd|mm|yyyy|d|m)(?:\2(dd|mm|yyyy|d|m))?")
DATE_FORMATS = ("edtf", "typed", "year")
#: Keys that make an object of the mapping a rule instead of an object of the record.
RULE_SOURCE_KEYS = ("from", "template", "keys")


def column_field(**kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Length(1, MAX_COLUMN_NAME_CHARS), **kwargs)


class TextListField(fields.List[Any]):
    """A list of texts; a single text may be written without brackets."""

    def __init__(self, max_items: int = 50, **kwargs: Any) -> None:
        kwargs.setdefault("validate", validate.Length(1, max_items))
        super().__init__(column_field(), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        return super()._deserialize([value] if isinstance(value, str) else value, attr, data, **kwargs)


class MappingSchema(Schema):
    error_messages = {  # noqa: RUF012 - marshmallow's own idiom
        "unknown": N_("Unknown key in the mapping file."),
        "type": N_("This must be an object with keys."),
    }


class PlaceRuleSchema(MappingSchema):
    country = column_field()
    lat = column_field()
    lon = column_field()
    kind = fields.String(validate=validate.OneOf(VALID_PLACE_KINDS))
    lang = fields.String(validate=validate.Length(2, 12))
    bring = fields.Boolean()

    @validates_schema
    def check_coordinates(self, data: Mapping[str, Any], **_: Any) -> None:
        if ("lat" in data) != ("lon" in data):
            raise ValidationError(N_("Enter both lat and lon, or neither."))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> PlaceRule:
        return PlaceRule(**data)


class ValueMapField(fields.Dict):
    """A map from values of the file to values of the record: one, several or none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, Mapping):
            raise ValidationError(N_("This must be an object: {source value: Biobank value}."))
        result = {}
        for source_value, record_values in value.items():
            texts = [] if record_values is None else record_values
            texts = [texts] if isinstance(texts, str) else texts
            if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
                message = N_("This must be text, a list of texts or null.")
                raise ValidationError({str(source_value): [message]})
            result[str(source_value)] = texts
        return result


class RuleSchema(MappingSchema):
    columns = TextListField(10, data_key="from")
    template = fields.String(validate=validate.Length(1, 500))
    keys = column_field()
    split = fields.String(validate=validate.Length(1, 10))
    starts = fields.String(validate=validate.Length(1, 50))
    turn = fields.Boolean()
    values = ValueMapField()
    if_unknown = fields.String(data_key="unknown", validate=validate.OneOf(UNKNOWN_VALUE_POLICIES))
    default = fields.String(validate=validate.Length(1, 500))
    date = fields.String()
    negative = fields.String(validate=validate.OneOf(("bce", "astronomical")))
    first_of_january = fields.String(validate=validate.OneOf(("day", "year")))
    term = fields.String(validate=validate.OneOf(VOCABULARIES))
    country = fields.Boolean()
    place = fields.Nested(PlaceRuleSchema)

    @validates_schema
    def check_sources(self, data: Mapping[str, Any], **_: Any) -> None:
        sources = [key for key in ("columns", "template", "keys") if key in data]
        if len(sources) > 1:
            raise ValidationError(N_("Use only one of from, template and keys."))
        if len([key for key in ("date", "term", "country", "place") if data.get(key)]) > 1:
            raise ValidationError(N_("Use only one of date, term, country and place."))
        if "template" in data and not placeholder_columns(data["template"]):
            raise ValidationError(
                N_(
                    "The template contains no column. Put a column name in braces, or write plain text instead."
                ),
                "template",
            )
        if data.get("if_unknown") == "keep" and data.get("place"):
            message = N_("An unknown place cannot be kept as is. Use bring to add it.")
            raise ValidationError(message, "unknown")
        date = data.get("date")
        if date and date not in DATE_FORMATS and not _is_date_pattern(date):
            message = N_("Use edtf, typed, year or a pattern such as dd.mm.yyyy.")
            raise ValidationError(message, "date")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> ValueRule:
        return ValueRule(**data)


def _is_date_pattern(text: str) -> bool:
    match = DATE_PATTERN_SYNTAX.fullmatch(text)
    letters = sorted(part[0] for part in match.groups() if part and part[0] in "dmy") if match else []
    return letters in (["d", "m", "y"], ["m", "y"])


class FixedSourceSchema(MappingSchema):
    id = Id(required=True)
    csl = Csl()
    locator: fields.Field[Any] = fields.Raw()
    cites = TextListField(3, validate=validate.ContainsOnly(("birth", "death", "floruit")))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> FixedSource:
        locator = data.pop("locator", None)
        if locator is not None:
            if isinstance(locator, str):
                locator = {"template": locator}
            try:
                data["locator"] = rule_schema.load(locator)
            except ValidationError as error:
                raise ValidationError({"locator": error.messages}) from error
        return FixedSource(**data)


class RecordTemplateField(fields.Field[Any]):
    """The record, with rules in place of values."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return parse_record_template(value, is_rule, rule_schema.load)


class TableMappingSchema(MappingSchema):
    format = fields.String(validate=validate.OneOf(MAPPED_FORMATS))
    encoding = fields.String(validate=validate.OneOf(TABLE_ENCODINGS))
    separator = fields.String(validate=validate.Length(equal=1))
    sheet = fields.String(validate=validate.Length(1, 31))
    key = TextListField(5)
    where = fields.Dict(keys=column_field(), values=TextListField(1_000))
    empty = TextListField(100)
    source = fields.Nested(FixedSourceSchema)
    record = RecordTemplateField(required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> TableMapping:
        return TableMapping(**{**data, "empty": frozenset(data.get("empty", ()))})


def is_rule(value: Any) -> bool:
    return isinstance(value, Mapping) and any(key in value for key in RULE_SOURCE_KEYS)


rule_schema = RuleSchema()
table_mapping_schema = TableMappingSchema()


#: Bytes of a mapping: room for a thousand values.
MAX_MAPPING_BYTES = 500_000
MAX_MAPPING_PROBLEMS = 20
#: Nesting levels of a mapping; the deepest rule has eight.
MAX_MAPPING_DEPTH = 30


def load_mapping(file: Path) -> TableMapping:
    """Load a mapping file.

    Raises:
        UnreadableFile: if it cannot be read or is invalid.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_MAPPING_BYTES + 1)
    except OSError as error:
        raise UnreadableFile("yaml_unopened", file=str(file), why=error.strerror) from error
    return parse_mapping(content, file.name)


def parse_mapping(content: bytes, name: str) -> TableMapping:
    """Parse the bytes of a mapping file called `name`.

    Raises:
        UnreadableFile: with the position of invalid YAML, or the path of each error.
    """
    if len(content) > MAX_MAPPING_BYTES:
        raise UnreadableFile("map_long", file=name, most=MAX_MAPPING_BYTES)
    document = parse_yaml(content, name, lambda text: _check_events(text, name))
    try:
        mapping: TableMapping = table_mapping_schema.load(document)
    except ValidationError as error:
        problems = list(iter_problems(error.messages))
        listing = [problem.to_dict() for problem in problems[:MAX_MAPPING_PROBLEMS]]
        raise UnreadableFile("map_wrong", file=name, problems=listing) from error
    return mapping


def _check_events(text: str, name: str) -> None:
    """Refuse aliases, which can make a small file endless, and excessive nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=TextLoader):
        line, column = mark_position(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableFile("yaml_broken", file=name, fault="alias", line=line, column=column)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_MAPPING_DEPTH:
            raise UnreadableFile("map_deep", file=name, most=MAX_MAPPING_DEPTH, line=line)
