"""Drafts: every save makes a revision based on the latest one seen, or is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.merging.leading import led_on
from biobank.editorial.models import Revision, WorkingCopy
from biobank.editorial.notes import note
from biobank.editorial.publishing import keep_sources, known_people, new_person
from biobank.editorial.second_person import writers_upon
from biobank.errors import EditConflict, NotFound, Problem, RecordRefused, WrongState
from biobank.names.slug import slug
from biobank.records.people.checks import check_references, dangling, load_known
from biobank.records.people.mapping import preferred_name
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.store import outbox
from biobank.store.session import Database

#: Maximum lengths of a revision message and of a credit, in characters.
MESSAGE_MOST = 2_000
CREDIT_MOST = 200


@dataclass(frozen=True)
class Saved:
    """The revision that contains the saved record; `changed` is false if nothing was new."""

    person_id: str
    number: int
    changed: bool


def save_draft(
    database: Database,
    who: Identity,
    record: Mapping[str, Any],
    base: int | None,
    *,
    message: str = "",
    agrees: Sequence[str] = (),
    credit: str = "",
    working_copy: str = "",
    restored: Revision | None = None,
) -> Saved:
    """Save a record as the latest draft of its person.

    `base` is the number of the latest revision that the actor saw; None for a new person, whose id
    is generated if missing. `agrees` names the languages whose biography was confirmed to agree
    with the others. `working_copy` is the key of the form's working copy, which is deleted.
    `restored_from` is an older revision whose contents are reused. A record equal to the latest
    revision makes no new one.

    Raises:
        Forbidden: if the actor may not edit it.
        NotFound: if the person does not exist.
        WrongState: if the person was merged into another.
        EditConflict: if the record was saved since `base`.
        RecordRefused: if the record is invalid, has unresolved references, or its id is taken.
    """
    record = load(person_schema, record)
    with database.write() as session:
        person, newest = _held(session, record, base)
        require(who, Action.WRITE_PEOPLE, state(person, newest))
        if person is not None and person.withdrawal == "merged":
            raise WrongState(f"{person.id!r} was merged; write of it under the other id.")
        _check_base(person, newest, base)
        person_id = record.get("id") or free_id(session, record)
        clean = _checked(session, {**record, "id": person_id})
        _end_working_copy(session, who, working_copy)
        if newest and newest.record == clean and not agrees and newest.state != "withdrawn":
            return Saved(person_id, newest.number, changed=False)
        person = person or new_person(session, person_id)
        revision = _next(who, clean, newest, message, agrees, credit)
        revision.writers = writers_upon(who, newest, restored)
        session.add(revision)
        _take_out_of_review(session, who, newest)
        session.flush()
        return Saved(person_id, revision.number, changed=True)


def _next(
    who: Identity,
    record: dict[str, Any],
    newest: Revision | None,
    message: str,
    agrees: Sequence[str],
    credit: str,
) -> Revision:
    """Return the draft that follows `latest`, or the first one of a person."""
    return Revision(
        person_id=record["id"],
        number=newest.number + 1 if newest else 1,
        state="draft",
        record=record,
        author=who.name,
        author_id=who.user_id,
        message=message[:MESSAGE_MOST],
        at=outbox.now(),
        base=newest.number if newest else None,
        agrees=sorted(set(agrees)),
        credit=(credit or _credit_so_far(newest))[:CREDIT_MOST],
    )


def _take_out_of_review(session: Session, who: Identity, newest: Revision | None) -> None:
    """Return a record in review to draft, since reviewers must not see the text change."""
    if newest is not None and newest.state == "review":
        newest.state = "draft"
        note(session, who, newest, "reopened")


def head(session: Session, person_id: str) -> Revision | None:
    """Return the latest revision of a person in any state, or None."""
    query = select(Revision).where(Revision.person_id == person_id)
    found: Revision | None = session.scalar(query.order_by(Revision.number.desc()).limit(1))
    return found


def revision_at(session: Session, person_id: str, number: int | None) -> Revision | None:
    """Return a revision of a person by its number, or None."""
    query = select(Revision).where(Revision.person_id == person_id, Revision.number == number)
    found: Revision | None = session.scalar(query)
    return found


def state(person: Person | None, newest: Revision | None) -> str:
    """Return the state of a record: `new`, `withdrawn`, or the state of its latest revision."""
    if person is None or newest is None:
        return "new"
    return "withdrawn" if person.withdrawn_at else newest.state


def hold(session: Session, person_id: str) -> Person | None:
    """Return the person, locked until the transaction ends, so that writers are serialized.

    The weaker lock mode allows others to insert relations to the person; otherwise two people with
    mutual relations could not be published concurrently without a deadlock.
    """
    query = select(Person).where(Person.id == person_id).with_for_update(key_share=True)
    found: Person | None = session.scalar(query)
    return found


def free_id(session: Session, record: Mapping[str, Any]) -> str:
    """Return an unused id derived from the preferred Azerbaijani name."""
    wanted = slug(preferred_name(record, "az"))
    taken = set(session.scalars(select(Person.id).where(Person.id.like(f"{wanted}%"))))
    candidate, nth = wanted, 1
    while candidate in taken:
        nth += 1
        candidate = f"{wanted}-{nth}"
    return candidate


def _held(
    session: Session, record: Mapping[str, Any], base: int | None
) -> tuple[Person | None, Revision | None]:
    """Return the locked person of `record` and the latest revision, if they exist."""
    person_id = record.get("id")
    person = hold(session, person_id) if person_id else None
    newest = head(session, person.id) if person else None
    if base is not None and newest is None:
        raise NotFound(f"There is no person {str(person_id)[:120]!r}.")
    if base is None and newest is not None:
        message = f"The bank holds {person_id!r} already; choose another id, or edit that one."
        raise RecordRefused([Problem("id", "id_taken", message)])
    return person, newest


def _check_base(person: Person | None, newest: Revision | None, base: int | None) -> None:
    if person is not None and newest is not None and newest.number != base:
        raise EditConflict(person.id, base, newest.number)


def _checked(session: Session, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record with its inline sources stored and its redirects resolved.

    Raises:
        RecordRefused: if it refers to records that do not exist.
    """
    problems = [
        *check_references(record, load_known(session)),
        *dangling(record, known_people(session)),
    ]
    if problems:
        raise RecordRefused(problems)
    return led_on(session, keep_sources(session, [record]))[0]


def _credit_so_far(newest: Revision | None) -> str:
    """Return the credit of the draft below, which the next draft inherits."""
    return newest.credit if newest and newest.state in ("draft", "review") else ""


def _end_working_copy(session: Session, who: Identity, key: str) -> None:
    if key:
        mine = (WorkingCopy.key == key, WorkingCopy.user_id == who.user_id)
        session.execute(delete(WorkingCopy).where(*mine))
