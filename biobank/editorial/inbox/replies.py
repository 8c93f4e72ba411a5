"""Replies to senders: by e-mail if configured, otherwise recorded for manual sending."""

from biobank.accounts.identity import Identity
from biobank.accounts.letters import words
from biobank.accounts.policy import Action, require
from biobank.editorial.inbox.models import Message
from biobank.editorial.inbox.notes import TEXT_MOST, find, hold, note
from biobank.errors import MailFailed, Problem, RecordRefused
from biobank.mail import Letter, Mailer
from biobank.store.session import Database


def reply(
    database: Database, who: Identity, message_id: int, text: str, mailer: Mailer | None
) -> bool:
    """Reply to the sender and record the reply; return whether it was sent by e-mail.

    Raises:
        RecordRefused: if the text is empty or too long, or the sender gave no address.
    """
    require(who, Action.TRIAGE)
    said = text.replace("\r\n", "\n").strip()
    with database.read() as session:
        message = find(session, message_id)
    if not said:
        raise RecordRefused([Problem("reply", "missing", "Write something.")])
    if len(said) > TEXT_MOST:
        raise RecordRefused([Problem("reply", "long", "It is too long.")])
    if not message.address:
        raise RecordRefused([Problem("reply", "no_address", "There is no address to answer to.")])
    mailed = mailer is not None and _mail(mailer, letter(message, said))
    with database.write() as session:
        note(session, who, hold(session, message_id), "replied", said, mailed=mailed)
    return mailed


def letter(message: Message, said: str) -> Letter:
    """Return the reply as an e-mail, in the language of the message."""
    its = words(message.lang)
    subject = its.gettext("Your message to the Azerbaijani Biography Bank")
    greeting = (
        its.gettext("Hello %(name)s,") % {"name": message.name}
        if message.name
        else its.gettext("Hello,")
    )
    number = its.gettext("The number of your message: %(reference)s")
    parts = (greeting, said, number % {"reference": message.reference})
    return Letter(message.address, f"{subject} ({message.reference})", "\n\n".join(parts) + "\n")


def _mail(mailer: Mailer, answer: Letter) -> bool:
    try:
        mailer.send(answer)
    except MailFailed:
        # Not logged: the error of the mail server may contain the address.
        return False
    return True
