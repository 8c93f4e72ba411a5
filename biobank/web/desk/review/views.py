"""Routes of the desk, its records and conflicts, and the review actions."""

from collections.abc import Callable, Mapping

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from biobank.accounts.policy import Action
from biobank.editorial.review import workflow
from biobank.editorial.review.notes import MAX_NOTE_CHARS
from biobank.editorial.revisions.drafts import restore_revision
from biobank.errors import EditConflict, OwnWork, RecordRefused, WrongState
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.web.core.blueprint import REVISION_NUMBER_RULE
from biobank.web.core.forms import read_line, read_text, require_number
from biobank.web.core.gettext import _
from biobank.web.core.pagination import revision_number
from biobank.web.desk import blueprint
from biobank.web.desk.review import conflict_page, pages, revision_pages
from biobank.web.desk.review.labels import field_errors, status_code
from biobank.web.desk.review.record_page import desk_person_url, record_page


@blueprint.get("")
@requires(Action.SEE_DESK)
def home(lang: str) -> ResponseReturnValue:
    return pages.home_page()


@blueprint.get("/reviews")
@requires(Action.SEE_DESK)
def reviews(lang: str) -> ResponseReturnValue:
    return pages.reviews_page()


@blueprint.get("/people")
@requires(Action.SEE_DESK)
def people(lang: str) -> ResponseReturnValue:
    return pages.people_page()


PERSON_PATH = "/people/<id:person_id>"


@blueprint.get(PERSON_PATH)
@requires(Action.SEE_DESK)
def person(lang: str, person_id: str) -> ResponseReturnValue:
    return record_page(person_id)


@blueprint.post(PERSON_PATH)
@requires(Action.SEE_DESK)
def person_post(lang: str, person_id: str) -> ResponseReturnValue:
    return handle_action(person_id)


@blueprint.get(f"{PERSON_PATH}/blame")
@requires(Action.SEE_DESK)
def blame(lang: str, person_id: str) -> ResponseReturnValue:
    return revision_pages.blame_page(person_id)


@blueprint.get(f"{PERSON_PATH}/revisions/{REVISION_NUMBER_RULE}")
@requires(Action.SEE_DESK)
def revision(lang: str, person_id: str, number: int) -> ResponseReturnValue:
    return revision_pages.preview_page(person_id, number)


@blueprint.get(f"{PERSON_PATH}/revisions/{REVISION_NUMBER_RULE}/changes")
@requires(Action.SEE_DESK)
def changes(lang: str, person_id: str, number: int) -> ResponseReturnValue:
    return revision_pages.changes_page(person_id, number, revision_number(request.args, "from"))


@blueprint.get(f"{PERSON_PATH}/revisions/{REVISION_NUMBER_RULE}/redaction")
@requires(Action.REDACT)
def redaction(lang: str, person_id: str, number: int) -> ResponseReturnValue:
    return revision_pages.redaction_page(person_id, number)


@blueprint.post(f"{PERSON_PATH}/revisions/{REVISION_NUMBER_RULE}/redaction")
@requires(Action.REDACT)
def redaction_post(lang: str, person_id: str, number: int) -> ResponseReturnValue:
    return revision_pages.submit_redaction(person_id, number)


CONFLICT_PATH = "/people/<id:person_id>/conflict"


@blueprint.get(CONFLICT_PATH)
@requires(Action.WRITE_PEOPLE)
def conflict(lang: str, person_id: str) -> ResponseReturnValue:
    return conflict_page.conflict_page(person_id)


@blueprint.post(CONFLICT_PATH)
@requires(Action.WRITE_PEOPLE)
def conflict_post(lang: str, person_id: str) -> ResponseReturnValue:
    return conflict_page.resolve_conflict(person_id)


ReviewAction = Callable[[str, int], object]


def handle_action(person_id: str) -> ResponseReturnValue:
    """Perform the action of the button that was pressed and redirect, or show why it failed."""
    action = REVIEW_ACTION_HANDLERS.get(read_line("do"))
    if action is None:
        raise BadRequest("The form says nothing that can be done.")
    try:
        action(person_id, require_number("number"))
    except (RecordRefused, EditConflict, WrongState, OwnWork) as error:
        return record_page(person_id, field_errors(error), status_code(error))
    return redirect(desk_person_url(person_id, g.lang, done=read_line("do")), 303)


def _note() -> str:
    return read_text("text", MAX_NOTE_CHARS)


def _submit(person_id: str, number: int) -> None:
    workflow.submit(services.database, identity(), person_id, number, _note())


def _request_changes(person_id: str, number: int) -> None:
    workflow.request_changes(services.database, identity(), person_id, number, _note())


def _publish(person_id: str, number: int) -> None:
    workflow.publish(services.database, identity(), person_id, number, _note())


def _comment(person_id: str, number: int) -> None:
    args = (services.database, identity(), person_id, number)
    workflow.add_comment(*args, _note(), read_line("about"))


def _withdraw(person_id: str, number: int) -> None:
    args = (services.database, identity(), person_id)
    workflow.withdraw(*args, read_line("reason"), _note(), number)


def _reinstate(person_id: str, number: int) -> None:
    workflow.reinstate(services.database, identity(), person_id, _note(), number)


def _restore(person_id: str, number: int) -> None:
    message = _("Restored: version %(number)s", number=number)
    args = (services.database, identity(), person_id)
    restore_revision(*args, number, require_number("head"), message)


REVIEW_ACTION_HANDLERS: Mapping[str, ReviewAction] = {
    "submit": _submit,
    "give_back": _request_changes,
    "publish": _publish,
    "comment": _comment,
    "withdraw": _withdraw,
    "bring_back": _reinstate,
    "restore": _restore,
}
