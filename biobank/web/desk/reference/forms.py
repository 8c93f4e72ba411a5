"""The form of a reference record: its inputs and the record they describe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from biobank.errors import FieldError
from biobank.names.slug import slugify
from biobank.records.reference.kinds import TERM_KIND
from biobank.web.core import forms
from biobank.web.desk.reference.entity_types import EntityType
from biobank.web.desk.reference.fields import ReferenceFormField, RowsField, input_id, set_value_at, value_at
from biobank.web.desk.reference.labels import problem_text
from biobank.web.desk.reference.reference_values import resolve_input

Record = Mapping[str, Any]
#: Maximum length of an id, in characters.
MAX_REFERENCE_ID_CHARS = 120


@dataclass(frozen=True)
class FormInputs:
    """The values of the inputs of a form, by field name."""

    values: Mapping[str, Any]
    id: str = ""
    vocabulary: str = ""


def inputs_from_record(entity_type: EntityType, record: Record) -> FormInputs:
    """Return the inputs of a stored record; empty ones for a new record."""
    return FormInputs(
        {field.name: field.to_input(value_at(record, field.name)) for field in entity_type.fields},
        record.get("id", ""),
        record.get("vocabulary", ""),
    )


def inputs_from_form(entity_type: EntityType, vocabulary: str | None = None) -> FormInputs:
    """Return the submitted inputs, with ids in place of unambiguous references."""
    vocabulary = forms.read_line("vocabulary", 20) if vocabulary is None else vocabulary
    return FormInputs(
        {field.name: resolve_input(field, field.read_form(), vocabulary) for field in entity_type.fields},
        forms.read_line("id", MAX_REFERENCE_ID_CHARS),
        vocabulary,
    )


def record_from_inputs(entity_type: EntityType, inputs: FormInputs, before: Record) -> dict[str, Any]:
    """Return the record that the inputs describe; keys without a field are taken from `before`."""
    record = dict(before)
    for field in entity_type.fields:
        previous = value_at(before, field.name)
        current = inputs.values[field.name]
        if current != field.to_input(previous):
            set_value_at(record, field.name, field.from_input(current))
    if not before:
        record["id"] = inputs.id or slugify(_default_name(entity_type, inputs))
        if entity_type.kind is TERM_KIND:
            record["vocabulary"] = inputs.vocabulary
    return record


def field_errors(
    entity_type: EntityType, inputs: FormInputs, problems: Sequence[FieldError]
) -> list[FieldError]:
    """Return the error messages, each with the id of its input."""
    errors = []
    for problem in problems:
        field = _field_at(entity_type, problem.path)
        label = f"{_label_at(field, problem.path)}: " if field else ""
        errors.append(
            FieldError(_input_at(field, problem.path, inputs), message=f"{label}{problem_text(problem)}")
        )
    return list(dict.fromkeys(errors))


def _default_name(entity_type: EntityType, inputs: FormInputs) -> str:
    """Return the name from which an id is generated."""
    first = inputs.values[entity_type.fields[0].name]
    if entity_type.name == "sources":
        return str(inputs.values["csl.title"])
    if isinstance(first, Mapping):
        return next((text for text in (first["en"], first["az"], first["ru"]) if text), "")
    return str(first[0]["text"]) if first else ""


def _field_at(entity_type: EntityType, path: str) -> ReferenceFormField | None:
    """Return the field that contains a path of the record."""
    for field in entity_type.fields:
        if path == field.name or path.startswith((f"{field.name}.", f"{field.name}[")):
            return field
    return None


def _label_at(field: ReferenceFormField, path: str) -> str:
    """Return the label of the input at a path, including the column of a row."""
    column_name = path.rpartition("].")[2]
    columns = field.columns if isinstance(field, RowsField) else ()
    return ", ".join(
        [str(field.label), *(str(column.label) for column in columns if column.name == column_name)]
    )


def _input_at(field: ReferenceFormField | None, path: str, inputs: FormInputs) -> str:
    """Return the id of the input at a path, or of the field's first input if there is none."""
    if field is None:
        return input_id(path) if path in ("id", "vocabulary", "merge") else ""
    target_id = input_id(path)
    if isinstance(field, RowsField):
        rows = range(len(inputs.values[field.name]))
        known_ids = {f"{field.id}-{row}-{column.name}" for row in rows for column in field.columns}
        return target_id if target_id in known_ids else field.first_input_id
    if isinstance(inputs.values[field.name], Mapping):
        return (
            target_id
            if target_id in {f"{field.id}-{lang}" for lang in inputs.values[field.name]}
            else field.first_input_id
        )
    return target_id if path.startswith(f"{field.name}[") else field.first_input_id
