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
from biobank.editorial.inbox import notes as inbox_notes
from biobank.editorial.inbox.models import Message, MessageNote
from biobank.editorial.inbox.spam import content_hash
from biobank.editorial.inbox.triage import move
from biobank.editorial.merging.models import Merge
from biobank.editorial.models import ReviewNote, Revision, WorkingCopy
from biobank.editorial.redacted_words import How, Words, without
from biobank.store import outbox


@dataclass(frozen=True)
class Scope:
    """The person, all people merged with them, and the revisions to redact."""

    who: Identity
    people: frozenset[str]
    revisions: tuple[Revision, ...]
    #: Ids of revisions in use, which are not changed.
    in_use: frozenset[int] = frozenset()

    @property
    def revision_ids(self) -> list[int]:
        return [it.id for it in self.revisions]

    @property
    def numbers(self) -> set[tuple[str, int]]:
        return {(it.person_id, it.number) for it in self.revisions}


@dataclass(frozen=True)
class Place:
    """One row that contains the text. `label` describes it at the desk, `id` identifies the row.

    `text` is its content; empty if only its author may read it. A row that only contains a name is
    erased if requested. A row with `is_permanent` cannot be erased here.
    """

    kind: str
    id: int | str
    label: str
    text: str = ""
    how: How = "quoted"
    stays: bool = False

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Holder:
    """A table: how matching rows are found, and how the text is erased from them."""

    kind: str
    find: Callable[[Session, Scope, Words], Iterable[Place]]
    empty: Callable[[Session, Scope, Sequence[Place], Words], None]


def ids_of(places: Iterable[Place]) -> list[int]:
    return [int(it.id) for it in places]


