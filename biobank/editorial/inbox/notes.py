"""Records of actions on a message, and replies to its sender."""

from typing import Any

from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.common.mail import Mailer, OutgoingEmail
from biobank.common.messages import load_translations
from biobank.editorial.inbox.models import InboxMessage, MessageNote
from biobank.editorial.merging.redirects import find_survivor_id
from biobank.errors import FieldError, MailFailed, NotFound, RecordRefused
from biobank.store.session import Database

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


def reply(database: Database, actor: Identity, message_id: int, text: str, mailer: Mailer | None) -> bool:
    """Reply to the sender and record the reply; return whether it was sent by e-mail.

    Raises:
        RecordRefused: if the text is empty or too long, or the sender gave no address.
    """
    require(actor, Action.TRIAGE)
    body = text.replace("\r\n", "\n").strip()
    with database.read() as session:
        message = get_message(session, message_id)
    if not body:
        raise RecordRefused([FieldError("reply", "missing", "Enter some text.")])
    if len(body) > MAX_MESSAGE_NOTE_CHARS:
        raise RecordRefused([FieldError("reply", "long", "The text is too long.")])
    if not message.address:
        raise RecordRefused([FieldError("reply", "no_address", "The sender left no e-mail address.")])
    mailed = mailer is not None and _send_email(mailer, build_reply_email(message, body))
    with database.write() as session:
        add_message_note(session, actor, lock_message(session, message_id), "replied", body, mailed=mailed)
    return mailed


def build_reply_email(message: InboxMessage, body: str) -> OutgoingEmail:
    """Return the reply as an e-mail, in the language of the message."""
    translations = load_translations(message.lang)
    subject = translations.gettext("Your message to the Azerbaijani Biography Bank")
    greeting = (
        translations.gettext("Hello %(name)s,") % {"name": message.name}
        if message.name
        else translations.gettext("Hello,")
    )
    number = translations.gettext("Your reference number: %(reference)s")
    parts = (greeting, body, number % {"reference": message.reference})
    return OutgoingEmail(message.address, f"{subject} ({message.reference})", "\n\n".join(parts) + "\n")


def _send_email(mailer: Mailer, email: OutgoingEmail) -> bool:
    try:
        mailer.send(email)
    except MailFailed:
        # Not logged: the error of the mail server may contain the address.
        return False
    return True
