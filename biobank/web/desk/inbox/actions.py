"""Actions of the buttons of a message; each calls one service and returns the next URL."""

from collections.abc import Callable, Mapping

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from biobank.access import identity
from biobank.editorial.inbox import applying, registering, replies, triage, withdrawing
from biobank.editorial.inbox.notes import person_now
from biobank.editorial.inbox.queue import one
from biobank.errors import EditConflict, RecordRefused, WrongState
from biobank.extensions import services
from biobank.web.desk.inbox.message_page import edit_url, message_page
from biobank.web.desk.inbox.words import mistakes_of
from biobank.web.desk.writing.picks import id_picked
from biobank.web.desk.writing.shape import PICK
from biobank.web.public.form import passage

#: Maximum lengths of the texts of the message form, in characters.
REASON_MOST, VALUE_MOST = 5_000, 100_000


def act(message_id: int) -> ResponseReturnValue:
    """Perform the action of the button that was pressed and redirect."""
    do = ACTIONS.get(request.form.get("do", ""))
    if do is None:
        raise BadRequest("There is no such button.")
    try:
        then = do(message_id)
    except RecordRefused as refused:
        return message_page(message_id, mistakes_of(refused))
    except (WrongState, EditConflict) as error:
        return message_page(message_id, mistakes_of(error), 409)
    return redirect(then or url_for("web.desk_message", lang=g.lang, message_id=message_id), 303)


def _step(step: str) -> Callable[[int], str]:
    def take(message_id: int) -> str:
        triage.decide(services.database, identity(), message_id, step, _reason())
        return ""

    return take


def _accept(message_id: int) -> str:
    """Accept a message and return the URL of the writing form with the message beside it."""
    triage.decide(services.database, identity(), message_id, "accept", _reason())
    message = one(services.database, identity(), message_id)[0]
    with services.database.read() as session:
        return edit_url(message, person_now(session, message))


def _apply(message_id: int) -> str:
    applying.apply(services.database, identity(), message_id, passage("value", VALUE_MOST))
    return ""


def _withdraw(message_id: int) -> str:
    withdrawing.withdraw(services.database, identity(), message_id, _reason())
    return ""


def _reply(message_id: int) -> str:
    text = passage("reply", REASON_MOST + 1)
    replies.reply(services.database, identity(), message_id, text, services.mailer)
    return ""


def _remove(message_id: int) -> str:
    triage.remove(services.database, identity(), message_id)
    return url_for("web.desk_inbox", lang=g.lang, state="spam")


def _register(message_id: int) -> str:
    registering.register(
        services.database,
        identity(),
        message_id,
        _organisation(),
        id_picked(passage("organisation", PICK)),
    )
    return ""


def _strike(*, off: bool) -> Callable[[int], str]:
    def take(message_id: int) -> str:
        message = one(services.database, identity(), message_id)[0]
        registering.strike(services.database, identity(), message.organisation_id or "", off=off)
        return ""

    return take


def _reason() -> str:
    return passage("reason", REASON_MOST)


def _organisation() -> dict[str, object]:
    """Return the record of an organisation from the reviewed registration form."""
    names = {lang: passage(f"name-{lang}", 300) for lang in ("az", "en", "ru")}
    record: dict[str, object] = {
        name: passage(name, 500) for name in ("kind", "country", "founded", "website")
    }
    record["place"] = id_picked(passage("place", PICK))
    record["names"] = [
        {"text": text, "lang": lang, "kind": "preferred"} for lang, text in names.items() if text
    ]
    record["summary"] = _texts("summary")
    return {name: value for name, value in record.items() if value}


def _texts(name: str) -> Mapping[str, str]:
    texts = {lang: passage(f"{name}-{lang}", REASON_MOST) for lang in ("az", "en", "ru")}
    return {lang: text for lang, text in texts.items() if text}


#: Actions by the value of the button.
ACTIONS: Mapping[str, Callable[[int], str]] = {
    "accept": _accept,
    "apply": _apply,
    "decline": _step("decline"),
    "spam": _step("spam"),
    "close": _step("close"),
    "reopen": _step("reopen"),
    "withdraw": _withdraw,
    "reply": _reply,
    "register": _register,
    "strike": _strike(off=True),
    "restore": _strike(off=False),
    "delete": _remove,
}
