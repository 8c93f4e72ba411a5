"""Occurrences of redacted text in data about the person: where it is found, and how it is erased.

There is one `OccurrenceSource` per table with text about a person. Higher layers add their own.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.models import User
from biobank.editorial.inbox import triage as inbox_notes
from biobank.editorial.inbox.submission import content_hash
from biobank.editorial.inbox.triage import apply_step
from biobank.editorial.models import InboxMessage, Merge, MessageNote, ReviewNote, Revision, WorkingCopy
from biobank.editorial.redaction.passages import RedactedText, blank_matching
from biobank.store import outbox


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

    `text` is its content; empty if only its author may read it. A row with `is_permanent` cannot be
    erased here.
    """

    kind: str
    id: int | str
    label: str
    text: str = ""
    is_permanent: bool = False

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class OccurrenceSource:
    """A table: how matching rows are found, and how the text is erased from them."""

    kind: str
    find: Callable[[Session, RedactionScope, RedactedText], Iterable[Occurrence]]
    erase: Callable[[Session, RedactionScope, Sequence[Occurrence], RedactedText], None]


def occurrence_ids(occurrences: Iterable[Occurrence]) -> list[int]:
    return [int(occurrence.id) for occurrence in occurrences]


def erase_revisions(revisions: Iterable[Revision]) -> None:
    redacted_at = outbox.now()
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
            yield Occurrence("note", note.id, label, note.text)


def _erase_notes(
    session: Session, _scope: RedactionScope, occurrences: Sequence[Occurrence], _redacted: RedactedText
) -> None:
    for note in session.scalars(select(ReviewNote).where(ReviewNote.id.in_(occurrence_ids(occurrences)))):
        note.text = note.path = ""


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
            yield Occurrence("said", revision.id, label, revision.message)


def _erase_revision_messages(
    session: Session, _scope: RedactionScope, occurrences: Sequence[Occurrence], _redacted: RedactedText
) -> None:
    for revision in session.scalars(select(Revision).where(Revision.id.in_(occurrence_ids(occurrences)))):
        revision.message = ""


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
            yield Occurrence("copy", copy.key, name)


def _erase_working_copies(
    session: Session, _scope: RedactionScope, occurrences: Sequence[Occurrence], _redacted: RedactedText
) -> None:
    keys = [occurrence.id for occurrence in occurrences]
    session.execute(delete(WorkingCopy).where(WorkingCopy.key.in_(keys)))


def _about_person(scope: RedactionScope) -> ColumnElement[bool]:
    """Return the condition for messages about the person, and for proposals of new people."""
    new_person = InboxMessage.person_id.is_(None) & (InboxMessage.kind == "proposal")
    return or_(InboxMessage.person_id.in_(scope.people), new_person)


def _find_inbox_messages(
    session: Session, scope: RedactionScope, redacted: RedactedText
) -> Iterator[Occurrence]:
    for message in session.scalars(
        select(InboxMessage).where(_about_person(scope)).order_by(InboxMessage.id)
    ):
        is_from_erased = (message.person_id, message.revision) in scope.numbers
        is_quoted = _quoted_about(message.person_id, redacted)
        if (is_from_erased and message.content) or is_quoted([message.content, message.name]):
            text = "\n".join(filter(None, [*message.content.values(), message.name]))
            yield Occurrence("message", message.id, message.reference, text)


def _erase_inbox_messages(
    session: Session, scope: RedactionScope, occurrences: Sequence[Occurrence], redacted: RedactedText
) -> None:
    """Erase matching messages and close open ones, since nothing is left to decide.

    The sender's address is kept for a reply.
    """
    for message in session.scalars(
        select(InboxMessage).where(InboxMessage.id.in_(occurrence_ids(occurrences)))
    ):
        # A unique hash, so that no later message counts as a repetition.
        message.content, message.content_hash = {}, content_hash({"reference": message.reference})
        message.name = blank_matching(message.name, _quoted_about(message.person_id, redacted))
        if message.state == "new":
            apply_step(message, "close")
        inbox_notes.add_message_note(session, scope.actor, message, "redacted")


def _find_replies(session: Session, scope: RedactionScope, redacted: RedactedText) -> Iterator[Occurrence]:
    query = (
        select(MessageNote, InboxMessage.reference, InboxMessage.person_id)
        .join(InboxMessage, InboxMessage.id == MessageNote.message_id)
        .where(_about_person(scope), MessageNote.text != "")
    )
    for note, reference, person_id in session.execute(query.order_by(MessageNote.id)):
        if _quoted_about(person_id, redacted)(note.text):
            yield Occurrence("answer", note.id, f"{reference}: {note.author}", note.text)


def _erase_replies(
    session: Session, _scope: RedactionScope, occurrences: Sequence[Occurrence], _redacted: RedactedText
) -> None:
    for note in session.scalars(select(MessageNote).where(MessageNote.id.in_(occurrence_ids(occurrences)))):
        note.text = ""


def _find_merges(session: Session, scope: RedactionScope, redacted: RedactedText) -> Iterator[Occurrence]:
    condition = or_(Merge.kept_id.in_(scope.people), Merge.gone_id.in_(scope.people))
    for merge in session.scalars(select(Merge).where(condition).order_by(Merge.id)):
        if redacted.quoted_in(merge.text):
            label = f"{merge.gone_id} → {merge.kept_id}"
            yield Occurrence("merge", merge.id, label, merge.text)


def _erase_merges(
    session: Session, _scope: RedactionScope, occurrences: Sequence[Occurrence], redacted: RedactedText
) -> None:
    for merge in session.scalars(select(Merge).where(Merge.id.in_(occurrence_ids(occurrences)))):
        merge.text = blank_matching(merge.text, redacted.quoted_in)


#: The sources of text about the person.
PERSON_OCCURRENCE_SOURCES = (
    OccurrenceSource("note", _find_notes, _erase_notes),
    OccurrenceSource("said", _find_revision_messages, _erase_revision_messages),
    OccurrenceSource("message", _find_inbox_messages, _erase_inbox_messages),
    OccurrenceSource("answer", _find_replies, _erase_replies),
    OccurrenceSource("copy", _find_working_copies, _erase_working_copies),
    OccurrenceSource("merge", _find_merges, _erase_merges),
)
