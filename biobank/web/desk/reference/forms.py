"""The form of a reference record: its inputs and the record they describe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from biobank.errors import Problem
from biobank.names.slug import slug
from biobank.records.reference.kinds import TERM
from biobank.web.desk.page import Mistake
from biobank.web.desk.reference import reading
from biobank.web.desk.reference.fields import Field, Rows, id_of, put_at, value_at
from biobank.web.desk.reference.reading import Form
from biobank.web.desk.reference.refs import meant
from biobank.web.desk.reference.room import Room
from biobank.web.desk.reference.words import problem_words

Record = Mapping[str, Any]
#: Maximum length of an id, in characters.
ID_MOST = 120


@dataclass(frozen=True)
class Inputs:
    """The values of the inputs of a form, by field name."""

    shown: Mapping[str, Any]
    id: str = ""
    vocabulary: str = ""


def inputs_of(room: Room, record: Record) -> Inputs:
    """Return the inputs of a stored record; empty ones for a new record."""
    return Inputs(
        {field.name: field.shown(value_at(record, field.name)) for field in room.fields},
        record.get("id", ""),
        record.get("vocabulary", ""),
    )


def inputs_typed(room: Room, form: Form, vocabulary: str | None = None) -> Inputs:
    """Return the submitted inputs, with ids in place of unambiguous references."""
    vocabulary = reading.line(form, "vocabulary", 20) if vocabulary is None else vocabulary
    return Inputs(
        {field.name: meant(field, field.typed(form), vocabulary) for field in room.fields},
        reading.line(form, "id", ID_MOST),
        vocabulary,
    )


def record_of(room: Room, inputs: Inputs, before: Record) -> dict[str, Any]:
    """Return the record that the inputs describe; keys without a field are taken from `before`."""
    record = dict(before)
    for field in room.fields:
        was = value_at(before, field.name)
        shown = inputs.shown[field.name]
        if shown != field.shown(was):
            put_at(record, field.name, field.value(shown))
    if not before:
        record["id"] = inputs.id or slug(_called(room, inputs))
        if room.kind is TERM:
            record["vocabulary"] = inputs.vocabulary
    return record


def mistakes_of(room: Room, inputs: Inputs, problems: Sequence[Problem]) -> list[Mistake]:
    """Return the error messages, each with the id of its input."""
    found = []
    for problem in problems:
        field = _field_at(room, problem.path)
        label = f"{_label_at(field, problem.path)}: " if field else ""
        found.append(
            Mistake(f"{label}{problem_words(problem)}", _input_at(field, problem.path, inputs))
        )
    return list(dict.fromkeys(found))


def _called(room: Room, inputs: Inputs) -> str:
    """Return the name from which an id is generated."""
    first = inputs.shown[room.fields[0].name]
    if room.name == "sources":
        return str(inputs.shown["csl.title"])
    if isinstance(first, Mapping):
        return next((text for text in (first["en"], first["az"], first["ru"]) if text), "")
    return str(first[0]["text"]) if first else ""


def _field_at(room: Room, path: str) -> Field | None:
    """Return the field that contains a path of the record."""
    for field in room.fields:
        if path == field.name or path.startswith((f"{field.name}.", f"{field.name}[")):
            return field
    return None


def _label_at(field: Field, path: str) -> str:
    """Return the label of the input at a path, including the column of a row."""
    last = path.rpartition("].")[2]
    columns = field.columns if isinstance(field, Rows) else ()
    return ", ".join([str(field.label), *(str(it.label) for it in columns if it.name == last)])


def _input_at(field: Field | None, path: str, inputs: Inputs) -> str:
    """Return the id of the input at a path, or of the field's first input if there is none."""
    if field is None:
        return id_of(path) if path in ("id", "vocabulary", "merge") else ""
    wanted = id_of(path)
    if isinstance(field, Rows):
        rows = range(len(inputs.shown[field.name]))
        known = {f"{field.id}-{row}-{it.name}" for row in rows for it in field.columns}
        return wanted if wanted in known else field.first
    if isinstance(inputs.shown[field.name], Mapping):
        return (
            wanted
            if wanted in {f"{field.id}-{lang}" for lang in inputs.shown[field.name]}
            else field.first
        )
    return wanted if path.startswith(f"{field.name}[") else field.first