def _find_named(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    """Find revisions that quote nothing but contain a rare name."""
    query = select(Revision).where(
        Revision.person_id.in_(scope.people),
        Revision.redacted_at.is_(None),
        Revision.id.not_in(scope.revision_ids),
    )
    for it in session.scalars(query.order_by(Revision.person_id, Revision.number)):
        label = f"{it.person_id}, {it.number}"
        if words.held([it.record, it.credit]) == "named":
            yield Place("revision", it.id, label, how="named", stays=it.id in scope.in_use)


def empty_revisions(revisions: Iterable[Revision]) -> None:
    at = outbox.now()
    for it in revisions:
        it.record, it.message, it.credit = {}, "", ""
        it.redacted_at = it.redacted_at or at


def _empty_named(session: Session, _scope: Scope, places: Sequence[Place], _words: Words) -> None:
    its = ids_of(places)
    empty_revisions(session.scalars(select(Revision).where(Revision.id.in_(its))))
    for note in session.scalars(select(ReviewNote).where(ReviewNote.revision_id.in_(its))):
        note.text = note.path = ""


def _find_notes(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    query = (
        select(ReviewNote, Revision)
        .join(Revision, Revision.id == ReviewNote.revision_id)
        .where(Revision.person_id.in_(scope.people), (ReviewNote.text != ""))
        .order_by(ReviewNote.id)
    )
    gone = set(scope.revision_ids)
    for note, revision in session.execute(query):
        how = "quoted" if revision.id in gone else words.held(note.text)
        if how:
            label = f"{revision.person_id}, {revision.number}: {note.author}"
            yield Place("note", note.id, label, note.text, how)


def _empty_notes(session: Session, _scope: Scope, places: Sequence[Place], _words: Words) -> None:
    for note in session.scalars(select(ReviewNote).where(ReviewNote.id.in_(ids_of(places)))):
        note.text = note.path = ""


def _find_said(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    """Find messages of revisions whose record does not contain the text."""
    query = select(Revision).where(
        Revision.person_id.in_(scope.people),
        Revision.message != "",
        Revision.id.not_in(scope.revision_ids),
    )
    for it in session.scalars(query.order_by(Revision.person_id, Revision.number)):
        if how := words.held(it.message):
            yield Place("said", it.id, f"{it.person_id}, {it.number}", it.message, how)


def _empty_said(session: Session, _scope: Scope, places: Sequence[Place], _words: Words) -> None:
    for it in session.scalars(select(Revision).where(Revision.id.in_(ids_of(places)))):
        it.message = ""


def _held(person_id: str | None, words: Words) -> Callable[[Any], How]:
    """Return the match function for text about `person_id`.

    Text about a person who does not exist yet is probably about somebody else and is matched
    strictly.
    """
    return words.held_far if person_id is None else words.held


def _find_copies(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    """Find working copies based on a redacted revision, and others that contain the text."""
    about = or_(WorkingCopy.person_id.in_(scope.people), WorkingCopy.person_id.is_(None))
    query = select(WorkingCopy, User.name).join(User, User.id == WorkingCopy.user_id).where(about)
    for copy, name in session.execute(query.order_by(WorkingCopy.key)):
        began = (copy.person_id, copy.base) in scope.numbers
        if how := "quoted" if began else _held(copy.person_id, words)(copy.fields):
            yield Place("copy", copy.key, name, how=how)


def _empty_copies(session: Session, _scope: Scope, places: Sequence[Place], _words: Words) -> None:
    keys = [it.id for it in places]
    session.execute(delete(WorkingCopy).where(WorkingCopy.key.in_(keys)))


def _about(scope: Scope) -> ColumnElement[bool]:
    """Return the condition for messages about the person, and for proposals of new people."""
    nobody = Message.person_id.is_(None) & (Message.kind == "proposal")
    return or_(Message.person_id.in_(scope.people), nobody)


def _find_messages(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    for it in session.scalars(select(Message).where(_about(scope)).order_by(Message.id)):
        came = (it.person_id, it.revision) in scope.numbers
        held = _held(it.person_id, words)
        how = "quoted" if came and it.content else held([it.content, it.name, it.address])
        if how:
            told = [*it.content.values(), it.name]
            yield Place("message", it.id, it.reference, "\n".join(filter(None, told)), how)


def _empty_messages(session: Session, scope: Scope, places: Sequence[Place], words: Words) -> None:
    """Erase matching messages and close open ones, since nothing is left to decide.

    The sender's address is kept for a reply, unless it is itself redacted.
    """
    for it in session.scalars(select(Message).where(Message.id.in_(ids_of(places)))):
        # A unique hash, so that no later message counts as a repetition.
        it.content, it.content_hash = {}, content_hash({"reference": it.reference})
        it.name, it.address = without([it.name, it.address], _held(it.person_id, words))
        if it.state == "new":
            move(it, "close")
        inbox_notes.note(session, scope.who, it, "redacted")


def _find_answers(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    query = (
        select(MessageNote, Message.reference, Message.person_id)
        .join(Message, Message.id == MessageNote.message_id)
        .where(_about(scope), MessageNote.text != "")
    )
    for note, reference, person_id in session.execute(query.order_by(MessageNote.id)):
        if how := _held(person_id, words)(note.text):
            yield Place("answer", note.id, f"{reference}: {note.author}", note.text, how)


def _empty_answers(session: Session, _scope: Scope, places: Sequence[Place], _words: Words) -> None:
    for note in session.scalars(select(MessageNote).where(MessageNote.id.in_(ids_of(places)))):
        note.text = ""


def _find_merges(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    about = or_(Merge.kept_id.in_(scope.people), Merge.gone_id.in_(scope.people))
    for it in session.scalars(select(Merge).where(about).order_by(Merge.id)):
        if how := words.held(it.text):
            yield Place("merge", it.id, f"{it.gone_id} → {it.kept_id}", it.text, how)


def _empty_merges(session: Session, _scope: Scope, places: Sequence[Place], words: Words) -> None:
    for it in session.scalars(select(Merge).where(Merge.id.in_(ids_of(places)))):
        it.text = without(it.text, words.held)


#: The sources of text about the person.
NEAR_HOLDERS = (
    Holder("revision", _find_named, _empty_named),
    Holder("note", _find_notes, _empty_notes),
    Holder("said", _find_said, _empty_said),
    Holder("message", _find_messages, _empty_messages),
    Holder("answer", _find_answers, _empty_answers),
    Holder("copy", _find_copies, _empty_copies),
    Holder("merge", _find_merges, _empty_merges),
)
