"""Where the words of a redaction stand besides the revision: what is found, and emptied with it.

One `Holder` a table that keeps what people write of a person. Rooms above this one bring theirs.
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
    """About whom it is: the person and all who were one with them, and the revisions that go."""

    who: Identity
    people: frozenset[str]
    revisions: tuple[Revision, ...]
    #: Of revisions in use, which stay.
    in_use: frozenset[int] = frozenset()

    @property
    def revision_ids(self) -> list[int]:
        return [it.id for it in self.revisions]

    @property
    def numbers(self) -> set[tuple[str, int]]:
        return {(it.person_id, it.number) for it in self.revisions}


@dataclass(frozen=True)
class Place:
    """One row that holds the words. `label` names it at the desk, `id` in its table.

    `text` is what it says; empty where that is nobody's to read but its writer's. One that only
    names somebody is emptied where that is asked for. One that `stays` cannot be emptied here.
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
    """A table: how rows with the words are found, and emptied of them unless they stay."""

    kind: str
    find: Callable[[Session, Scope, Words], Iterable[Place]]
    empty: Callable[[Session, Scope, Sequence[Place], Words], None]


def ids_of(places: Iterable[Place]) -> list[int]:
    return [int(it.id) for it in places]


def _find_named(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    """Revisions that quote nothing, but have a rare name of what goes."""
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
    """What was said of a change whose record itself does not hold the words."""
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
    """How what is written about `person_id` holds them: of who is not in the bank yet, it is most
    likely about another.
    """
    return words.held_far if person_id is None else words.held


def _find_copies(session: Session, scope: Scope, words: Words) -> Iterator[Place]:
    """Copies begun from what goes; of those others that hold the words, new people's too."""
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
    """Messages about the person, and those that propose somebody who is not in the bank yet."""
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
    """Nothing is left to decide on: one that waits is closed. Its sender may still be answered,
    unless it is who has to go.
    """
    for it in session.scalars(select(Message).where(Message.id.in_(ids_of(places)))):
        # Its own again: nothing is left that another message could repeat.
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


#: What is written about the person.
NEAR_HOLDERS = (
    Holder("revision", _find_named, _empty_named),
    Holder("note", _find_notes, _empty_notes),
    Holder("said", _find_said, _empty_said),
    Holder("message", _find_messages, _empty_messages),
    Holder("answer", _find_answers, _empty_answers),
    Holder("copy", _find_copies, _empty_copies),
    Holder("merge", _find_merges, _empty_merges),
)
