"""Records of actions on a message: a note and an audit event in one transaction."""

from typing import Any

from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.common.clock import now
from biobank.editorial.inbox.models import InboxMessage, MessageNote
from biobank.editorial.merging.redirects import find_survivor_id
from biobank.errors import NotFound

#: Maximum length of a reason or a reply, in characters.
MAX_MESSAGE_NOTE_CHARS = 5_000


def get_message(session: Session, message_id: int, *, for_update: bool = False) -> InboxMessage:
    """Return the message, optionally locked until the transaction ends.

    Raises:
        NotFound: if the message does not exist.
    """
    message = session.get(InboxMessage, message_id, with_for_update=for_update)
    if message is None:
        raise NotFound(f"There is no message {message_id}.")
    return message


def current_person_id(session: Session, message: InboxMessage) -> str | None:
    """Return the id of the person that the message is about, following merges."""
    return find_survivor_id(session, message.person_id or "") or message.person_id


def lock_message(session: Session, message_id: int) -> InboxMessage:
    """Return the message, locked for writing."""
    return get_message(session, message_id, for_update=True)


def add_message_note(
    session: Session,
    actor: Identity,
    message: InboxMessage,
    kind: str,
    text: str = "",
    *,
    mailed: bool = False,
    **detail: Any,
) -> None:
    """Add a note of kind `kind`; text and address are not written to the audit log."""
    session.add(
        MessageNote(
            message_id=message.id,
            kind=kind,
            text=text.strip()[:MAX_MESSAGE_NOTE_CHARS],
            mailed=mailed,
            author=actor.name,
            author_id=actor.user_id,
            at=now(),
        )
    )
    person_detail = {"person": message.person_id} if message.person_id else {}
    audit.record_for(
        session,
        actor,
        f"message_{kind}",
        "message",
        message.reference,
        about=message.kind,
        **person_detail,
        **detail,
    )
