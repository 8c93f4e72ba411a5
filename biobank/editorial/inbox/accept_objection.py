"""Acceptance of an objection: withdraws the person."""

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.inbox.notes import (
    add_message_note,
    current_person_id,
    get_message,
    lock_message,
)
from biobank.editorial.inbox.states import next_message_state
from biobank.editorial.inbox.triage import accept_and_close
from biobank.editorial.review import workflow
from biobank.errors import Problem, RecordRefused, WrongState
from biobank.store.session import Database


def withdraw_person(database: Database, actor: Identity, message_id: int, text: str) -> None:
    """Withdraw the person of an objection, and record the decision.

    Raises:
        RecordRefused: if no reason is given.
        WrongState: if it is not an objection or was already decided, or the person is not public.
    """
    require(actor, Action.TRIAGE)
    require(actor, Action.WITHDRAW_PEOPLE)
    if not text.strip():
        raise RecordRefused([Problem("reason", "missing", "Say why the person is withdrawn.")])
    with database.read() as session:
        message = get_message(session, message_id)
        next_message_state(message.state, "accept")
        person_id = current_person_id(session, message)
    if message.kind != "objection" or person_id is None:
        raise WrongState("This is no objection.")
    workflow.withdraw(database, actor, person_id, "wish", text.strip())
    with database.write() as session:
        message = lock_message(session, message_id)
        if message.state == "new":
            accept_and_close(message)
        add_message_note(session, actor, message, "withdrew", text)
