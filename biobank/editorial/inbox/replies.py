"""An answer to the sender: by mail where the bank sends letters, else for somebody to send."""

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
    """Answers the sender, and keeps the answer; gives whether it went out by mail.

    Raises:
        RecordRefused: where nothing is said, too much, or there is no address to answer to.
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
    """The answer as it goes out, in the language in which the message came."""
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
        # Not even logged: what a mail server says may hold the address.
        return False
    return True
