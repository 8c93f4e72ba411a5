"""Triage of messages: notes, replies, states, decisions and automatic closing.

Decisions can be reverted.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import OPERATOR, Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.common.mail import Mailer, OutgoingEmail
from biobank.common.messages import load_translations
from biobank.editorial.merging.redirects import find_survivor_id
from biobank.editorial.models import InboxMessage, MessageNote, Revision
from biobank.errors import MailFailed, NotFound, RecordRefused, WrongState
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
    if message.person_id:
        detail = {"person": message.person_id, **detail}
    detail = {"about": message.kind, **detail}
    audit.record_for(session, actor, f"message_{kind}", "message", message.reference, **detail)


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
        raise RecordRefused.of_field("reply", "missing", "Enter some text.")
    if len(body) > MAX_MESSAGE_NOTE_CHARS:
        raise RecordRefused.of_field("reply", "long", "The text is too long.")
    if not message.address:
        raise RecordRefused.of_field("reply", "no_address", "The sender left no e-mail address.")
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


MESSAGE_STATES = ("new", "accepted", "declined", "spam", "closed")
#: States without pending actions, in which the retention period of the address runs.
SETTLED_STATES = ("declined", "spam", "closed")

#: The allowed transitions: (state, step) to the next state.
MESSAGE_TRANSITIONS: Final[Mapping[tuple[str, str], str]] = {
    ("new", "accept"): "accepted",
    ("new", "decline"): "declined",
    ("new", "spam"): "spam",
    ("new", "close"): "closed",
    ("accepted", "close"): "closed",
    ("declined", "close"): "closed",
    ("spam", "close"): "closed",
    **{(state, "reopen"): "new" for state in MESSAGE_STATES if state != "new"},
}
#: The note kind of each step.
STEP_NOTE_KINDS = {
    "accept": "accepted",
    "decline": "declined",
    "spam": "spam",
    "close": "closed",
    "reopen": "reopened",
}
ADDRESS_RETENTION = timedelta(days=90)


def next_message_state(state: str, step: str) -> str:
    """Return the state after `step`.

    Raises:
        WrongState: if the step is not allowed in this state.
    """
    if (state, step) not in MESSAGE_TRANSITIONS:
        raise WrongState(f"The message is in the state {state!r}, which does not allow {step!r}.")
    return MESSAGE_TRANSITIONS[state, step]


def allowed_steps(state: str) -> tuple[str, ...]:
    """Return the steps allowed in a state."""
    return tuple(step for start, step in MESSAGE_TRANSITIONS if start == state)


def decide(database: Database, actor: Identity, message_id: int, step: str, text: str = "") -> None:
    """Perform a step; declining requires a reason.

    Raises:
        RecordRefused: if the reason is missing.
        WrongState: if the step is not allowed in the state of the message.
    """
    require(actor, Action.TRIAGE)
    if step == "decline" and not text.strip():
        raise RecordRefused.of_field("reason", "missing", "Enter a reason for declining.")
    with database.write() as session:
        message = lock_message(session, message_id)
        apply_step(message, step)
        add_message_note(session, actor, message, STEP_NOTE_KINDS[step], text)


def apply_step(message: InboxMessage, step: str) -> None:
    """Change the state of a message by a step, and start or stop the retention period."""
    state = next_message_state(message.state, step)
    if state == "closed":
        message.outcome = message.state if message.state != "new" else ""
    elif step == "reopen":
        message.outcome = ""
    if state not in SETTLED_STATES:
        message.settled_at = None
    elif message.settled_at is None:
        message.settled_at = now()
    message.state = state


def accept_and_close(message: InboxMessage) -> None:
    """Accept and close a message that needs no further action."""
    apply_step(message, "accept")
    apply_step(message, "close")


def record_accepted(
    session: Session, actor: Identity, message_id: int, revision: int | None, person_id: str
) -> None:
    """Record the revision that a message led to; an earlier decision is kept.

    Called in the caller's transaction, after the revision was saved.
    """
    message = lock_message(session, message_id)
    if message.state == "new":
        apply_step(message, "accept")
    message.revision, message.person_id = revision, person_id
    add_message_note(session, actor, message, "drafted", revision=revision)


def delete_spam(database: Database, actor: Identity, message_id: int) -> None:
    """Delete a spam message and its notes; the audit log records the deletion.

    Raises:
        WrongState: if it is not spam.
    """
    require(actor, Action.TRIAGE)
    with database.write() as session:
        message = lock_message(session, message_id)
        if message.state != "spam":
            raise WrongState("Only messages marked as spam can be deleted.")
        session.execute(delete(MessageNote).where(MessageNote.message_id == message.id))
        session.delete(message)
        audit.record_for(session, actor, "message_deleted", "message", message.reference, about=message.kind)


def close_published(database: Database) -> int:
    """Close accepted messages whose draft (or a later one) was published; return their number."""
    published = (
        select(func.min(Revision.number))
        .where(
            Revision.person_id == InboxMessage.person_id,
            Revision.number >= InboxMessage.revision,
            Revision.published_at.is_not(None),
        )
        .scalar_subquery()
    )
    query = select(InboxMessage, published).where(
        InboxMessage.state == "accepted", InboxMessage.revision.is_not(None), published.is_not(None)
    )
    with database.write() as session:
        rows = session.execute(query).all()
        for message, number in rows:
            message.revision = number
            apply_step(message, "close")
            add_message_note(session, OPERATOR, message, "published", revision=number)
        return len(rows)


def erase_addresses(database: Database, timestamp: datetime) -> int:
    """Erase addresses whose retention period has ended at `timestamp`; return their number."""
    due = select(InboxMessage).where(
        InboxMessage.settled_at < timestamp - ADDRESS_RETENTION, InboxMessage.address != ""
    )
    with database.write() as session:
        messages = session.scalars(due).all()
        for message in messages:
            message.address = ""
        return len(messages)
