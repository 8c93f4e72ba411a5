"""The page of conflicting edits: both versions field by field, and saving of the choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from biobank.editorial import conflicts
from biobank.editorial.conflicts import Conflict, EditConflictView, FieldPath
from biobank.editorial.revisions import drafts, working_copies
from biobank.editorial.revisions.word_diff import DiffRun, diff_words
from biobank.errors import EditConflict, FieldError, NotFound, RecordRefused
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.records.fields import MAX_BIOGRAPHY_CHARS
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.web.core.forms import read_text, require_number
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_timestamp
from biobank.web.core.record_changes import ChangeRow, make_sections
from biobank.web.core.record_labels import change_kind_labels, field_title, part_title
from biobank.web.core.urls import Link
from biobank.web.desk.layout import render_desk
from biobank.web.desk.review.pages import record_name
from biobank.web.desk.review.record_page import desk_person_url
from biobank.web.desk.writing.forms import PersonForm, form_from_copy

#: Prefixes of the form fields of a conflict.
CONFLICT_CHOICE_PREFIX, CONFLICT_TEXT_PREFIX = "choice-", "text-"


@dataclass(frozen=True)
class ResolvedField:
    """A field merged automatically from one side or from both."""

    title: str
    side: str
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True)
class ConflictingField:
    """A field that both sides changed differently; `runs` is the word diff from theirs to mine."""

    name: str
    title: str
    mine: tuple[ChangeRow, ...]
    theirs: tuple[ChangeRow, ...]
    choice: str
    is_text: bool
    lang: str
    runs: tuple[DiffRun, ...]
    text: str


def conflict_page(person_id: str, errors: Sequence[FieldError] = ()) -> ResponseReturnValue:
    """Render both edits of a record.

    Raises:
        NotFound: if the working copy belongs to another person record.
    """
    form, our_record = _load_working_copy(person_id)
    if our_record is None or form.base is None:
        return redirect(_copy_url(form.copy), 303)
    with services.database.read() as session:
        view = conflicts.merge_with_latest(session, person_id, form.base, our_record)
        if view.latest.number == form.base:
            return redirect(_copy_url(form.copy), 303)
        return _render(session, view, form, errors)


def resolve_conflict(person_id: str) -> ResponseReturnValue:
    """Save the submitted choices; render the page again if one is missing or the record changed."""
    form, our_record = _load_working_copy(person_id)
    if our_record is None or form.base is None:
        return redirect(_copy_url(form.copy), 303)
    with services.database.read() as session:
        view = conflicts.merge_with_latest(session, person_id, form.base, our_record)
    try:
        if view.latest.number != require_number("theirs"):
            raise EditConflict(person_id, require_number("theirs"), view.latest.number)
        record = conflicts.resolve_conflicts(
            view, _submitted(CONFLICT_CHOICE_PREFIX), _submitted(CONFLICT_TEXT_PREFIX)
        )
        _save(form, load_validated(person_schema, record), view.latest.number)
    except EditConflict as error:
        text = _(
            "Version %(number)s was saved in the meantime. Make your choices again.", number=error.latest
        )
        return conflict_page(person_id, [FieldError(message=text)])
    except RecordRefused as error:
        return conflict_page(person_id, [_field_error(problem) for problem in error.problems])
    return redirect(desk_person_url(person_id, g.lang, done="saved"), 303)


def _load_working_copy(person_id: str) -> tuple[PersonForm, dict[str, Any] | None]:
    """Return the form of the working copy and its record; None if it is not valid yet."""
    key = request.values.get("copy", "")[:40]
    copy = working_copies.get_copy(services.database, identity(), key)
    if copy.person_id != person_id:
        raise NotFound(_("Biography not found."))
    form = form_from_copy(copy)
    lookup, ambiguous = form.resolve_references()
    parsed = form.parse(lookup)
    try:
        record = load_validated(person_schema, parsed.record)
    except RecordRefused:
        return form, None
    return form, None if ambiguous or parsed.problems else record


def _save(form: PersonForm, record: dict[str, Any], base: int) -> None:
    details = drafts.DraftDetails(form.message.strip(), form.agrees)
    drafts.save_draft(services.database, identity(), record, base, details, form.copy)


def _render(
    session: Session, view: EditConflictView, form: PersonForm, errors: Sequence[FieldError]
) -> ResponseReturnValue:
    latest, merged = view.latest, view.merged
    return render_desk(
        "review/conflict.html",
        _("Edit conflict"),
        errors,
        person=Link(
            record_name(latest.record, latest.person_id, g.lang).text,
            desk_person_url(latest.person_id, g.lang),
        ),
        person_id=latest.person_id,
        copy=form.copy,
        copy_url=_copy_url(form.copy),
        base=view.base.number,
        theirs=latest.number,
        author=latest.author,
        saved_at=format_timestamp(latest.at),
        conflicts=[_conflicting_field(session, conflict) for conflict in merged.conflicts],
        resolved=[
            _resolved_field(session, view, path)
            for path in dict.fromkeys((*merged.from_ours, *merged.from_theirs))
        ],
        kinds=change_kind_labels(),
    )


def _conflicting_field(session: Session, conflict: Conflict) -> ConflictingField:
    name, is_text = ".".join(conflict.path), conflicts.is_text_conflict(conflict)
    ours, theirs = str(conflict.ours or ""), str(conflict.theirs or "")
    return ConflictingField(
        name=name,
        title=_title(conflict.path),
        mine=_rows(session, conflict.path, conflict.base, conflict.ours),
        theirs=_rows(session, conflict.path, conflict.base, conflict.theirs),
        choice=_submitted(CONFLICT_CHOICE_PREFIX).get(name, ""),
        is_text=is_text,
        lang=conflict.path[-1] if is_text else "",
        runs=diff_words(theirs, ours) if is_text else (),
        text=_submitted(CONFLICT_TEXT_PREFIX).get(name, ours) if is_text else "",
    )


def _resolved_field(session: Session, view: EditConflictView, path: FieldPath) -> ResolvedField:
    mine, theirs = path in view.merged.from_ours, path in view.merged.from_theirs
    side = _("both edits") if mine and theirs else _("your edit") if mine else _("other edit")
    before, after = (_value_at(record, path) for record in (view.base.record, view.merged.record))
    return ResolvedField(_title(path), side, _rows(session, path, before, after))


def _rows(session: Session, path: FieldPath, before: Any, after: Any) -> tuple[ChangeRow, ...]:
    """Return the changes of one field as rows."""
    records = (_single_field_record(path, before), _single_field_record(path, after))
    sections = make_sections(session, *records, services.catalogue(), g.lang, public=False)
    return tuple(row for section in sections for row in section.rows)


def _value_at(record: Mapping[str, Any], path: FieldPath) -> Any:
    value: Any = record
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _single_field_record(path: FieldPath, value: Any) -> dict[str, Any]:
    """Return a record that holds only the field at the path."""
    if value is None:
        return {}
    return {path[0]: value if len(path) == 1 else {path[1]: value}}


def _title(path: FieldPath) -> str:
    """Return the title of a field with its language, such as "Headline, English"."""
    inner = part_title(path, g.lang)
    return f"{field_title(path[0])}, {inner}" if inner else field_title(path[0])


def _submitted(prefix: str) -> dict[str, str]:
    """Return the submitted values of the conflicts, by conflict name."""
    return {
        name.removeprefix(prefix): read_text(name, MAX_BIOGRAPHY_CHARS)
        for name in request.form
        if name.startswith(prefix)
    }


def _field_error(problem: FieldError) -> FieldError:
    if problem.code == "not_chosen":
        path: FieldPath = tuple(problem.path.split("."))
        return FieldError(
            f"{CONFLICT_CHOICE_PREFIX}{problem.path}",
            message=_("%(field)s: choose an option.", field=_title(path)),
        )
    return FieldError(message=str(problem))


def _copy_url(key: str) -> str:
    return url_for("desk.working_copy", lang=g.lang, key=key)
