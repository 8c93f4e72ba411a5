"""Records of actions on a message: a note and an audit event in one transaction."""

from typing import Any

from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.clock import now
from biobank.accounts.identity import Identity
from biobank.editorial.inbox.models import Message, MessageNote
from biobank.editorial.merging.leading import merged_into
from biobank.errors import NotFound

#: Maximum length of a reason or a reply, in characters.
TEXT_MOST = 5_000


def find(session: Session, message_id: int, *, held: bool = False) -> Message:
    """Return the message, optionally locked until the transaction ends.

    Raises:
        NotFound: if the message does not exist.
    """
    found = session.get(Message, message_id, with_for_update=held)
    if found is None:
        raise NotFound(f"There is no message {message_id}.")
    return found


def person_now(session: Session, message: Message) -> str | None:
    """Return the id of the person that the message is about, following merges."""
    return merged_into(session, message.person_id or "") or message.person_id


def hold(session: Session, message_id: int) -> Message:
    """Return the message, locked for writing."""
    return find(session, message_id, held=True)


def note(
    session: Session,
    who: Identity,
    message: Message,
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
            text=text.strip()[:TEXT_MOST],
            mailed=mailed,
            author=who.name,
            author_id=who.user_id,
            at=now(),
        )
    )
    about = {"person": message.person_id} if message.person_id else {}
    audit.note_about(
        session,
        who,
        f"message_{kind}",
        "message",
        message.reference,
        about=message.kind,
        **about,
        **detail,
    )
