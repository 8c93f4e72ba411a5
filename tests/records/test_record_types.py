"""The types of a record have the fields of the schemas that load it."""

import types
from collections.abc import Mapping
from typing import Any, Literal, NotRequired, Required, get_args, get_origin, get_type_hints

import pytest
from marshmallow import Schema, fields, validate

from biobank.records.fields import Localized
from biobank.records.people import record as types_of
from biobank.records.people import schemas

TYPES: Mapping[type[Schema], Any] = {
    schemas.CiteSchema: types_of.Cite,
    schemas.NameSchema: types_of.NameRecord,
    schemas.OriginalSchema: types_of.OriginalDate,
    schemas.MomentSchema: types_of.VitalEvent,
    schemas.FloruitSchema: types_of.VitalEvent,
    schemas.EventSchema: types_of.EventRecord,
    schemas.RelationSchema: types_of.RelationRecord,
    schemas.MembershipSchema: types_of.MembershipRecord,
    schemas.WorkSchema: types_of.WorkRecord,
    schemas.AwardSchema: types_of.AwardRecord,
    schemas.MediaSchema: types_of.MediaRecord,
    schemas.CheckedSchema: types_of.CheckRecord,
    schemas.PersonSchema: types_of.PersonRecord,
}
#: Fields with another type in the schema: a stored record has ids only, and always its own.
STORED_FIELDS = {("PersonSchema", "sources"), ("PersonSchema", "id")}


def test_every_schema_of_a_record_has_a_type() -> None:
    defined = {
        value
        for value in vars(schemas).values()
        if isinstance(value, type) and issubclass(value, schemas.RecordSchema)
    }
    assert defined - {schemas.RecordSchema} == set(TYPES)


@pytest.mark.parametrize("schema", TYPES, ids=lambda schema: schema.__name__)
def test_fields_have_the_type_of_the_schema(schema: type[Schema]) -> None:
    hints = get_type_hints(TYPES[schema], include_extras=True)
    declared: Mapping[str, fields.Field[Any]] = schema().fields
    assert set(hints) == set(declared)
    for name, field in declared.items():
        if (schema.__name__, name) not in STORED_FIELDS:
            assert _plain(hints[name]) == _expected_type(field), name
            assert (name in TYPES[schema].__required_keys__) == field.required, name


def _plain(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) in (Required, NotRequired) else hint


def _expected_type(field: fields.Field[Any]) -> Any:
    """Return the type of a loaded field."""
    if isinstance(field, fields.Nested):
        return TYPES[type(field.schema)]
    if isinstance(field, fields.List):
        return types.GenericAlias(list, (_expected_type(field.inner),))
    if isinstance(field, fields.Dict | Localized):
        return dict[str, str]
    if field.name == "gender" and isinstance(field.validate, validate.OneOf):
        return Literal[tuple(field.validate.choices)]
    return str
