"""The schema of mapping files; every error is reported with its path."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from biobank.exchange.importing.mapping.record_shape import read_record
from biobank.exchange.importing.mapping.rules import (
    UNKNOWN,
    FixedSource,
    PlaceRule,
    Rule,
    TableMapping,
    placeholders,
)
from biobank.exchange.importing.tables.lines import ENCODINGS
from biobank.records.fields import Id
from biobank.records.places.schemas import KINDS
from biobank.records.sources.schemas import Csl
from biobank.records.vocabulary.models import VOCABULARIES

#: Formats that a mapping can read.
MAPPED = ("csv", "tsv", "xlsx", "jsonl")
COLUMN_MOST = 200
#: A date pattern: day, month and year with separators.
PATTERN = re.compile(r"(dd|mm|yyyy|d|m)([./\- ])(dd|mm|yyyy|d|m)(?:\2(dd|mm|yyyy|d|m))?")
DATES = ("edtf", "typed", "year")
#: Keys that make an object of the mapping a rule instead of an object of the record.
SOURCES = ("from", "template", "keys")


def column(**kwargs: Any) -> fields.String:
    return fields.String(validate=validate.Length(1, COLUMN_MOST), **kwargs)


class Texts(fields.List[Any]):
    """A list of texts; a single text may be written without brackets."""

    def __init__(self, most: int = 50, **kwargs: Any) -> None:
        kwargs.setdefault("validate", validate.Length(1, most))
        super().__init__(column(), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        return super()._deserialize(
            [value] if isinstance(value, str) else value, attr, data, **kwargs
        )


class MappingPart(Schema):
    error_messages = {  # noqa: RUF012 - marshmallow's own idiom
        "unknown": "There is no such key; see docs/import-formats.md.",
        "type": "Must be an object of keys.",
    }


class PlaceRuleSchema(MappingPart):
    country = column()
    lat = column()
    lon = column()
    kind = fields.String(validate=validate.OneOf(KINDS))
    lang = fields.String(validate=validate.Length(2, 12))
    bring = fields.Boolean()

    @validates_schema
    def both_or_none(self, data: Mapping[str, Any], **_: Any) -> None:
        if ("lat" in data) != ("lon" in data):
            raise ValidationError("Needs both lat and lon, or neither.")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> PlaceRule:
        return PlaceRule(**data)


class Values(fields.Dict):
    """A map from values of the file to values of the record: one, several or none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, Mapping):
            raise ValidationError("Must be an object: {their value: our value}.")
        found = {}
        for theirs, ours in value.items():
            texts = [] if ours is None else [ours] if isinstance(ours, str) else ours
            if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
                raise ValidationError({str(theirs): ["Must be a text, a list of texts or null."]})
            found[str(theirs)] = texts
        return found


class RuleSchema(MappingPart):
    columns = Texts(10, data_key="from")
    template = fields.String(validate=validate.Length(1, 500))
    keys = column()
    split = fields.String(validate=validate.Length(1, 10))
    starts = fields.String(validate=validate.Length(1, 50))
    turn = fields.Boolean()
    values = Values()
    if_unknown = fields.String(data_key="unknown", validate=validate.OneOf(UNKNOWN))
    default = fields.String(validate=validate.Length(1, 500))
    date = fields.String()
    negative = fields.String(validate=validate.OneOf(("bce", "astronomical")))
    first_of_january = fields.String(validate=validate.OneOf(("day", "year")))
    term = fields.String(validate=validate.OneOf(VOCABULARIES))
    country = fields.Boolean()
    place = fields.Nested(PlaceRuleSchema)

    @validates_schema
    def one_source(self, data: Mapping[str, Any], **_: Any) -> None:
        given = [key for key in ("columns", "template", "keys") if key in data]
        if len(given) > 1:
            raise ValidationError("Takes one of from, template and keys.")
        if len([key for key in ("date", "term", "country", "place") if data.get(key)]) > 1:
            raise ValidationError("Reads a value as one thing: date, term, country or place.")
        if "template" in data and not placeholders(data["template"]):
            raise ValidationError(
                "Names no column; write it in braces, or the text alone.", "template"
            )
        if data.get("if_unknown") == "keep" and data.get("place"):
            raise ValidationError("A place that is not known cannot be kept; bring it.", "unknown")
        date = data.get("date")
        if date and date not in DATES and not (_is_pattern(date)):
            message = "Is edtf, typed, year or a pattern such as dd.mm.yyyy."
            raise ValidationError(message, "date")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Rule:
        return Rule(**data)


def _is_pattern(text: str) -> bool:
    found = PATTERN.fullmatch(text)
    letters = (
        sorted(part[0] for part in found.groups() if part and part[0] in "dmy") if found else []
    )
    return letters in (["d", "m", "y"], ["m", "y"])


class FixedSourceSchema(MappingPart):
    id = Id(required=True)
    csl = Csl()
    locator: fields.Field[Any] = fields.Raw()
    cites = Texts(3, validate=validate.ContainsOnly(("birth", "death", "floruit")))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> FixedSource:
        locator = data.pop("locator", None)
        if locator is not None:
            if isinstance(locator, str):
                locator = {"template": locator}
            try:
                data["locator"] = rule_schema.load(locator)
            except ValidationError as error:
                raise ValidationError({"locator": error.messages}) from error
        return FixedSource(**data)


class RecordTemplate(fields.Field[Any]):
    """The record, with rules in place of values."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return read_record(value, is_rule, rule_schema.load)


class TableMappingSchema(MappingPart):
    format = fields.String(validate=validate.OneOf(MAPPED))
    encoding = fields.String(validate=validate.OneOf(ENCODINGS))
    separator = fields.String(validate=validate.Length(equal=1))
    sheet = fields.String(validate=validate.Length(1, 31))
    key = Texts(5)
    where = fields.Dict(keys=column(), values=Texts(1_000))
    empty = Texts(100)
    source = fields.Nested(FixedSourceSchema)
    record = RecordTemplate(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> TableMapping:
        return TableMapping(**{**data, "empty": frozenset(data.get("empty", ()))})


def is_rule(value: Any) -> bool:
    return isinstance(value, Mapping) and any(key in value for key in SOURCES)


rule_schema = RuleSchema()
table_mapping_schema = TableMappingSchema()
