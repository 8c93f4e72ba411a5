"""Routes and actions of the form that edits a person, and of its working copies."""

from collections.abc import Callable
from contextlib import suppress

from flask import g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from biobank.accounts.policy import Action
from biobank.editorial.duplicates.not_duplicates import mark_distinct_from
from biobank.editorial.inbox.accept_correction import record_result
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts, working_copies
from biobank.editorial.revisions.drafts import DraftDetails, SavedRevision, get_for_edit
from biobank.editorial.revisions.working_copies import WorkingCopyData
from biobank.errors import CopyRefused, EditConflict, FieldError, RecordRefused, WrongState
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.records.fields import ID_PATTERN
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.web.core.urls import with_query
from biobank.web.desk import blueprint
from biobank.web.desk.forms.tree import apply_row_action
from biobank.web.desk.inbox.message_view import get_suggestion, requested_message_id
from biobank.web.desk.review.record_page import desk_person_url
from biobank.web.desk.writing.forms import (
    PersonForm,
    field_errors,
    form_from_copy,
    form_from_pairs,
    form_from_record,
    new_form,
)
from biobank.web.desk.writing.pages import copy_error_text, copy_notice, edit_notice, form_page
from biobank.web.desk.writing.person_schema import PERSON_FORM

COPIES_PATH = "/working-copies"


@blueprint.get("/people/new")
@requires(Action.WRITE_PEOPLE)
def new_person(lang: str) -> ResponseReturnValue:
    form = new_form()
    form.suggestion = requested_message_id()
    return form_page(form)


@blueprint.post("/people/new")
@requires(Action.WRITE_PEOPLE)
def new_person_post(lang: str) -> ResponseReturnValue:
    return handle_form(None)


@blueprint.get("/people/<id:person_id>/edit")
@requires(Action.WRITE_PEOPLE)
def edit(lang: str, person_id: str) -> ResponseReturnValue:
    latest = get_for_edit(services.database, identity(), person_id)
    form = form_from_record(latest.record, latest.person_id, latest.number)
    form.suggestion = requested_message_id()
    return form_page(form, notice=edit_notice(latest, request.args))


@blueprint.post("/people/<id:person_id>/edit")
@requires(Action.WRITE_PEOPLE)
def edit_post(lang: str, person_id: str) -> ResponseReturnValue:
    return handle_form(person_id)


@blueprint.post(COPIES_PATH)
@requires(Action.WRITE_PEOPLE)
def working_copies_post(lang: str) -> ResponseReturnValue:
    """Save the current form as a working copy; called by the autosave script."""
    person_id = request.form.get("person", "")
    is_known_id = ID_PATTERN.fullmatch(person_id)
    form = form_from_pairs(request.form.items(multi=True), person_id if is_known_id else None)
    copy = save_copy(form)
    url = url_for("desk.working_copy", lang=lang, key=copy.key)
    return jsonify(key=copy.key, url=url, saved_at=copy.saved_at.isoformat())


@blueprint.get(f"{COPIES_PATH}/<key>")
@requires(Action.WRITE_PEOPLE)
def working_copy(lang: str, key: str) -> ResponseReturnValue:
    database, actor = services.database, identity()
    copy = working_copies.get_copy(database, actor, key)
    latest = get_for_edit(database, actor, copy.person_id) if copy.person_id else None
    return form_page(form_from_copy(copy), notice=copy_notice(copy, latest))


@blueprint.post(f"{COPIES_PATH}/<key>")
@requires(Action.WRITE_PEOPLE)
def working_copy_post(lang: str, key: str) -> ResponseReturnValue:
    """Discard a working copy."""
    working_copies.discard_copy(services.database, identity(), key)
    return redirect(url_for("desk.home", lang=lang), 303)


#: Buttons that save a revision; all others except row buttons save a working copy.
SAVE_BUTTON, SUBMIT_BUTTON = "save", "submit"


def handle_form(person_id: str | None) -> ResponseReturnValue:
    """Handle a submitted form by the button that was pressed."""
    form, button = (form_from_pairs(request.form.items(multi=True), person_id), request.form.get("do", ""))
    if button in (SAVE_BUTTON, SUBMIT_BUTTON):
        return _save(form, submit=button == SUBMIT_BUTTON)
    focus = apply_row_action(PERSON_FORM, form.tree, button)
    if focus is not None:
        form.resolve_references()
        return form_page(form, focus=focus)
    return _save_copy_and_redirect(form, _copy_url)


def save_copy(form: PersonForm) -> WorkingCopyData:
    """Save the form in its working copy, or in a new one."""
    return working_copies.save_copy(
        services.database, identity(), form.fields, person_id=form.person_id, base=form.base, key=form.copy
    )


def _save_copy_and_redirect(
    form: PersonForm, target_url: Callable[[WorkingCopyData], str]
) -> ResponseReturnValue:
    """Save a working copy and redirect; if it is refused, render the form with the reason."""
    try:
        copy = save_copy(form)
    except CopyRefused as error:
        return form_page(form, [FieldError(message=copy_error_text(error))])
    return redirect(target_url(copy), 303)


def _save(form: PersonForm, *, submit: bool) -> ResponseReturnValue:
    lookup, ambiguous = form.resolve_references()
    parsed = form.parse(lookup)
    problems: list[FieldError] = list(parsed.problems)
    try:
        record = load_validated(person_schema, parsed.record)
        if not problems and not ambiguous:
            return _after_save(_save_record(form, record), submit=submit)
    except RecordRefused as error:
        problems += error.problems
    except EditConflict:
        return _save_copy_and_redirect(form, _conflict_url)
    if form.copy:
        with suppress(CopyRefused):
            save_copy(form)  # what is not saved yet is as safe as while it was typed
    errors = field_errors(problems, ambiguous, parsed, new=form.person_id is None)
    return form_page(form, errors, ambiguous)


def _save_record(form: PersonForm, record: dict[str, object]) -> SavedRevision:
    message = get_suggestion(form.suggestion, form.person_id)
    details = DraftDetails(form.message.strip(), form.agrees, message.name if message else "")
    saved = drafts.save_draft(services.database, identity(), record, form.base, details, form.copy)
    if form.person_id is None and form.distinct:
        # Distinct pairs can only be stored once the new person has an id.
        mark_distinct_from(services.database, identity(), saved.person_id, form.distinct)
    if message:
        record_result(services.database, identity(), message, saved)
    return saved


def _after_save(saved: SavedRevision, *, submit: bool) -> Response:
    if submit:
        # A draft that is in review or public and was not changed is not submitted again.
        with suppress(WrongState):
            workflow.submit(services.database, identity(), saved.person_id, saved.number)
            return redirect(desk_person_url(saved.person_id, g.lang, done="submit"), 303)
    path = url_for("desk.edit", lang=g.lang, person_id=saved.person_id)
    return redirect(with_query(path, [("saved", str(saved.number))]), 303)


def _copy_url(copy: WorkingCopyData) -> str:
    return url_for("desk.working_copy", lang=g.lang, key=copy.key)


def _conflict_url(copy: WorkingCopyData) -> str:
    """Return the URL of the conflict page, which loads the edit from its working copy."""
    path = url_for("desk.conflict", lang=g.lang, person_id=copy.person_id)
    return with_query(path, [("copy", copy.key)])
