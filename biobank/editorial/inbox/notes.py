"""What was done with a message: a note at the desk, a line in the audit, in one transaction."""

from typing import Any

from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.clock import now
from biobank.accounts.identity import Identity
from biobank.editorial.inbox.models import Message, MessageNote
from biobank.editorial.merging.leading import merged_into
from biobank.errors import NotFound

#: Characters of a reason or an answer.
TEXT_MOST = 5_000


def find(session: Session, message_id: int, *, held: bool = False) -> Message:
    """The message; `held` until the transaction ends, so that two decisions come one by one.

    Raises:
        NotFound: where there is none.
    """
    found = session.get(Message, message_id, with_for_update=held)
    if found is None:
        raise NotFound(f"There is no message {message_id}.")
    return found


def person_now(session: Session, message: Message) -> str | None:
    """Whom a message is about: where its person was merged into another one, that one."""
    return merged_into(session, message.person_id or "") or message.person_id


def hold(session: Session, message_id: int) -> Message:
    """As `find`, to write to it."""
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
    """Notes that `who` did `kind` with a message; neither text nor address goes to the audit."""
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
