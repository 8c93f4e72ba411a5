"""Replies to senders: by e-mail if configured, otherwise recorded for manual sending."""

from biobank.accounts.emails import load_translations
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.mail import Mailer, OutgoingEmail
from biobank.editorial.inbox.models import InboxMessage
from biobank.editorial.inbox.notes import (
    MAX_MESSAGE_NOTE_CHARS,
    add_message_note,
    get_message,
    lock_message,
)
from biobank.errors import MailFailed, Problem, RecordRefused
from biobank.store.session import Database


def reply(
    database: Database, actor: Identity, message_id: int, text: str, mailer: Mailer | None
) -> bool:
    """Reply to the sender and record the reply; return whether it was sent by e-mail.

    Raises:
        RecordRefused: if the text is empty or too long, or the sender gave no address.
    """
    require(actor, Action.TRIAGE)
    body = text.replace("\r\n", "\n").strip()
    with database.read() as session:
        message = get_message(session, message_id)
    if not body:
        raise RecordRefused([Problem("reply", "missing", "Write something.")])
    if len(body) > MAX_MESSAGE_NOTE_CHARS:
        raise RecordRefused([Problem("reply", "long", "It is too long.")])
    if not message.address:
        raise RecordRefused([Problem("reply", "no_address", "There is no address to answer to.")])
    mailed = mailer is not None and _send_email(mailer, build_reply_email(message, body))
    with database.write() as session:
        add_message_note(
            session, actor, lock_message(session, message_id), "replied", body, mailed=mailed
        )
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
    return OutgoingEmail(
        message.address, f"{subject} ({message.reference})", "\n\n".join(parts) + "\n"
    )


def _send_email(mailer: Mailer, email: OutgoingEmail) -> bool:
    try:
        mailer.send(email)
    except MailFailed:
        # Not logged: the error of the mail server may contain the address.
        return False
    return True
