"""Where the words of a redaction stand besides the revision: what is found, and emptied with it.

One `Holder` a table that keeps what people write of a person. Rooms above this one bring theirs.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

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
from biobank.editorial.redacted_words import Words, without


@dataclass(frozen=True)
class Scope:
    """About whom it is: the person and all who were one with them, and the revisions that go."""

    who: Identity
    people: frozenset[str]
    revisions: tuple[Revision, ...]

    @property
    def revision_ids(self) -> list[int]:
        return [it.id for it in self.revisions]

    @property
    def numbers(self) -> set[tuple[str, int]]:
        return {(it.person_id, it.number) for it in self.revisions}


@dataclass(frozen=True)
class Place:
    """One row that holds the words. `label` names it at the desk, `id` in its table.

    `text` is what it says; empty where that is nobody's to read but its writer's.
    """

    kind: str
    id: int | str
    label: str
    text: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Holder:
    """A table: how rows with the words are found, and emptied of them."""

    kind: str
    find: Callable[[Session, Scope, Words], Iterable[Place]]
    empty: Callable[[Session, Scope, Sequence[Place], Words], None]


def ids_of(places: Iterable[Place]) -> list[int]:
    return [int(it.id) for it in places]


def _find_notes(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    query = (
        select(ReviewNote, Revision)
        .join(Revision, Revision.id == ReviewNote.revision_id)
        .where(Revision.person_id.in_(scope.people), (ReviewNote.text != ""))
        .order_by(ReviewNote.id)
    )
    gone = set(scope.revision_ids)
    for note, revision in session.execute(query):
        if revision.id in gone or words.stand_in(note.text):
            label = f"{revision.person_id}, {revision.number}: {note.author}"
            yield Place("note", note.id, label, note.text)


def _empty_notes(session: Session, _scope: Scope, places: Sequence[Place], _words: Words) -> None:
    for note in session.scalars(select(ReviewNote).where(ReviewNote.id.in_(ids_of(places)))):
        note.text = note.path = ""


def _find_said(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    """What was said of a change whose record itself does not hold the words."""
    query = select(Revision).where(
        Revision.person_id.in_(scope.people),
        Revision.message != "",
        Revision.id.not_in(scope.revision_ids),
    )
    for it in session.scalars(query.order_by(Revision.person_id, Revision.number)):
        if words.stand_in(it.message):
            yield Place("said", it.id, f"{it.person_id}, {it.number}", it.message)


def _empty_said(session: Session, _scope: Scope, places: Sequence[Place], _words: Words) -> None:
    for it in session.scalars(select(Revision).where(Revision.id.in_(ids_of(places)))):
        it.message = ""


def _find_copies(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    """Copies begun from what goes; of those others that hold the words, new people's too."""
    about = or_(WorkingCopy.person_id.in_(scope.people), WorkingCopy.person_id.is_(None))
    query = select(WorkingCopy, User.name).join(User, User.id == WorkingCopy.user_id).where(about)
    for copy, name in session.execute(query.order_by(WorkingCopy.key)):
        if (copy.person_id, copy.base) in scope.numbers or words.stand_in(copy.fields):
            yield Place("copy", copy.key, name)


def _empty_copies(session: Session, _scope: Scope, places: Sequence[Place], _words: Words) -> None:
    keys = [it.id for it in places]
    session.execute(delete(WorkingCopy).where(WorkingCopy.key.in_(keys)))


def _about(scope: Scope) -> ColumnElement[bool]:
    """Messages about the person, and those that propose somebody who is not in the bank yet."""
    nobody = Message.person_id.is_(None) & (Message.kind == "proposal")
    return or_(Message.person_id.in_(scope.people), nobody)


def _find_messages(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    for it in session.scalars(select(Message).where(_about(scope)).order_by(Message.id)):
        came = (it.person_id, it.revision) in scope.numbers
        if it.content and (came or words.stand_in(it.content)):
            yield Place("message", it.id, it.reference, "\n".join(it.content.values()))


def _empty_messages(session: Session, scope: Scope, places: Sequence[Place], _words: Words) -> None:
    """Nothing is left to decide on: one that waits is closed. Its sender may still be answered."""
    for it in session.scalars(select(Message).where(Message.id.in_(ids_of(places)))):
        # Its own again: nothing is left that another message could repeat.
        it.content, it.content_hash = {}, content_hash({"reference": it.reference})
        if it.state == "new":
            move(it, "close")
        inbox_notes.note(session, scope.who, it, "redacted")


def _find_answers(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    query = (
        select(MessageNote, Message.reference)
        .join(Message, Message.id == MessageNote.message_id)
        .where(_about(scope), MessageNote.text != "")
    )
    for note, reference in session.execute(query.order_by(MessageNote.id)):
        if words.stand_in(note.text):
            yield Place("answer", note.id, f"{reference}: {note.author}", note.text)


def _empty_answers(session: Session, _scope: Scope, places: Sequence[Place], _words: Words) -> None:
    for note in session.scalars(select(MessageNote).where(MessageNote.id.in_(ids_of(places)))):
        note.text = ""


def _find_merges(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    about = or_(Merge.kept_id.in_(scope.people), Merge.gone_id.in_(scope.people))
    for it in session.scalars(select(Merge).where(about).order_by(Merge.id)):
        if words.stand_in(it.text):
            yield Place("merge", it.id, f"{it.gone_id} → {it.kept_id}", it.text)


def _empty_merges(session: Session, _scope: Scope, places: Sequence[Place], words: Words) -> None:
    for it in session.scalars(select(Merge).where(Merge.id.in_(ids_of(places)))):
        it.text = without(it.text, words)


#: What this room and those below it keep.
HOLDERS = (
    Holder("note", _find_notes, _empty_notes),
    Holder("said", _find_said, _empty_said),
    Holder("message", _find_messages, _empty_messages),
    Holder("answer", _find_answers, _empty_answers),
    Holder("copy", _find_copies, _empty_copies),
    Holder("merge", _find_merges, _empty_merges),
)
