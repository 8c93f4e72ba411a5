"""Sending: a message of the public is taken, once, and nothing is kept of where it came from."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from biobank.accounts import attempts
from biobank.accounts.clock import now
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.inbox import spam
from biobank.editorial.inbox.forms import SENDER, checked
from biobank.editorial.inbox.models import KINDS, Message
from biobank.errors import NotFound
from biobank.records.people.models import Person
from biobank.store.session import Database


@dataclass(frozen=True)
class Sent:
    """What somebody sends: `given` by entry of the form, about a field of a person where any.

    `reference` comes with the form; `trapped` where a field was filled that people do not see.
    """

    kind: str
    reference: str
    lang: str
    given: Mapping[str, str]
    person_id: str = ""
    field: str = ""
    trapped: bool = False


def send(database: Database, who: Identity, sent: Sent) -> str:
    """Takes a message, and gives its reference; a form that was sent before is not taken twice.

    Nothing is noted in the audit: it would hold the network address of the sender.

    Raises:
        NotFound: where the person is not public.
        RecordRefused: one problem an entry that cannot be taken.
        TooManyAttempts: where too many came from one network.
    """
    require(who, Action.SEND)
    content = checked(sent.kind, sent.given)
    with database.read() as session:
        if _is_here(session, sent.reference):
            return sent.reference
        _require_person(session, sent.person_id)
    attempts.count(database, [attempts.of_sender(who.address)])
    try:
        with database.write() as session:
            session.add(_message(session, sent, content))
    except IntegrityError:
        # The same form at the same moment, from a second click.
        with database.read() as session:
            if not _is_here(session, sent.reference):
                raise
    return sent.reference


def _is_here(session: Session, reference: str) -> bool:
    return session.scalar(select(Message.id).where(Message.reference == reference)) is not None


def _require_person(session: Session, person_id: str) -> None:
    query = select(Person.id).where(Person.id == person_id, Person.published.is_not(None))
    if person_id and session.scalar(query) is None:
        raise NotFound("There is no such person in the bank.")


def _message(session: Session, sent: Sent, content: dict[str, str]) -> Message:
    assert sent.kind in KINDS
    written = {name: text for name, text in content.items() if name not in SENDER}
    hashed = spam.content_hash(written)
    same = select(func.count()).select_from(Message).where(Message.content_hash == hashed)
    marks = spam.marks(written, session.scalar(same) or 0, trapped=sent.trapped)
    hidden = spam.is_spam(marks)
    return Message(
        reference=sent.reference,
        kind=sent.kind,
        state="spam" if hidden else "new",
        person_id=sent.person_id or None,
        field=sent.field,
        content=written,
        lang=sent.lang,
        name=content.get("name", ""),
        address=content.get("email", ""),
        marks=marks,
        content_hash=hashed,
        sent_at=now(),
        settled_at=now() if hidden else None,
    )
