"""Submission of messages by the public; the sender's IP address is not stored."""

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
    """A submitted form: `values` by entry, optionally about a field of a person.

    `reference` is generated with the form; `trapped` is true if the honeypot field was filled.
    """

    kind: str
    reference: str
    lang: str
    given: Mapping[str, str]
    person_id: str = ""
    field: str = ""
    trapped: bool = False


def send(database: Database, who: Identity, sent: Sent) -> str:
    """Store a message and return its reference; a form submitted twice is stored once.

    No audit event is written, because it would contain the sender's IP address.

    Raises:
        NotFound: if the person is not public.
        RecordRefused: with one problem per invalid entry.
        TooManyAttempts: if the rate limit of the network is exceeded.
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
        # The same form was submitted concurrently, e.g. by a double click.
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
