"""The submitted writing form: fields of the record, accompanying values and errors."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask import g

from biobank.common.i18n import LANGUAGES
from biobank.common.text import CONTROL_CHARS
from biobank.editorial.revisions.lookup import generate_source_id
from biobank.editorial.revisions.working_copies import WorkingCopyData
from biobank.errors import FieldError
from biobank.http.extensions import services
from biobank.records.fields import ID_PATTERN
from biobank.web.core.forms import parse_number
from biobank.web.core.gettext import _
from biobank.web.desk.forms import mapping
from biobank.web.desk.forms.builder import title_of
from biobank.web.desk.forms.labels import problem_text
from biobank.web.desk.forms.mapping import ParsedRecord, Record, ReferenceConverter, keep_text
from biobank.web.desk.forms.references import (
    AmbiguousReference,
    ReferenceLookup,
    load_references,
    resolve_references,
)
from biobank.web.desk.forms.schema import SELF_KEY, Repeat
from biobank.web.desk.forms.tree import Pair, Tree, empty_value, tree_from_pairs
from biobank.web.desk.writing.person_schema import PERSON_FORM

#: Fields of every form that are not part of the written content.
TRANSIENT_FIELDS = frozenset({"csrf_token", "do", "copy"})
#: Prefix of the field that resolves an ambiguous reference.
AMBIGUITY_CHOICE_PREFIX = "choose-"
#: The format of working copy keys.
COPY_KEY_PATTERN: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
#: Maximum number of people marked as distinct in one form.
MAX_DISTINCT_PEOPLE = 50
#: Initial rows of a new form.
INITIAL_ROWS: Final[Mapping[str, Mapping[str, str]]] = {
    "names": {"lang": "az", "kind": "preferred"},
    "sources": {},
}


@dataclass
class PersonForm:
    """One writing form; `fields` are the submitted pairs as stored in a working copy."""

    tree: Tree
    #: The edited person; None for a new one.
    person_id: str | None = None
    #: The number of the revision on which the edit is based.
    base: int | None = None
    #: The key of its working copy; empty if it has none.
    copy: str = ""
    message: str = ""
    agrees: tuple[str, ...] = ()
    #: Ids of people marked as distinct from the new person.
    distinct: tuple[str, ...] = ()
    #: The id of the message of the public that is handled; None if there is none.
    suggestion: int | None = None
    fields: list[Pair] = field(default_factory=list)

    def resolve_references(self) -> tuple[ReferenceLookup, dict[str, AmbiguousReference]]:
        """Replace every reference by label and id; return ambiguous ones by field name."""
        _assign_source_ids(self.tree)
        lookup = _load_references(self.tree)
        self.tree, ambiguous = resolve_references(PERSON_FORM, self.tree, lookup)
        return lookup, ambiguous

    def parse(self, lookup: ReferenceLookup) -> ParsedRecord:
        """Return the record of a form whose references are resolved."""
        parsed = to_record(self.tree, lookup.find_id)
        if self.person_id:
            parsed.record["id"] = self.person_id
        return parsed


def to_tree(record: Record, to_text: ReferenceConverter = keep_text) -> Tree:
    """Return the form of a canonical record; see `mapping.to_tree`."""
    sources = [_source_fields(source) for source in record.get("sources") or []]
    return mapping.to_tree(PERSON_FORM, {**record, "sources": sources}, to_text)


def to_record(tree: Tree, to_id: ReferenceConverter = keep_text) -> ParsedRecord:
    """Return the record of a form; see `mapping.to_record`."""
    parsed = mapping.to_record(PERSON_FORM, tree, to_id)
    if "sources" in parsed.record:
        rows = enumerate(parsed.record["sources"])
        parsed.record["sources"] = [_source(parsed, row, f"sources[{number}]") for number, row in rows]
    return parsed


def _source_fields(source: Any) -> dict[str, Any]:
    if not isinstance(source, Mapping):
        return {SELF_KEY: source}
    return {SELF_KEY: source["id"], "csl": {**source["csl"], "url": source["csl"].get("URL")}}


def _source(parsed: ParsedRecord, row: Mapping[str, Any], path: str) -> Any:
    """Return a source of the record: a row with details is a new one, otherwise an id."""
    parsed.fields[path] = parsed.fields[f"{path}.id"] = parsed.fields[f"{path}."]
    parsed.fields[f"{path}.csl.URL"] = parsed.fields[f"{path}.csl.url"]
    item = {"URL" if key == "url" else key: value for key, value in row.get("csl", {}).items()}
    id_ = row.get(SELF_KEY, "")
    return {"id": id_, "csl": item} if item.keys() - {"type"} else id_


def _load_references(tree: Tree) -> ReferenceLookup:
    new_rows = [
        row for row in tree["sources"] if any(row["csl"][key].strip() for key in row["csl"].keys() - {"type"})
    ]
    titles = {row[SELF_KEY].strip(): row["csl"]["title"].strip() for row in new_rows}
    return load_references(PERSON_FORM, tree, g.lang, titles)


def _assign_source_ids(tree: Tree) -> None:
    """Generate ids for new sources without one, from their titles."""
    for row in tree["sources"]:
        title = row["csl"]["title"].strip()
        if title and not row[SELF_KEY].strip():
            with services.database.read() as session:
                row[SELF_KEY] = generate_source_id(session, title)


def new_form() -> PersonForm:
    """Return an empty form with initial rows for the required fields."""
    tree = empty_value(PERSON_FORM)
    for key, initial in INITIAL_ROWS.items():
        rows = PERSON_FORM.fields[key]
        assert isinstance(rows, Repeat)
        tree[key].append({**empty_value(rows.item), **initial})
    return PersonForm(tree)


def form_from_record(record: Record, person_id: str, number: int) -> PersonForm:
    """Return the form of a record based on revision `number`; empty if it was redacted."""
    lookup = _load_references(to_tree(record))
    return PersonForm(to_tree(record, lookup.display_text), person_id, number)


def form_from_pairs(submitted: Iterable[Pair], person_id: str | None) -> PersonForm:
    """Return the submitted form; choices for ambiguous references replace the typed text."""
    pairs = [(name, value.replace("\r\n", "\n")) for name, value in submitted]
    chosen = {
        name[len(AMBIGUITY_CHOICE_PREFIX) :]: value
        for name, value in pairs
        if name.startswith(AMBIGUITY_CHOICE_PREFIX)
    }
    pairs = [
        (name, chosen.get(name) or value)
        for name, value in pairs
        if not name.startswith(AMBIGUITY_CHOICE_PREFIX)
    ]
    values: Mapping[str, str] = dict(reversed(pairs))
    return PersonForm(
        tree=tree_from_pairs(PERSON_FORM, pairs),
        person_id=person_id,
        base=parse_number(values.get("base", "")),
        copy=values.get("copy", "") if COPY_KEY_PATTERN.fullmatch(values.get("copy", "")) else "",
        message=CONTROL_CHARS.sub("", values.get("message", "")),
        suggestion=parse_number(values.get("suggestion", "")),
        agrees=tuple(lang for lang in LANGUAGES if ("agrees", lang) in pairs),
        distinct=tuple(value for name, value in pairs if name == "distinct" and ID_PATTERN.fullmatch(value))[
            :MAX_DISTINCT_PEOPLE
        ],
        fields=[pair for pair in pairs if pair[0] not in TRANSIENT_FIELDS],
    )


def form_from_copy(copy: WorkingCopyData) -> PersonForm:
    """Return the form stored in a working copy."""
    form = form_from_pairs(copy.fields, copy.person_id)
    form.base, form.copy = copy.base, copy.key
    return form


def field_errors(
    problems: Iterable[FieldError],
    ambiguous: Mapping[str, AmbiguousReference],
    parsed: ParsedRecord,
    *,
    new: bool,
) -> list[FieldError]:
    """Return one error per field; ambiguous references take precedence over other problems.

    Only the form of a `new` person has an id field; otherwise its errors concern the whole form.
    """
    errors = {
        name: FieldError(name, message=_with_field_title(name, _ambiguity_text(reference)))
        for name, reference in ambiguous.items()
    }
    for problem in problems:
        name = parsed.field_for(problem.path)
        name = "" if name == "id" and not new else name
        if name not in errors:
            errors[name] = FieldError(name, message=_with_field_title(name, problem_text(problem)))
    return list(errors.values())


def _with_field_title(name: str, text: str) -> str:
    title = title_of(PERSON_FORM, name)
    return f"{title}: {text}" if title else text


def _ambiguity_text(reference: AmbiguousReference) -> str:
    if len(reference.choices) > 1:
        return _("“%(what)s” has several matches. Choose one.", what=reference.text)
    if reference.choices:
        return _("“%(what)s” was not found. Did you mean:", what=reference.text)
    return _("“%(what)s” was not found. Try another spelling.", what=reference.text)
