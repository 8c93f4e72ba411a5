"""Actions of the buttons of the writing form: edit rows, save for later, save, submit."""

from collections.abc import Callable
from contextlib import suppress

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from biobank.access import identity
from biobank.editorial import saving, workflow, working_copies
from biobank.editorial.distinct import say_distinct_from
from biobank.editorial.inbox.beside import resulted
from biobank.editorial.saving import Saved
from biobank.editorial.working_copies import Copy
from biobank.errors import CopyRefused, EditConflict, Problem, RecordRefused, WrongState
from biobank.extensions import services
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.web.desk.inbox.suggestion import suggestion
from biobank.web.desk.page import Mistake
from biobank.web.desk.review.record import desk_url
from biobank.web.desk.writing import rows
from biobank.web.desk.writing.form import Form, form_sent
from biobank.web.desk.writing.mistakes import mistakes_of
from biobank.web.desk.writing.page import form_page
from biobank.web.desk.writing.told import copy_words
from biobank.web.links import with_parameters

#: Buttons that save a revision; all others except row buttons save a working copy.
SAVE, HAND_IN = "save", "submit"


def sent(person_id: str | None) -> ResponseReturnValue:
    """Handle a submitted form by the button that was pressed."""
    form, do = form_sent(request.form.items(multi=True), person_id), request.form.get("do", "")
    if do in (SAVE, HAND_IN):
        return _save(form, hand_in=do == HAND_IN)
    focus = rows.change(form.tree, do)
    if focus is not None:
        form.settle()
        return form_page(form, focus=focus)
    return _keep_and_go(form, _copy_url)


def keep(form: Form) -> Copy:
    """Save the form in its working copy, or in a new one."""
    return working_copies.keep(
        services.database,
        identity(),
        form.fields,
        person_id=form.person_id,
        base=form.base,
        key=form.copy,
    )


def _keep_and_go(form: Form, to: Callable[[Copy], str]) -> ResponseReturnValue:
    """Save a working copy and redirect; if it is refused, render the form with the reason."""
    try:
        copy = keep(form)
    except CopyRefused as error:
        return form_page(form, [Mistake(copy_words(error))])
    return redirect(to(copy), 303)


def _save(form: Form, *, hand_in: bool) -> ResponseReturnValue:
    picks, unclear = form.settle()
    read = form.read(picks)
    problems: list[Problem] = list(read.problems)
    try:
        record = load(person_schema, read.record)
        if not problems and not unclear:
            return _saved(_save_record(form, record), hand_in=hand_in)
    except RecordRefused as error:
        problems += error.problems
    except EditConflict:
        return _keep_and_go(form, _conflict_url)
    if form.copy:
        with suppress(CopyRefused):
            keep(form)  # what is not saved yet is as safe as while it was typed
    mistakes = mistakes_of(problems, unclear, read, new=form.person_id is None)
    return form_page(form, mistakes, unclear)


def _save_record(form: Form, record: dict[str, object]) -> Saved:
    message = suggestion(form.suggestion, form.person_id)
    saved = saving.save_draft(
        services.database,
        identity(),
        record,
        form.base,
        message=form.message.strip(),
        agrees=form.agrees,
        credit=message.name if message else "",
        working_copy=form.copy,
    )
    if form.person_id is None and form.distinct:
        # Distinct pairs can only be stored once the new person has an id.
        say_distinct_from(services.database, identity(), saved.person_id, form.distinct)
    if message:
        resulted(services.database, identity(), message, saved)
    return saved


def _saved(saved: Saved, *, hand_in: bool) -> Response:
    if hand_in:
        # A draft that is in review or public and was not changed is not submitted again.
        with suppress(WrongState):
            workflow.submit(services.database, identity(), saved.person_id, saved.number)
            return redirect(desk_url(saved.person_id, g.lang, done="submit"), 303)
    path = url_for("web.desk_edit", lang=g.lang, person_id=saved.person_id)
    return redirect(with_parameters(path, [("saved", str(saved.number))]), 303)


def _copy_url(copy: Copy) -> str:
    return url_for("web.desk_working_copy", lang=g.lang, key=copy.key)


def _conflict_url(copy: Copy) -> str:
    """Return the URL of the conflict page, which loads the edit from its working copy."""
    path = url_for("web.desk_conflict", lang=g.lang, person_id=copy.person_id)
    return with_parameters(path, [("copy", copy.key)])
