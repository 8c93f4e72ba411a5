"""Triage of messages. Every decision is recorded and can be reverted."""

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

#: The note kind of each step.
NOTED = {
    "accept": "accepted",
    "decline": "declined",
    "spam": "spam",
    "close": "closed",
    "reopen": "reopened",
}


def decide(database: Database, who: Identity, message_id: int, step: str, text: str = "") -> None:
    """Perform a step; declining requires a reason.

    Raises:
        RecordRefused: if the reason is missing.
        WrongState: if the step is not allowed in the state of the message.
    """
    require(who, Action.TRIAGE)
    if step == "decline" and not text.strip():
        raise RecordRefused([Problem("reason", "missing", "Say why it is declined.")])
    with database.write() as session:
        message = hold(session, message_id)
        move(message, step)
        note(session, who, message, NOTED[step], text)


def move(message: Message, step: str) -> None:
    """Change the state of a message by a step, and start or stop the retention period."""
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
    """Accept and close a message that needs no further action."""
    move(message, "accept")
    move(message, "close")


def accepted(
    session: Session, who: Identity, message_id: int, *, revision: int | None, person_id: str
) -> None:
    """Record the revision that a message led to; an earlier decision is kept.

    Called in the caller's transaction, after the revision was saved.
    """
    message = hold(session, message_id)
    if message.state == "new":
        move(message, "accept")
    message.revision, message.person_id = revision, person_id
    note(session, who, message, "drafted", revision=revision)


def remove(database: Database, who: Identity, message_id: int) -> None:
    """Delete a spam message and its notes; the audit log records the deletion.

    Raises:
        WrongState: if it is not spam.
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
