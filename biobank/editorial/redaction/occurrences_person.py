"""Occurrences of redacted text in data about the person: where it is found, and how it is erased.

There is one `OccurrenceSource` per table with text about a person. Higher layers add their own.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.common.clock import now
from biobank.editorial.inbox.submission import content_hash
from biobank.editorial.inbox.triage import add_message_note, apply_step
from biobank.editorial.models import InboxMessage, Merge, MessageNote, ReviewNote, Revision, WorkingCopy
from biobank.editorial.redaction.passages import RedactedText, blank_matching
from biobank.store.base import Base


@dataclass(frozen=True)
class RedactionScope:
    """The person, all people merged with them, and the revisions to redact."""

    actor: Identity
    people: frozenset[str]
    revisions: tuple[Revision, ...]

    @property
    def revision_ids(self) -> list[int]:
        return [revision.id for revision in self.revisions]

    @property
    def numbers(self) -> set[tuple[str, int]]:
        return {(revision.person_id, revision.number) for revision in self.revisions}


@dataclass(frozen=True)
class Occurrence:
    """One row that contains the text. `label` describes it at the desk, `id` identifies the row.

    `text` is its content; empty if only its author may read it. `erase` removes the text from the row
    in the transaction that found it; None for a row that cannot be erased here.
    """

    kind: str
    id: int | str
    label: str
    text: str = ""
    erase: Callable[[], None] | None = field(default=None, compare=False)

    @property
    def is_permanent(self) -> bool:
        return self.erase is None

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


#: A function that yields the matching rows of a table.
OccurrenceSource = Callable[[Session, RedactionScope, RedactedText], Iterable[Occurrence]]


def blank_columns(row: Base, *columns: str, matches: Callable[[str], object] = bool) -> None:
    """Blank the strings in columns of a row: all of them, or those for which `matches` is true."""
    for column in columns:
        setattr(row, column, blank_matching(getattr(row, column), matches))


def erase_revisions(revisions: Iterable[Revision]) -> None:
    redacted_at = now()
    for revision in revisions:
        revision.record, revision.message, revision.credit = {}, "", ""
        revision.redacted_at = revision.redacted_at or redacted_at


def _find_notes(session: Session, scope: RedactionScope, redacted: RedactedText) -> Iterator[Occurrence]:
    query = (
        select(ReviewNote, Revision)
        .join(Revision, Revision.id == ReviewNote.revision_id)
        .where(Revision.person_id.in_(scope.people), (ReviewNote.text != ""))
        .order_by(ReviewNote.id)
    )
    erased_ids = set(scope.revision_ids)
    for note, revision in session.execute(query):
        if revision.id in erased_ids or redacted.quoted_in(note.text):
            label = f"{revision.person_id}, {revision.number}: {note.author}"
            yield Occurrence("note", note.id, label, note.text, partial(blank_columns, note, "text", "path"))


def _find_revision_messages(
    session: Session, scope: RedactionScope, redacted: RedactedText
) -> Iterator[Occurrence]:
    """Find messages of revisions whose record does not contain the text."""
    query = select(Revision).where(
        Revision.person_id.in_(scope.people), Revision.message != "", Revision.id.not_in(scope.revision_ids)
    )
    for revision in session.scalars(query.order_by(Revision.person_id, Revision.number)):
        if redacted.quoted_in(revision.message):
            label = f"{revision.person_id}, {revision.number}"
            erase = partial(blank_columns, revision, "message")
            yield Occurrence("said", revision.id, label, revision.message, erase)


def _quoted_about(person_id: str | None, redacted: RedactedText) -> Callable[[Any], bool]:
    """Return the match function for text about `person_id`.

    Text about a person who does not exist yet is probably about somebody else and is matched
    strictly.
    """
    return redacted.quoted_elsewhere if person_id is None else redacted.quoted_in


def _find_working_copies(
    session: Session, scope: RedactionScope, redacted: RedactedText
) -> Iterator[Occurrence]:
    """Find working copies based on a redacted revision, and others that contain the text."""
    condition = or_(WorkingCopy.person_id.in_(scope.people), WorkingCopy.person_id.is_(None))
    query = select(WorkingCopy, User.name).join(User, User.id == WorkingCopy.user_id).where(condition)
    for copy, name in session.execute(query.order_by(WorkingCopy.key)):
        is_from_erased = (copy.person_id, copy.base) in scope.numbers
        if is_from_erased or _quoted_about(copy.person_id, redacted)(copy.fields):
            yield Occurrence("copy", copy.key, name, erase=partial(session.delete, copy))


def _about_person(scope: RedactionScope) -> ColumnElement[bool]:
    """Return the condition for messages about the person, and for proposals of new people."""
    new_person = InboxMessage.person_id.is_(None) & (InboxMessage.kind == "proposal")
    return or_(InboxMessage.person_id.in_(scope.people), new_person)


def _find_inbox_messages(
    session: Session, scope: RedactionScope, redacted: RedactedText
) -> Iterator[Occurrence]:
    query = select(InboxMessage).where(_about_person(scope))
    for message in session.scalars(query.order_by(InboxMessage.id)):
        is_from_erased = (message.person_id, message.revision) in scope.numbers
        is_quoted = _quoted_about(message.person_id, redacted)
        if (is_from_erased and message.content) or is_quoted([message.content, message.name]):
            text = "\n".join(filter(None, [*message.content.values(), message.name]))
            erase = partial(_erase_inbox_message, session, scope.actor, message, is_quoted)
            yield Occurrence("message", message.id, message.reference, text, erase)


def _erase_inbox_message(
    session: Session, actor: Identity, message: InboxMessage, is_quoted: Callable[[Any], bool]
) -> None:
    """Erase a message and close it if it is open, since nothing is left to decide.

    The sender's address is kept for a reply.
    """
    # A unique hash, so that no later message counts as a repetition.
    message.content, message.content_hash = {}, content_hash({"reference": message.reference})
    blank_columns(message, "name", matches=is_quoted)
    if message.state == "new":
        apply_step(message, "close")
    add_message_note(session, actor, message, "redacted")


def _find_replies(session: Session, scope: RedactionScope, redacted: RedactedText) -> Iterator[Occurrence]:
    query = (
        select(MessageNote, InboxMessage.reference, InboxMessage.person_id)
        .join(InboxMessage, InboxMessage.id == MessageNote.message_id)
        .where(_about_person(scope), MessageNote.text != "")
    )
    for note, reference, person_id in session.execute(query.order_by(MessageNote.id)):
        if _quoted_about(person_id, redacted)(note.text):
            erase = partial(blank_columns, note, "text")
            yield Occurrence("answer", note.id, f"{reference}: {note.author}", note.text, erase)


def _find_merges(session: Session, scope: RedactionScope, redacted: RedactedText) -> Iterator[Occurrence]:
    condition = or_(Merge.kept_id.in_(scope.people), Merge.gone_id.in_(scope.people))
    for merge in session.scalars(select(Merge).where(condition).order_by(Merge.id)):
        if redacted.quoted_in(merge.text):
            erase = partial(blank_columns, merge, "text")
            yield Occurrence("merge", merge.id, f"{merge.gone_id} → {merge.kept_id}", merge.text, erase)


#: The sources of text about the person.
PERSON_OCCURRENCE_SOURCES: tuple[OccurrenceSource, ...] = (
    _find_notes,
    _find_revision_messages,
    _find_inbox_messages,
    _find_replies,
    _find_working_copies,
    _find_merges,
)
