"""Acceptance of an objection: withdraws the person."""

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial import workflow
from biobank.editorial.inbox.notes import find, hold, note, person_now
from biobank.editorial.inbox.states import after
from biobank.editorial.inbox.triage import settle
from biobank.errors import Problem, RecordRefused, WrongState
from biobank.store.session import Database


def withdraw(database: Database, who: Identity, message_id: int, text: str) -> None:
    """Withdraw the person of an objection, and record the decision.

    Raises:
        RecordRefused: if no reason is given.
        WrongState: if it is not an objection or was already decided, or the person is not public.
    """
    require(who, Action.TRIAGE)
    require(who, Action.WITHDRAW_PEOPLE)
    if not text.strip():
        raise RecordRefused([Problem("reason", "missing", "Say why the person is withdrawn.")])
    with database.read() as session:
        message = find(session, message_id)
        after(message.state, "accept")
        person_id = person_now(session, message)
    if message.kind != "objection" or person_id is None:
        raise WrongState("This is no objection.")
    workflow.withdraw(database, who, person_id, "wish", text.strip())
    with database.write() as session:
        message = hold(session, message_id)
        if message.state == "new":
            settle(message)
        note(session, who, message, "withdrew", text)
