"""Review actions submitted by the buttons of a record, with one text field for all."""

from collections.abc import Callable, Mapping

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from biobank.editorial.review import notes, workflow
from biobank.editorial.revisions import history
from biobank.editorial.revisions.restoration import restore_revision
from biobank.errors import BiobankError, EditConflict, OwnWork, RecordRefused, WrongState
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.http.security_headers import CONTROL_CHARACTERS
from biobank.web.account.forms import text_input
from biobank.web.core.gettext import _
from biobank.web.desk.layout import FieldError
from biobank.web.desk.review.labels import error_text
from biobank.web.desk.review.record_page import desk_person_url, record_page

#: Whitespace that texts may contain; other control characters are rejected.
ALLOWED_CONTROL_CHARS = "\r\n\t"

ReviewAction = Callable[[str, int], object]


def handle_action(person_id: str) -> ResponseReturnValue:
    """Perform the action of the button that was pressed and redirect, or show why it failed."""
    action = REVIEW_ACTION_HANDLERS.get(text_input("do"))
    if action is None:
        raise BadRequest("The form says nothing that can be done.")
    try:
        action(person_id, require_int("number"))
    except (RecordRefused, EditConflict, WrongState, OwnWork) as error:
        return record_page(person_id, field_errors(error), status_code(error))
    return redirect(desk_person_url(person_id, g.lang, done=text_input("do")), 303)


def field_errors(error: BiobankError) -> list[FieldError]:
    """Return the error messages of a failed action, each with its field."""
    if not isinstance(error, RecordRefused):
        return [FieldError(error_text(error))]
    return [
        FieldError(
            error_text(BiobankError(problem.message, code=problem.code)),
            problem.path if problem.path in ("text", "reason") else "",
        )
        for problem in error.problems
    ]


def status_code(error: BiobankError) -> int:
    """Return the HTTP status of an error; a record that changed meanwhile is a conflict."""
    return {RecordRefused: 422, OwnWork: 403}.get(type(error), 409)


def require_int(name: str) -> int:
    """Return a submitted integer.

    Raises:
        BadRequest: if it is missing or invalid.
    """
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise BadRequest(f"{name} takes a whole number.")
    return min(int(text), history.MAX_REVISION_NUMBER)


def read_long_text(name: str, max_chars: int = notes.MAX_NOTE_CHARS) -> str:
    """Return a submitted text of several lines.

    Raises:
        BadRequest: if it contains control characters.
    """
    text = request.form.get(name, "")
    plain = text.translate(dict.fromkeys(map(ord, ALLOWED_CONTROL_CHARS)))
    if CONTROL_CHARACTERS.search(plain) or "\ufffd" in text:
        raise BadRequest("The form holds a control character; remove it.")
    return text.replace("\r\n", "\n")[:max_chars].strip()


def _submit(person_id: str, number: int) -> None:
    workflow.submit(services.database, identity(), person_id, number, read_long_text("text"))


def _request_changes(person_id: str, number: int) -> None:
    workflow.request_changes(
        services.database, identity(), person_id, number, read_long_text("text")
    )


def _publish(person_id: str, number: int) -> None:
    workflow.publish(services.database, identity(), person_id, number, read_long_text("text"))


def _comment(person_id: str, number: int) -> None:
    args = (services.database, identity(), person_id, number)
    workflow.add_comment(*args, read_long_text("text"), text_input("about"))


def _withdraw(person_id: str, number: int) -> None:
    args = (services.database, identity(), person_id)
    workflow.withdraw(*args, text_input("reason"), read_long_text("text"), number)


def _reinstate(person_id: str, number: int) -> None:
    workflow.reinstate(services.database, identity(), person_id, read_long_text("text"), number)


def _restore(person_id: str, number: int) -> None:
    message = _("Restored: version %(number)s", number=number)
    args = (services.database, identity(), person_id)
    restore_revision(*args, number, require_int("head"), message)


REVIEW_ACTION_HANDLERS: Mapping[str, ReviewAction] = {
    "submit": _submit,
    "give_back": _request_changes,
    "publish": _publish,
    "comment": _comment,
    "withdraw": _withdraw,
    "bring_back": _reinstate,
    "restore": _restore,
}
