"""Submission of messages by the public, and the signs of spam. No IP address is stored."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from biobank.accounts import rate_limits
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.editorial.inbox.forms import SENDER_ENTRIES, validate_message
from biobank.editorial.inbox.models import MESSAGE_KINDS, InboxMessage
from biobank.errors import NotFound
from biobank.records.people.models import Person
from biobank.store.session import Database

#: Entries in which links are expected and not counted.
LINK_ENTRIES = frozenset(("source", "website"))
#: Maximum number of links in the other entries of a legitimate message.
MAX_LINKS = 2
#: Minimum number of earlier messages with equal contents that indicates spam.
MIN_REPEATS = 2

_LINK_PATTERN = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)


@dataclass(frozen=True)
class Submission:
    """A submitted form: `values` by entry, optionally about a field of a person.

    `reference` is generated with the form; `trapped` is true if the honeypot field was filled.
    """

    kind: str
    reference: str
    lang: str
    values: Mapping[str, str]
    person_id: str = ""
    field: str = ""
    trapped: bool = False


def submit_message(database: Database, actor: Identity, submission: Submission) -> str:
    """Store a message and return its reference; a form submitted twice is stored once.

    No audit event is written, because it would contain the sender's IP address.

    Raises:
        NotFound: if the person is not public.
        RecordRefused: with one problem per invalid entry.
        TooManyAttempts: if the rate limit of the network is exceeded.
    """
    require(actor, Action.SUBMIT_MESSAGE)
    content = validate_message(submission.kind, submission.values)
    with database.read() as session:
        if _exists(session, submission.reference):
            return submission.reference
        _require_public_person(session, submission.person_id)
    rate_limits.count_attempt(database, [rate_limits.sender_limit(actor.ip_address)])
    try:
        with database.write() as session:
            session.add(_build_message(session, submission, content))
    except IntegrityError:
        # The same form was submitted concurrently, e.g. by a double click.
        with database.read() as session:
            if not _exists(session, submission.reference):
                raise
    return submission.reference


def _exists(session: Session, reference: str) -> bool:
    return session.scalar(select(InboxMessage.id).where(InboxMessage.reference == reference)) is not None


def _require_public_person(session: Session, person_id: str) -> None:
    query = select(Person.id).where(Person.id == person_id, Person.published.is_not(None))
    if person_id and session.scalar(query) is None:
        raise NotFound("Person not found.")


def _build_message(session: Session, submission: Submission, content: dict[str, str]) -> InboxMessage:
    assert submission.kind in MESSAGE_KINDS
    entries = {name: text for name, text in content.items() if name not in SENDER_ENTRIES}
    hashed = content_hash(entries)
    duplicates_query = (
        select(func.count()).select_from(InboxMessage).where(InboxMessage.content_hash == hashed)
    )
    marks = spam_marks(entries, session.scalar(duplicates_query) or 0, trapped=submission.trapped)
    hidden = is_spam(marks)
    return InboxMessage(
        reference=submission.reference,
        kind=submission.kind,
        state="spam" if hidden else "new",
        person_id=submission.person_id or None,
        field=submission.field,
        content=entries,
        lang=submission.lang,
        name=content.get("name", ""),
        address=content.get("email", ""),
        marks=marks,
        content_hash=hashed,
        sent_at=now(),
        settled_at=now() if hidden else None,
    )


def count_links(content: Mapping[str, str]) -> int:
    """Return the number of links in entries where none are expected."""
    texts = (text for entry, text in content.items() if entry not in LINK_ENTRIES)
    return sum(len(_LINK_PATTERN.findall(text)) for text in texts)


def content_hash(content: Mapping[str, str]) -> str:
    """Return a hash of the contents that ignores whitespace and case."""
    words = "\n".join(f"{entry}: {content[entry]}" for entry in sorted(content))
    folded = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    return sha256(folded.encode()).hexdigest()


def spam_marks(content: Mapping[str, str], repeats: int, *, trapped: bool) -> list[str]:
    """Return the signs of spam; `repeats` is the number of earlier messages with equal contents.

    `trapped` is true if the honeypot field was filled.
    """
    signs = {"trap": trapped, "links": count_links(content) > MAX_LINKS, "repeated": repeats >= MIN_REPEATS}
    return [mark for mark, present in signs.items() if present]


def is_spam(marks: list[str]) -> bool:
    """Return whether a message is hidden as spam: by the honeypot, or by two signs."""
    return "trap" in marks or len(marks) > 1
