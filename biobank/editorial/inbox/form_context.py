"""The message that is shown next to the form of a person while an editor works on it."""

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, is_allowed
from biobank.editorial.inbox import triage
from biobank.editorial.inbox.models import InboxMessage
from biobank.editorial.inbox.notes import current_person_id
from biobank.editorial.revisions.drafts import SavedRevision
from biobank.store.session import Database

#: Kinds and states of messages that can be worked on in the form.
FORM_MESSAGE_KINDS, FORM_MESSAGE_STATES = ("correction", "proposal"), ("new", "accepted")


def find_form_message(
    database: Database, actor: Identity, message_id: int | None, person_id: str | None
) -> InboxMessage | None:
    """Return the message if the actor may handle it and it is about this person.

    `person_id` is None for a new person.
    """
    if message_id is None or not is_allowed(actor, Action.TRIAGE):
        return None
    with database.read() as session:
        message = session.get(InboxMessage, message_id)
        if message is None or current_person_id(session, message) != person_id:
            return None
    return message if message.kind in FORM_MESSAGE_KINDS and message.state in FORM_MESSAGE_STATES else None


def record_result(database: Database, actor: Identity, message: InboxMessage, saved: SavedRevision) -> None:
    """Record the saved revision as the result of the message; do nothing if nothing was saved."""
    if saved.changed:
        with database.write() as session:
            triage.record_accepted(
                session, actor, message.id, revision=saved.number, person_id=saved.person_id
            )


def revision_message(message: InboxMessage) -> str:
    """Return the revision message: the reference and the source given by the sender."""
    return f"{message.reference}: {message.content.get('source', '')}"
