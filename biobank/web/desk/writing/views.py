"""Routes of the form that edits a person, and of its working copies."""

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action
from biobank.editorial.revisions import working_copies
from biobank.editorial.revisions.edit_access import get_for_edit
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.records.fields import ID_PATTERN
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.desk.inbox.suggestion import requested_message_id
from biobank.web.desk.writing.actions import handle_form, save_copy
from biobank.web.desk.writing.forms import (
    form_from_copy,
    form_from_pairs,
    form_from_record,
    new_form,
)
from biobank.web.desk.writing.notices import copy_notice, edit_notice
from biobank.web.desk.writing.pages import form_page

COPIES_PATH = f"/{LANG_RULE}/desk/working-copies"


@blueprint.get(f"/{LANG_RULE}/desk/people/new")
@requires(Action.WRITE_PEOPLE)
def desk_new_person(lang: str) -> ResponseReturnValue:
    form = new_form()
    form.suggestion = requested_message_id()
    return form_page(form)


@blueprint.post(f"/{LANG_RULE}/desk/people/new")
@requires(Action.WRITE_PEOPLE)
def desk_new_person_post(lang: str) -> ResponseReturnValue:
    return handle_form(None)


@blueprint.get(f"/{LANG_RULE}/desk/people/<id:person_id>/edit")
@requires(Action.WRITE_PEOPLE)
def desk_edit(lang: str, person_id: str) -> ResponseReturnValue:
    latest = get_for_edit(services.database, identity(), person_id)
    form = form_from_record(latest.record, latest.person_id, latest.number)
    form.suggestion = requested_message_id()
    return form_page(form, notice=edit_notice(latest, request.args))


@blueprint.post(f"/{LANG_RULE}/desk/people/<id:person_id>/edit")
@requires(Action.WRITE_PEOPLE)
def desk_edit_post(lang: str, person_id: str) -> ResponseReturnValue:
    return handle_form(person_id)


@blueprint.post(COPIES_PATH)
@requires(Action.WRITE_PEOPLE)
def desk_working_copies_post(lang: str) -> ResponseReturnValue:
    """Save the current form as a working copy; called by the autosave script."""
    person_id = request.form.get("person", "")
    is_known_id = ID_PATTERN.fullmatch(person_id)
    form = form_from_pairs(request.form.items(multi=True), person_id if is_known_id else None)
    copy = save_copy(form)
    url = url_for("web.desk_working_copy", lang=lang, key=copy.key)
    return jsonify(key=copy.key, url=url, saved_at=copy.saved_at.isoformat())


@blueprint.get(f"{COPIES_PATH}/<key>")
@requires(Action.WRITE_PEOPLE)
def desk_working_copy(lang: str, key: str) -> ResponseReturnValue:
    database, actor = services.database, identity()
    copy = working_copies.get_copy(database, actor, key)
    latest = get_for_edit(database, actor, copy.person_id) if copy.person_id else None
    return form_page(form_from_copy(copy), notice=copy_notice(copy, latest))


@blueprint.post(f"{COPIES_PATH}/<key>")
@requires(Action.WRITE_PEOPLE)
def desk_working_copy_post(lang: str, key: str) -> ResponseReturnValue:
    """Discard a working copy."""
    working_copies.discard_copy(services.database, identity(), key)
    return redirect(url_for("web.desk", lang=lang), 303)
