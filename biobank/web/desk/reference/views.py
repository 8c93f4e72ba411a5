"""Routes of the reference lists and the actions of their buttons."""

from collections.abc import Callable

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action
from biobank.editorial.reference import listing, merge, service, undo
from biobank.editorial.reference.merge import ReferenceMergePreview
from biobank.errors import FieldError, NotFound, RecordRefused, ReferenceChanged, StillUsed, WrongState
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.records.vocabulary.models import term_key
from biobank.web.core.forms import parse_row_id, read_line
from biobank.web.core.gettext import _, ngettext
from biobank.web.desk import blueprint
from biobank.web.desk.forms.references import ReferenceLookup, extract_id
from biobank.web.desk.forms.schema import MAX_REFERENCE_CHARS
from biobank.web.desk.reference.entity_types import ENTITY_TYPES, EntityType
from biobank.web.desk.reference.forms import (
    MAX_REFERENCE_ID_CHARS,
    field_errors,
    record_from_form,
    submitted_form,
)
from biobank.web.desk.reference.labels import problem_text
from biobank.web.desk.reference.pages import entry_page, entry_url, list_page, merge_page, new_page


def add(entity_type: EntityType) -> ResponseReturnValue:
    """Save a new record."""
    form = submitted_form(entity_type)
    try:
        record = record_from_form(entity_type, form, {})
        key = service.add_record(services.database, identity(), entity_type.kind, record)
    except RecordRefused as refused:
        return new_page(entity_type, form, field_errors(form, refused.problems))
    return _redirect_to(entity_type, key)


def save(entity_type: EntityType, key: str) -> ResponseReturnValue:
    """Save the submitted record; on a concurrent change both versions are shown."""
    before = listing.get_reference_detail(services.database, identity(), entity_type.kind, key, g.lang).record
    # The form cannot change the vocabulary of a term.
    form = submitted_form(entity_type, before["id"], before.get("vocabulary", ""))
    try:
        record = record_from_form(entity_type, form, before)
        service.update_record(
            services.database, identity(), entity_type.kind, key, record, _submitted_version()
        )
    except ReferenceChanged:
        return entry_page(entity_type, key, form, [FieldError(message=_conflict_message())], conflict=True)
    except RecordRefused as refused:
        return entry_page(entity_type, key, form, field_errors(form, refused.problems))
    return _redirect_to(entity_type, key)


def accept(entity_type: EntityType, key: str) -> ResponseReturnValue:
    service.accept_record(services.database, identity(), entity_type.kind, key)
    return _redirect_to(entity_type, key)


def remove(entity_type: EntityType, key: str) -> ResponseReturnValue:
    try:
        service.remove_record(services.database, identity(), entity_type.kind, key, _submitted_version())
    except (StillUsed, ReferenceChanged) as error:
        is_used = isinstance(error, StillUsed)
        text = _("This record is still in use. Merge it into another record instead.")
        return entry_page(
            entity_type, key, None, [FieldError(message=text if is_used else _conflict_message())]
        )
    return redirect(url_for("desk.reference", lang=g.lang, room=entity_type.name), 303)


def rename(entity_type: EntityType, key: str) -> ResponseReturnValue:
    new_id = read_line("new_id", MAX_REFERENCE_ID_CHARS)
    try:
        key = merge.rename_record(services.database, identity(), entity_type.kind, key, new_id)
    except RecordRefused as refused:
        errors = [FieldError("new_id", message=problem_text(problem)) for problem in refused.problems]
        return entry_page(entity_type, key, None, errors)
    return _redirect_to(entity_type, key)


def merge_entry(entity_type: EntityType, key: str) -> ResponseReturnValue:
    keep_names = "keep_names" in request.form
    duplicate_key = _other_key(entity_type, key, read_line("merge", MAX_REFERENCE_ID_CHARS))
    try:
        merge.merge_references(
            services.database, identity(), entity_type.kind, key, duplicate_key, keep_names=keep_names
        )
    except (RecordRefused, NotFound) as error:
        return merge_refused_page(entity_type, key, error)
    return _redirect_to(entity_type, key)


def finish_merge(entity_type: EntityType, key: str) -> ResponseReturnValue:
    """Finish a merge that was interrupted."""
    try:
        merge.finish_reference_merge(services.database, identity(), parse_row_id(read_line("finish")))
    except RecordRefused as refused:
        return merge_refused_page(entity_type, key, refused)
    except WrongState:
        text = _("This merge is finished already, or was undone.")
        return entry_page(entity_type, key, None, [FieldError(message=text)])
    return _redirect_to(entity_type, key)


