"""The message that is shown next to the form of a person while an editor works on it."""

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, allows
from biobank.editorial.inbox import triage
from biobank.editorial.inbox.models import Message
from biobank.editorial.inbox.notes import person_now
from biobank.editorial.saving import Saved
from biobank.store.session import Database

#: Kinds and states of messages that can be worked on in the form.
KINDS, STATES = ("correction", "proposal"), ("new", "accepted")


def beside(
    database: Database, who: Identity, message_id: int | None, person_id: str | None
) -> Message | None:
    """Return the message if the actor may handle it and it is about this person.

    `person_id` is None for a new person.
    """
    if message_id is None or not allows(who, Action.TRIAGE):
        return None
    with database.read() as session:
        message = session.get(Message, message_id)
        if message is None or person_now(session, message) != person_id:
            return None
    return message if message.kind in KINDS and message.state in STATES else None


def resulted(database: Database, who: Identity, message: Message, saved: Saved) -> None:
    """Record the saved revision as the result of the message; do nothing if nothing was saved."""
    if saved.changed:
        with database.write() as session:
            triage.accepted(
                session, who, message.id, revision=saved.number, person_id=saved.person_id
            )


def said(message: Message) -> str:
    """Return the revision message: the reference and the source given by the sender."""
    return f"{message.reference}: {message.content.get('source', '')}"
