"""Drafts: every save makes a revision based on the latest one seen, or is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.clock import now
from biobank.editorial.merging.redirects import resolve_redirects
from biobank.editorial.models import Revision, WorkingCopy
from biobank.editorial.review.four_eyes import contributing_authors
from biobank.editorial.review.notes import add_note
from biobank.editorial.revisions import history
from biobank.editorial.revisions.bulk_save import create_person, require_references, store_inline_sources
from biobank.editorial.revisions.latest_revisions import latest_revision, require_latest, require_seen
from biobank.errors import NotFound, RecordRefused, WrongState
from biobank.names.slug import slugify, unused_id
from biobank.records.people.mapping import preferred_name
from biobank.records.people.models import MERGED, Person
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store.session import Database

#: Maximum lengths of a revision message and of a credit, in characters.
MAX_REVISION_MESSAGE_CHARS = 2_000
MAX_CREDIT_CHARS = 200


@dataclass(frozen=True)
class SavedRevision:
    """The revision that contains the saved record; `changed` is false if nothing was new."""

    person_id: str
    number: int
    changed: bool
    record: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class DraftDetails:
    """What is saved besides the record.

    `agrees` names the languages whose biography was confirmed to agree with the others.
    `restored_from` is an older revision whose contents are reused.
    """

    message: str = ""
    agrees: Sequence[str] = ()
    credit: str = ""
    restored_from: Revision | None = None


NO_DETAILS = DraftDetails()


def save_draft(
    database: Database,
    actor: Identity,
    record: Mapping[str, Any],
    base: int | None,
    details: DraftDetails = NO_DETAILS,
    working_copy: str = "",
) -> SavedRevision:
    """Save a record as the latest draft of its person; see also `save_locked`.

    `base` is the number of the latest revision that the actor saw; None for a new person, whose id
    is generated if missing. `working_copy` is the key of the form's working copy, which is deleted.

    Raises:
        Forbidden: if the actor may not edit it.
        NotFound: if the person does not exist.
        WrongState: if the person was merged into another.
        EditConflict: if the record was saved since `base`.
        RecordRefused: if the record is invalid, has unresolved references, or its id is taken.
    """
    record = load_validated(person_schema, record)
    with database.write() as session:
        person, latest = _load_locked(session, record, base)
        require(actor, Action.WRITE_PEOPLE, record_state(person, latest))
        _refuse_merged(person)
        if latest is not None:
            require_seen(latest, base)
        saved = save_locked(session, actor, person, latest, record, details)
        _delete_working_copy(session, actor, working_copy)
        return saved


def lock_for_edit(session: Session, actor: Identity, person_id: str) -> tuple[Person, Revision]:
    """Lock an existing person for `save_locked`; return them and the latest revision.

    Raises:
        NotFound: if the person does not exist.
        Forbidden: if the actor may not edit it.
    """
    person = lock_existing_person(session, person_id)
    latest = require_latest(session, person_id)
    require(actor, Action.WRITE_PEOPLE, record_state(person, latest))
    return person, latest


def save_locked(
    session: Session,
    actor: Identity,
    person: Person | None,
    latest: Revision | None,
    record: Mapping[str, Any],
    details: DraftDetails,
) -> SavedRevision:
    """Save a validated record on top of the latest revision, which the actor has seen and may edit.

    The person is locked; both are None for a new person. A record equal to the latest revision makes no new one.

    Raises:
        WrongState: if the person was merged into another.
        RecordRefused: if the record has unresolved references, or its id is taken.
    """
    _refuse_merged(person)
    person_id = record.get("id") or generate_person_id(session, record)
    clean = resolve_redirects(session, [{**record, "id": person_id}])[0]
    require_references(session, clean)
    clean = store_inline_sources(session, [clean])[0]
    if latest and latest.record == clean and not details.agrees and latest.state != "withdrawn":
        return SavedRevision(person_id, latest.number, changed=False, record=clean)
    if person is None:
        create_person(session, person_id)
    revision = _next_draft(actor, clean, latest, details)
    session.add(revision)
    _return_to_draft(session, actor, latest)
    session.flush()
    return SavedRevision(person_id, revision.number, changed=True, record=clean)


def _refuse_merged(person: Person | None) -> None:
    if person is not None and person.withdrawal == MERGED:
        raise WrongState(f"{person.id!r} was merged into another record. Edit that record instead.")


def _next_draft(
    actor: Identity, record: dict[str, Any], latest: Revision | None, details: DraftDetails
) -> Revision:
    """Return the draft that follows `latest`, or the first one of a person."""
    inherited_credit = latest.credit if latest and latest.state in ("draft", "review") else ""
    return Revision(
        person_id=record["id"],
        number=latest.number + 1 if latest else 1,
        state="draft",
        record=record,
        author=actor.name,
        author_id=actor.user_id,
        writers=contributing_authors(actor, latest, details.restored_from),
        message=details.message[:MAX_REVISION_MESSAGE_CHARS],
        at=now(),
        base=latest.number if latest else None,
        agrees=sorted(set(details.agrees)),
        credit=(details.credit or inherited_credit)[:MAX_CREDIT_CHARS],
    )


def _return_to_draft(session: Session, actor: Identity, latest: Revision | None) -> None:
    """Return a record in review to draft, since reviewers must not see the text change."""
    if latest is not None and latest.state == "review":
        latest.state = "draft"
        add_note(session, actor, latest, "reopened")


def find_revision(session: Session, person_id: str, number: int | None) -> Revision | None:
    """Return a revision of a person by its number, or None."""
    query = select(Revision).where(Revision.person_id == person_id, Revision.number == number)
    revision: Revision | None = session.scalar(query)
    return revision


def require_revision(session: Session, person_id: str, number: int) -> Revision:
    """Return a revision of a person by its number, in any state.

    Raises:
        NotFound: if it does not exist.
    """
    revision = find_revision(session, person_id, number)
    if revision is None:
        raise NotFound.revision(person_id, number)
    return revision


def record_state(person: Person | None, latest: Revision | None) -> str:
    """Return the state of a record: `new`, `withdrawn`, or the state of its latest revision."""
    if person is None or latest is None:
        return "new"
    return "withdrawn" if person.withdrawn_at else latest.state


def lock_person(session: Session, person_id: str) -> Person | None:
    """Return the person, locked until the transaction ends, so that writers are serialized.

    The weaker lock mode allows others to insert relations to the person; otherwise two people with
    mutual relations could not be published concurrently without a deadlock.
    """
    query = select(Person).where(Person.id == person_id).with_for_update(key_share=True)
    person: Person | None = session.scalar(query)
    return person


def lock_existing_person(session: Session, person_id: str) -> Person:
    """Return the person, locked as by `lock_person`.

    Raises:
        NotFound: if the person does not exist.
    """
    person = lock_person(session, person_id)
    if person is None:
        raise NotFound.person(person_id)
    return person


def generate_person_id(session: Session, record: Mapping[str, Any]) -> str:
    """Return an unused id derived from the preferred Azerbaijani name."""
    base_id = slugify(preferred_name(record, "az"))
    existing_ids = set(session.scalars(select(Person.id).where(Person.id.like(f"{base_id}%"))))
    return unused_id(base_id, existing_ids)


def _load_locked(
    session: Session, record: Mapping[str, Any], base: int | None
) -> tuple[Person | None, Revision | None]:
    """Return the locked person of `record` and the latest revision, if they exist."""
    person_id = record.get("id")
    person = lock_person(session, person_id) if person_id else None
    latest = latest_revision(session, person.id) if person else None
    if base is not None and latest is None:
        raise NotFound.person(str(person_id))
    if base is None and latest is not None:
        message = (
            f"A person with the ID {person_id!r} already exists. Choose another ID, or edit that record."
        )
        raise RecordRefused.of_field("id", "id_taken", message)
    return person, latest


def _delete_working_copy(session: Session, actor: Identity, key: str) -> None:
    if key:
        conditions = (WorkingCopy.key == key, WorkingCopy.user_id == actor.user_id)
        session.execute(delete(WorkingCopy).where(*conditions))


def get_for_edit(database: Database, actor: Identity, person_id: str) -> Revision:
    """Return the latest revision of a person, in any state.

    Raises:
        NotFound: if the person does not exist.
        Forbidden: if the actor may not edit it.
    """
    with database.read() as session:
        latest = require_latest(session, person_id)
        require(actor, Action.WRITE_PEOPLE, record_state(session.get(Person, person_id), latest))
        session.expunge(latest)
        return latest


def restore_revision(
    database: Database, actor: Identity, person_id: str, number: int, base: int, message: str
) -> SavedRevision:
    """Save the contents of revision `number` as a new draft; `base` is the latest revision seen.

    Raises:
        NotFound: if the revision does not exist.
        Gone: if it was redacted.
        EditConflict: if the record was saved since `base`.
        RecordRefused: if it refers to records that no longer exist.
    """
    require(actor, Action.SEE_DESK)
    with database.read() as session:
        revision = history.get_revision(session, person_id, number, public=False)
    details = DraftDetails(message, restored_from=revision)
    return save_draft(database, actor, revision.record, base, details)
