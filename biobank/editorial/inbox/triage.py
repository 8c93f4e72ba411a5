"""Triage of messages. Every decision is recorded and can be reverted."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.editorial.inbox.models import InboxMessage, MessageNote
from biobank.editorial.inbox.notes import add_message_note, lock_message
from biobank.editorial.inbox.states import SETTLED_STATES, next_message_state
from biobank.errors import Problem, RecordRefused, WrongState
from biobank.store.session import Database

#: The note kind of each step.
STEP_NOTE_KINDS = {
    "accept": "accepted",
    "decline": "declined",
    "spam": "spam",
    "close": "closed",
    "reopen": "reopened",
}


def decide(database: Database, actor: Identity, message_id: int, step: str, text: str = "") -> None:
    """Perform a step; declining requires a reason.

    Raises:
        RecordRefused: if the reason is missing.
        WrongState: if the step is not allowed in the state of the message.
    """
    require(actor, Action.TRIAGE)
    if step == "decline" and not text.strip():
        raise RecordRefused([Problem("reason", "missing", "Say why it is declined.")])
    with database.write() as session:
        message = lock_message(session, message_id)
        apply_step(message, step)
        add_message_note(session, actor, message, STEP_NOTE_KINDS[step], text)


def apply_step(message: InboxMessage, step: str) -> None:
    """Change the state of a message by a step, and start or stop the retention period."""
    state = next_message_state(message.state, step)
    if state == "closed":
        message.outcome = message.state if message.state != "new" else ""
    elif step == "reopen":
        message.outcome = ""
    if state not in SETTLED_STATES:
        message.settled_at = None
    elif message.settled_at is None:
        message.settled_at = now()
    message.state = state


def accept_and_close(message: InboxMessage) -> None:
    """Accept and close a message that needs no further action."""
    apply_step(message, "accept")
    apply_step(message, "close")


def record_accepted(
    session: Session, actor: Identity, message_id: int, *, revision: int | None, person_id: str
) -> None:
    """Record the revision that a message led to; an earlier decision is kept.

    Called in the caller's transaction, after the revision was saved.
    """
    message = lock_message(session, message_id)
    if message.state == "new":
        apply_step(message, "accept")
    message.revision, message.person_id = revision, person_id
    add_message_note(session, actor, message, "drafted", revision=revision)


def delete_spam(database: Database, actor: Identity, message_id: int) -> None:
    """Delete a spam message and its notes; the audit log records the deletion.

    Raises:
        WrongState: if it is not spam.
    """
    require(actor, Action.TRIAGE)
    with database.write() as session:
        message = lock_message(session, message_id)
        if message.state != "spam":
            raise WrongState("Only spam is deleted.")
        _delete_message(session, actor, message)


def _delete_message(session: Session, actor: Identity, message: InboxMessage) -> None:
    session.execute(delete(MessageNote).where(MessageNote.message_id == message.id))
    session.delete(message)
    audit.record_for(
        session, actor, "message_deleted", "message", message.reference, about=message.kind
    )
