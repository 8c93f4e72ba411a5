"""A message that is worked on in the form of a person: shown beside it, and thanked for."""

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, allows
from biobank.editorial.inbox import triage
from biobank.editorial.inbox.models import Message
from biobank.editorial.inbox.notes import person_now
from biobank.editorial.saving import Saved
from biobank.store.session import Database

#: Kinds that lead to the form, and states from which they do.
KINDS, STATES = ("correction", "proposal"), ("new", "accepted")


def beside(
    database: Database, who: Identity, message_id: int | None, person_id: str | None
) -> Message | None:
    """The message, where it is one about this person (none: a new one) that `who` may decide on."""
    if message_id is None or not allows(who, Action.TRIAGE):
        return None
    with database.read() as session:
        message = session.get(Message, message_id)
        if message is None or person_now(session, message) != person_id:
            return None
    return message if message.kind in KINDS and message.state in STATES else None


def resulted(database: Database, who: Identity, message: Message, saved: Saved) -> None:
    """Notes what was saved in the form as what came of the message; nothing where nothing was."""
    if saved.changed:
        with database.write() as session:
            triage.accepted(
                session, who, message.id, revision=saved.number, person_id=saved.person_id
            )


def said(message: Message) -> str:
    """The message of the revision: what the public gave as its source, for who reviews it."""
    return f"{message.reference}: {message.content.get('source', '')}"
