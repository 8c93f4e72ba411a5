"""The form of a reference record: what was typed, and the record it describes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import g

from biobank.errors import FieldError, RecordRefused
from biobank.names.slug import slugify
from biobank.records.reference.kinds import TERM_KIND
from biobank.web.core.forms import read_line
from biobank.web.desk.forms.builder import title_of
from biobank.web.desk.forms.mapping import ParsedRecord, to_record, to_tree, with_changes
from biobank.web.desk.forms.references import ReferenceLookup, load_references, resolve_references
from biobank.web.desk.forms.schema import Group
from biobank.web.desk.forms.tree import Tree, read_columns
from biobank.web.desk.reference.entity_types import EntityType
from biobank.web.desk.reference.labels import problem_text

Record = Mapping[str, Any]
#: Maximum length of an id, in characters.
MAX_REFERENCE_ID_CHARS = 120


@dataclass(frozen=True)
class ReferenceForm:
    """A form with references as labels and ids, as `Şuşa (susa)`."""

    schema: Group
    tree: Tree
    lookup: ReferenceLookup
    id: str = ""
    vocabulary: str = ""

    @cached_property
    def parsed(self) -> ParsedRecord:
        """Return the record of the form alone; what matches no record stays as it was typed."""
        parsed = to_record(self.schema, self.tree, lambda kind, text: self.lookup.find_id(kind, text) or text)
        parsed.fields |= {name: name for name in ("id", "vocabulary", "merge")}
        return parsed


def form_from_record(entity_type: EntityType, record: Record) -> ReferenceForm:
    """Return the form of a stored record; an empty one for a new record."""
    vocabulary = record.get("vocabulary", "")
    schema = entity_type.schema(vocabulary)
    lookup = load_references(schema, to_tree(schema, record), g.lang)
    tree = to_tree(schema, record, lookup.display_text)
    return ReferenceForm(schema, tree, lookup, record.get("id", ""), vocabulary)


def submitted_form(
    entity_type: EntityType, id_: str | None = None, vocabulary: str | None = None
) -> ReferenceForm:
    """Return the submitted form; `id_` and `vocabulary` are those of a stored record."""
    vocabulary = read_line("vocabulary", 20) if vocabulary is None else vocabulary
    schema = entity_type.schema(vocabulary)
    tree = read_columns(schema)
    lookup = load_references(schema, tree, g.lang)
    resolved, _ambiguous = resolve_references(schema, tree, lookup)
    id_ = read_line("id", MAX_REFERENCE_ID_CHARS + 1) if id_ is None else id_
    return ReferenceForm(schema, resolved, lookup, id_, vocabulary)


def record_from_form(entity_type: EntityType, form: ReferenceForm, before: Record) -> dict[str, Any]:
    """Return the record that a form describes; what it cannot show is taken from `before`.

    Raises:
        RecordRefused: if a catalogue occurs twice among the identifiers.
    """
    if form.parsed.problems:
        raise RecordRefused(())
    shown = form_from_record(entity_type, before).parsed.record
    record = with_changes(form.schema, before, shown, form.parsed.record)
    if not before:
        record["id"] = form.id or slugify(_default_name(record))
        if entity_type.kind is TERM_KIND:
            record["vocabulary"] = form.vocabulary
    return record


def field_errors(form: ReferenceForm, problems: Sequence[FieldError]) -> list[FieldError]:
    """Return the error messages, each with the id of its field."""
    errors = []
    for problem in (*form.parsed.problems, *problems):
        field = form.parsed.field_for(problem.path)
        title = title_of(form.schema, field)
        text = problem_text(problem)
        errors.append(FieldError(field, problem.code, f"{title}: {text}" if title else text))
    return list(dict.fromkeys(errors))


def _default_name(record: Record) -> str:
    """Return the name from which an id is generated."""
    if "csl" in record:
        return str(record["csl"].get("title", ""))
    labels = record.get("labels") or {}
    names = record.get("names") or [{}]
    return next(
        (labels[lang] for lang in ("en", "az", "ru") if lang in labels), str(names[0].get("text", ""))
    )
