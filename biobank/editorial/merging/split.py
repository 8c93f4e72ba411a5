"""Splitting of a record about two people: the second one becomes a new person."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.merging.record_split import split_record
from biobank.editorial.merging.revision_writer import add_revision, lock_people
from biobank.editorial.models import Revision
from biobank.editorial.revisions.bulk_save import create_person
from biobank.editorial.revisions.drafts import (
    MAX_REVISION_MESSAGE_CHARS,
    find_latest_revision,
    generate_person_id,
)
from biobank.errors import EditConflict, MergeRefused, NotFound
from biobank.records.people.models import Person
from biobank.store import outbox
from biobank.store.session import Database


@dataclass(frozen=True)
class SplitResult:
    """The draft of the existing person, and the id of the new person."""

    person_id: str
    number: int
    new_id: str


def get_splittable(database: Database, actor: Identity, person_id: str) -> Revision:
    """Return the latest revision of a person, for splitting.

    Raises:
        NotFound: if the person does not exist.
        MergeRefused: if the person was withdrawn.
    """
    require(actor, Action.MERGE_PEOPLE)
    with database.read() as session:
        person = session.get(Person, person_id)
        if person is None:
            raise NotFound(f"There is no person {person_id[:120]!r}.")
        return _require_latest(session, person)


def split_person(
    database: Database,
    actor: Identity,
    person_id: str,
    base: int,
    destinations: Mapping[str, str],
    text: str = "",
) -> SplitResult:
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
    require(actor, Action.MERGE_PEOPLE)
    with database.write() as session:
        person = lock_people(session, [person_id])[person_id]
        latest = _require_latest(session, person)
        if latest.number != base:
            raise EditConflict(person_id, base, latest.number)
        remaining, moved = split_record(latest.record, destinations)
        new_id, created_at = generate_person_id(session, moved), outbox.now()
        create_person(session, new_id)
        message = f"{person_id} → {person_id}, {new_id}" + (f": {text.strip()}" if text else "")
        message = message[:MAX_REVISION_MESSAGE_CHARS]
        initial = Revision(person_id=new_id, number=0, state="new", writers=[])
        new_record = {"id": new_id, **moved}
        add_revision(
            session, actor, initial, new_record, "draft", message, created_at, latest
        ).base = None
        revision = add_revision(session, actor, latest, remaining, "draft", message, created_at)
        audit.record_for(session, actor, "split", "person", person_id, new=new_id)
        return SplitResult(person_id, revision.number, new_id)


def _require_latest(session: Session, person: Person) -> Revision:
    latest = find_latest_revision(session, person.id)
    if person.withdrawn_at is not None or latest is None:
        raise MergeRefused("absent", f"{person.id!r} was taken out of the bank.", person.id)
    return latest
