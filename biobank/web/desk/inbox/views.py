"""Routes of the inbox and the actions of its buttons."""

from collections.abc import Callable, Mapping

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from biobank.accounts.policy import Action
from biobank.editorial.inbox import accept_correction, registration, triage
from biobank.editorial.inbox.queue import get_message_detail
from biobank.editorial.inbox.triage import current_person_id
from biobank.errors import EditConflict, RecordRefused, WrongState
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.web.core.forms import read_line, read_text
from biobank.web.core.gettext import _
from biobank.web.desk import blueprint
from biobank.web.desk.forms.references import extract_id
from biobank.web.desk.forms.schema import MAX_REFERENCE_CHARS
from biobank.web.desk.inbox.labels import field_errors
from biobank.web.desk.inbox.pages import build_inbox_page, edit_url, message_page
from biobank.web.desk.layout import render_desk

#: Maximum lengths of the texts of the message form, in characters.
MAX_MESSAGE_REASON_CHARS, MAX_PROPOSED_VALUE_CHARS = 5_000, 100_000


def handle_action(message_id: int) -> ResponseReturnValue:
    """Perform the action of the button that was pressed and redirect."""
    action = MESSAGE_ACTIONS.get(request.form.get("do", ""))
    if action is None:
        raise BadRequest("There is no such button.")
    try:
        next_url = action(message_id)
    except RecordRefused as refused:
        return message_page(message_id, field_errors(refused))
    except (WrongState, EditConflict) as error:
        return message_page(message_id, field_errors(error), 409)
    return redirect(next_url or url_for("desk.message", lang=g.lang, message_id=message_id), 303)


def _triage_action(step: str) -> Callable[[int], str]:
    def run(message_id: int) -> str:
        triage.decide(services.database, identity(), message_id, step, _reason())
        return ""

    return run


def _accept(message_id: int) -> str:
    """Accept a message and return the URL of the writing form with the message beside it."""
    triage.decide(services.database, identity(), message_id, "accept", _reason())
    message = get_message_detail(services.database, identity(), message_id)[0]
    with services.database.read() as session:
        return edit_url(message, current_person_id(session, message))


def _apply(message_id: int) -> str:
    accept_correction.apply_correction(
        services.database, identity(), message_id, read_text("value", MAX_PROPOSED_VALUE_CHARS)
    )
    return ""


def _withdraw(message_id: int) -> str:
    accept_correction.withdraw_person(services.database, identity(), message_id, _reason())
    return ""


def _reply(message_id: int) -> str:
    text = read_text("reply", MAX_MESSAGE_REASON_CHARS + 1)
    triage.reply(services.database, identity(), message_id, text, services.mailer)
    return ""


def _remove(message_id: int) -> str:
    triage.delete_spam(services.database, identity(), message_id)
    return url_for("desk.inbox", lang=g.lang, state="spam")


def _register(message_id: int) -> str:
    registration.register_organisation(
        services.database,
        identity(),
        message_id,
        _organisation_record(),
        extract_id(read_line("organisation", MAX_REFERENCE_CHARS)),
    )
    return ""


def _registration_action(*, off: bool) -> Callable[[int], str]:
    def run(message_id: int) -> str:
        message = get_message_detail(services.database, identity(), message_id)[0]
        registration.set_struck_off(services.database, identity(), message.organisation_id or "", struck=off)
        return ""

    return run


def _reason() -> str:
    return read_text("reason", MAX_MESSAGE_REASON_CHARS)


def _organisation_record() -> dict[str, object]:
    """Return the record of an organisation from the reviewed registration form."""
    names = {lang: read_line(f"name-{lang}", 300) for lang in ("az", "en", "ru")}
    record: dict[str, object] = {name: read_line(name) for name in ("kind", "country", "founded", "website")}
    record["place"] = extract_id(read_line("place", MAX_REFERENCE_CHARS))
    record["names"] = [
        {"text": text, "lang": lang, "kind": "preferred"} for lang, text in names.items() if text
    ]
    record["summary"] = _localized_texts("summary")
    return {name: value for name, value in record.items() if value}


def _localized_texts(name: str) -> Mapping[str, str]:
    texts = {lang: read_text(f"{name}-{lang}", MAX_MESSAGE_REASON_CHARS) for lang in ("az", "en", "ru")}
    return {lang: text for lang, text in texts.items() if text}


#: Actions by the value of the button.
MESSAGE_ACTIONS: Mapping[str, Callable[[int], str]] = {
    "accept": _accept,
    "apply": _apply,
    "decline": _triage_action("decline"),
    "spam": _triage_action("spam"),
    "close": _triage_action("close"),
    "reopen": _triage_action("reopen"),
    "withdraw": _withdraw,
    "reply": _reply,
    "register": _register,
    "strike": _registration_action(off=True),
    "restore": _registration_action(off=False),
    "delete": _remove,
}


MESSAGE_ID = "<int(max=999999999):message_id>"


@blueprint.get("/inbox")
@requires(Action.TRIAGE)
def inbox(lang: str) -> ResponseReturnValue:
    return render_desk("inbox/queue.html", _("Inbox"), page=build_inbox_page())


@blueprint.get(f"/inbox/{MESSAGE_ID}")
@requires(Action.TRIAGE)
def message(lang: str, message_id: int) -> ResponseReturnValue:
    return message_page(message_id)


@blueprint.post(f"/inbox/{MESSAGE_ID}")
@requires(Action.TRIAGE)
def message_post(lang: str, message_id: int) -> ResponseReturnValue:
    return handle_action(message_id)
