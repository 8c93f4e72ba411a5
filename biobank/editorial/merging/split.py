"""Splitting of a record about two people: the second one becomes a new person."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.merging.dividing import divide
from biobank.editorial.merging.keeping import held, keep
from biobank.editorial.models import Revision
from biobank.editorial.publishing import new_person
from biobank.editorial.saving import MESSAGE_MOST, free_id, head
from biobank.errors import EditConflict, MergeRefused, NotFound
from biobank.records.people.models import Person
from biobank.store import outbox
from biobank.store.session import Database


@dataclass(frozen=True)
class Split:
    """The draft of the existing person, and the id of the new person."""

    person_id: str
    number: int
    new_id: str


def to_split(database: Database, who: Identity, person_id: str) -> Revision:
    """Return the latest revision of a person, for splitting.

    Raises:
        NotFound: if the person does not exist.
        MergeRefused: if the person was withdrawn.
    """
    require(who, Action.MERGE_PEOPLE)
    with database.read() as session:
        person = session.get(Person, person_id)
        if person is None:
            raise NotFound(f"There is no person {person_id[:120]!r}.")
        return _newest(session, person)


def split(
    database: Database,
    who: Identity,
    person_id: str,
    base: int,
    chosen: Mapping[str, str],
    text: str = "",
) -> Split:
    """Split a record into two drafts.

    `destinations` are `goes` or `both`, by the keys of the items; other items stay. The public
    revision remains until the drafts are reviewed. To undo it, discard the drafts or merge the two
    people.

    Raises:
        NotFound: if the person does not exist.
        MergeRefused: if the person was withdrawn.
        EditConflict: if the record was saved since `base`.
        RecordRefused: if one of the two has no name.
    """
    require(who, Action.MERGE_PEOPLE)
    with database.write() as session:
        person = held(session, [person_id])[person_id]
        newest = _newest(session, person)
        if newest.number != base:
            raise EditConflict(person_id, base, newest.number)
        stays, goes = divide(newest.record, chosen)
        new_id, at = free_id(session, goes), outbox.now()
        new_person(session, new_id)
        message = f"{person_id} → {person_id}, {new_id}" + (f": {text.strip()}" if text else "")
        message = message[:MESSAGE_MOST]
        first = Revision(person_id=new_id, number=0, state="new", writers=[])
        gone = {"id": new_id, **goes}
        keep(session, who, first, gone, "draft", message, at, newest).base = None
        made = keep(session, who, newest, stays, "draft", message, at)
        audit.note_about(session, who, "split", "person", person_id, new=new_id)
        return Split(person_id, made.number, new_id)


def _newest(session: Session, person: Person) -> Revision:
    newest = head(session, person.id)
    if person.withdrawn_at is not None or newest is None:
        raise MergeRefused("absent", f"{person.id!r} was taken out of the bank.", person.id)
    return newest
