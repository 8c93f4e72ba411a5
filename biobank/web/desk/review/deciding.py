"""Review actions submitted by the buttons of a record, with one text field for all."""

from collections.abc import Callable, Mapping

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from biobank.access import identity
from biobank.editorial import history, notes, workflow
from biobank.editorial.restoring import restore_draft
from biobank.errors import BiobankError, EditConflict, OwnWork, RecordRefused, WrongState
from biobank.extensions import services
from biobank.security import CONTROL
from biobank.web.account.forms import typed
from biobank.web.desk.page import Mistake
from biobank.web.desk.review.record import desk_url, record_page
from biobank.web.desk.review.words import trouble_words
from biobank.web.text import _

#: Whitespace that texts may contain; other control characters are rejected.
LINE_ENDS = "\r\n\t"

Step = Callable[[str, int], object]


def take_step(person_id: str) -> ResponseReturnValue:
    """Perform the action of the button that was pressed and redirect, or show why it failed."""
    step = STEPS.get(typed("do"))
    if step is None:
        raise BadRequest("The form says nothing that can be done.")
    try:
        step(person_id, whole_number("number"))
    except (RecordRefused, EditConflict, WrongState, OwnWork) as error:
        return record_page(person_id, mistakes_of(error), status_of(error))
    return redirect(desk_url(person_id, g.lang, done=typed("do")), 303)


def mistakes_of(error: BiobankError) -> list[Mistake]:
    """Return the error messages of a failed action, each with its field."""
    if not isinstance(error, RecordRefused):
        return [Mistake(trouble_words(error))]
    return [
        Mistake(
            trouble_words(BiobankError(problem.message, code=problem.code)),
            problem.path if problem.path in ("text", "reason") else "",
        )
        for problem in error.problems
    ]


def status_of(error: BiobankError) -> int:
    """Return the HTTP status of an error; a record that changed meanwhile is a conflict."""
    return {RecordRefused: 422, OwnWork: 403}.get(type(error), 409)


def whole_number(name: str) -> int:
    """Return a submitted integer.

    Raises:
        BadRequest: if it is missing or invalid.
    """
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise BadRequest(f"{name} takes a whole number.")
    return min(int(text), history.NUMBER_MOST)


def long_text(name: str, most: int = notes.TEXT_MOST) -> str:
    """Return a submitted text of several lines.

    Raises:
        BadRequest: if it contains control characters.
    """
    text = request.form.get(name, "")
    plain = text.translate(dict.fromkeys(map(ord, LINE_ENDS)))
    if CONTROL.search(plain) or "\ufffd" in text:
        raise BadRequest("The form holds a control character; remove it.")
    return text.replace("\r\n", "\n")[:most].strip()


def _submit(person_id: str, number: int) -> None:
    workflow.submit(services.database, identity(), person_id, number, long_text("text"))


def _give_back(person_id: str, number: int) -> None:
    workflow.give_back(services.database, identity(), person_id, number, long_text("text"))


def _publish(person_id: str, number: int) -> None:
    workflow.publish(services.database, identity(), person_id, number, long_text("text"))


def _comment(person_id: str, number: int) -> None:
    its = (services.database, identity(), person_id, number)
    workflow.comment(*its, long_text("text"), typed("about"))


def _withdraw(person_id: str, number: int) -> None:
    its = (services.database, identity(), person_id)
    workflow.withdraw(*its, typed("reason"), long_text("text"), number)


def _bring_back(person_id: str, number: int) -> None:
    workflow.bring_back(services.database, identity(), person_id, long_text("text"), number)


def _restore(person_id: str, number: int) -> None:
    message = _("Restored: revision %(number)s", number=number)
    its = (services.database, identity(), person_id)
    restore_draft(*its, number, whole_number("head"), message)


STEPS: Mapping[str, Step] = {
    "submit": _submit,
    "give_back": _give_back,
    "publish": _publish,
    "comment": _comment,
    "withdraw": _withdraw,
    "bring_back": _bring_back,
    "restore": _restore,
}
