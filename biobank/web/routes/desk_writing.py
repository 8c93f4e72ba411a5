"""Routes of the form that edits a person, and of its working copies."""

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity, permits
from biobank.accounts.policy import Action
from biobank.editorial import working_copies
from biobank.editorial.opening import open_newest
from biobank.extensions import services
from biobank.records.fields import ID_PATTERN
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.inbox.suggestion import asked_for
from biobank.web.desk.writing.form import form_kept, form_of, form_sent, new_form
from biobank.web.desk.writing.page import form_page
from biobank.web.desk.writing.sending import keep, sent
from biobank.web.desk.writing.told import told_of, told_of_copy

COPIES = f"/{LANG}/desk/working-copies"


@blueprint.get(f"/{LANG}/desk/people/new")
@permits(Action.WRITE_PEOPLE)
def desk_new_person(lang: str) -> ResponseReturnValue:
    form = new_form()
    form.suggestion = asked_for()
    return form_page(form)


@blueprint.post(f"/{LANG}/desk/people/new")
@permits(Action.WRITE_PEOPLE)
def desk_new_person_send(lang: str) -> ResponseReturnValue:
    return sent(None)


@blueprint.get(f"/{LANG}/desk/people/<id:person_id>/edit")
@permits(Action.WRITE_PEOPLE)
def desk_edit(lang: str, person_id: str) -> ResponseReturnValue:
    newest = open_newest(services.database, identity(), person_id)
    form = form_of(newest.record, newest.person_id, newest.number)
    form.suggestion = asked_for()
    return form_page(form, notice=told_of(newest, request.args))


@blueprint.post(f"/{LANG}/desk/people/<id:person_id>/edit")
@permits(Action.WRITE_PEOPLE)
def desk_edit_send(lang: str, person_id: str) -> ResponseReturnValue:
    return sent(person_id)


@blueprint.post(COPIES)
@permits(Action.WRITE_PEOPLE)
def desk_working_copies_send(lang: str) -> ResponseReturnValue:
    """Save the current form as a working copy; called by the autosave script."""
    person = request.form.get("person", "")
    known = ID_PATTERN.fullmatch(person)
    form = form_sent(request.form.items(multi=True), person if known else None)
    copy = keep(form)
    url = url_for("web.desk_working_copy", lang=lang, key=copy.key)
    return jsonify(key=copy.key, url=url, saved_at=copy.saved_at.isoformat())


@blueprint.get(f"{COPIES}/<key>")
@permits(Action.WRITE_PEOPLE)
def desk_working_copy(lang: str, key: str) -> ResponseReturnValue:
    database, who = services.database, identity()
    copy = working_copies.open_copy(database, who, key)
    newest = open_newest(database, who, copy.person_id) if copy.person_id else None
    return form_page(form_kept(copy), notice=told_of_copy(copy, newest))


@blueprint.post(f"{COPIES}/<key>")
@permits(Action.WRITE_PEOPLE)
def desk_working_copy_send(lang: str, key: str) -> ResponseReturnValue:
    """Discard a working copy."""
    working_copies.throw_away(services.database, identity(), key)
    return redirect(url_for("web.desk", lang=lang), 303)