def undo_merge(entity_type: EntityType, key: str) -> ResponseReturnValue:
    number = parse_row_id(read_line("undo"))
    try:
        undone = undo.undo_reference_merge(services.database, identity(), number)
    except WrongState:
        text = _("This can no longer be undone: the ID is taken, or the target record no longer exists.")
        return entry_page(entity_type, key, None, [FieldError(message=text)])
    if unrestored_count := len(undone.people_unchanged) + len(undone.records_unchanged):
        text = ngettext(
            "Undone. %(count)s record has changed since then and was not restored: %(names)s.",
            "Undone. %(count)s records have changed since then and were not restored: %(names)s.",
            unrestored_count,
            count=unrestored_count,
            names=", ".join((*undone.people_unchanged, *undone.records_unchanged)[:20]),
        )
        return entry_page(entity_type, undone.key, notice=text)
    return _redirect_to(entity_type, undone.key)


def preview_merge(entity_type: EntityType, key: str, query: str) -> ReferenceMergePreview:
    """Return the preview of a merge.

    Raises:
        RecordRefused, NotFound: if the two records cannot be merged.
    """
    duplicate_key = _other_key(
        entity_type,
        key,
        _resolve_id(entity_type, key, query[:MAX_REFERENCE_CHARS].strip())[:MAX_REFERENCE_ID_CHARS],
    )
    return merge.preview_reference_merge(services.database, identity(), entity_type.kind, key, duplicate_key)


def merge_refused_page(
    entity_type: EntityType, key: str, error: RecordRefused | NotFound
) -> ResponseReturnValue:
    """Render the page with the reason why the two records cannot be merged."""
    problems = getattr(error, "problems", (FieldError("merge", "unknown", ""),))
    messages = [
        problem_text(problem) or _("No such record. Enter the ID of the record to merge.")
        for problem in problems
    ]
    return entry_page(entity_type, key, None, [FieldError("merge", message=text) for text in messages])


ENTRY_ACTIONS: dict[str, Callable[[EntityType, str], ResponseReturnValue]] = {
    "save": save,
    "accept": accept,
    "remove": remove,
    "rename": rename,
    "merge": merge_entry,
    "finish": finish_merge,
    "undo": undo_merge,
}


def handle_action(entity_type: EntityType, key: str) -> ResponseReturnValue:
    """Perform the action of the button that was pressed; without one, save."""
    return ENTRY_ACTIONS.get(request.form.get("do", ""), save)(entity_type, key)


def _resolve_id(entity_type: EntityType, key: str, text: str) -> str:
    """Return the id of the only other record that the text matches, else the text as an id."""
    vocabulary, _stroke, own_id = key.rpartition("/")
    kind = vocabulary or entity_type.kind.name
    lookup = ReferenceLookup(g.lang)
    lookup.load([(kind, text)])
    ids = [id_ for id_ in lookup.find_ids(kind, text) if id_ != own_id]
    return ids[0] if len(ids) == 1 else extract_id(text)


def _other_key(entity_type: EntityType, key: str, id_: str) -> str:
    """Return the key of another record of the same type and vocabulary."""
    vocabulary, stroke, _id = key.rpartition("/")
    return term_key(vocabulary, id_) if stroke else id_


def _submitted_version() -> str:
    return read_line("version", service.VERSION_CHARS)


def _conflict_message() -> str:
    return _(
        "Edit conflict: someone else changed this record. Nothing has been saved yet. "
        "Compare both versions below, then decide."
    )


def _redirect_to(entity_type: EntityType, key: str) -> ResponseReturnValue:
    return redirect(entry_url(entity_type, key), 303)


LIST_PATH = "/<any(terms, places, organisations, sources):room>"
#: The key of a term is `vocabulary/id`.
ENTRY_PATH = f"{LIST_PATH}/<path:key>"


@blueprint.get(LIST_PATH)
@requires(Action.SEE_DESK)
def reference(lang: str, room: str) -> ResponseReturnValue:
    entity_type = ENTITY_TYPES[room]
    return new_page(entity_type) if "new" in request.args else list_page(entity_type)


@blueprint.post(LIST_PATH)
@requires(Action.ADD_REFERENCE)
def reference_post(lang: str, room: str) -> ResponseReturnValue:
    return add(ENTITY_TYPES[room])


@blueprint.get(ENTRY_PATH)
@requires(Action.SEE_DESK)
def reference_entry(lang: str, room: str, key: str) -> ResponseReturnValue:
    """Render one record or, with the argument `merge`, the preview of a merge into it."""
    entity_type, merge_query = ENTITY_TYPES[room], request.args.get("merge", "")
    if new_key := listing.find_redirect_target(services.database, identity(), entity_type.kind, key[:200]):
        return redirect(entry_url(entity_type, new_key), 301)
    try:
        return (
            merge_page(entity_type, key, preview_merge(entity_type, key, merge_query))
            if merge_query
            else entry_page(entity_type, key)
        )
    except (RecordRefused, NotFound) as error:
        if merge_query:
            return merge_refused_page(entity_type, key, error)
        raise


@blueprint.post(ENTRY_PATH)
@requires(Action.EDIT_REFERENCE)
def reference_entry_post(lang: str, room: str, key: str) -> ResponseReturnValue:
    return handle_action(ENTITY_TYPES[room], key)
