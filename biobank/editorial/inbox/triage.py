"""Triage: what becomes of a message. Every decision is noted, and can be taken back."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.clock import now
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.inbox.models import Message, MessageNote
from biobank.editorial.inbox.notes import hold, note
from biobank.editorial.inbox.states import SETTLED, after
from biobank.errors import Problem, RecordRefused, WrongState
from biobank.store.session import Database

#: How a step is noted.
NOTED = {
    "accept": "accepted",
    "decline": "declined",
    "spam": "spam",
    "close": "closed",
    "reopen": "reopened",
}


def decide(database: Database, who: Identity, message_id: int, step: str, text: str = "") -> None:
    """Takes a step of `states`; one that declines says why.

    Raises:
        RecordRefused: where a reason is asked for and not given.
        WrongState: where the step leads nowhere from where the message is.
    """
    require(who, Action.TRIAGE)
    if step == "decline" and not text.strip():
        raise RecordRefused([Problem("reason", "missing", "Say why it is declined.")])
    with database.write() as session:
        message = hold(session, message_id)
        move(message, step)
        note(session, who, message, NOTED[step], text)


def move(message: Message, step: str) -> None:
    """Brings a message to where a step leads; its address has a term once it is settled."""
    state = after(message.state, step)
    if state == "closed":
        message.outcome = message.state if message.state != "new" else ""
    elif step == "reopen":
        message.outcome = ""
    if state not in SETTLED:
        message.settled_at = None
    elif message.settled_at is None:
        message.settled_at = now()
    message.state = state


def settle(message: Message) -> None:
    """Accepts a message of which nothing is left to do: its address has a term from now on."""
    move(message, "accept")
    move(message, "close")


def accepted(
    session: Session, who: Identity, message_id: int, *, revision: int | None, person_id: str
) -> None:
    """Notes which revision a message led to; what came of one that is decided stays noted.

    Called in a transaction of the caller's, after the revision was saved.
    """
    message = hold(session, message_id)
    if message.state == "new":
        move(message, "accept")
    message.revision, message.person_id = revision, person_id
    note(session, who, message, "drafted", revision=revision)


def remove(database: Database, who: Identity, message_id: int) -> None:
    """Deletes a message that is spam, with all that was noted of it; the audit keeps that.

    Raises:
        WrongState: where it is not spam.
    """
    require(who, Action.TRIAGE)
    with database.write() as session:
        message = hold(session, message_id)
        if message.state != "spam":
            raise WrongState("Only spam is deleted.")
        _remove(session, who, message)


def _remove(session: Session, who: Identity, message: Message) -> None:
    session.execute(delete(MessageNote).where(MessageNote.message_id == message.id))
    session.delete(message)
    audit.note_about(
        session, who, "message_deleted", "message", message.reference, about=message.kind
    )
