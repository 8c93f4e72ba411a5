"""Saving: every save is a revision, made from the newest one that its writer saw, or refused."""

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

#: Characters of a message, and of the name of whoever is thanked.
MESSAGE_MOST = 2_000
CREDIT_MOST = 200


@dataclass(frozen=True)
class Saved:
    """The revision that holds what was saved; `changed` whether it is a new one."""

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
    """Keeps a record as the newest draft of its person.

    `base` is the number of the newest revision that the writer saw; none for a new person, who
    gets an id where the record has none. `agrees` names the languages whose biography is said to
    agree with the others. `working_copy` is what the form was kept in, and ends with it. `restored`
    is an older revision whose words it takes up. What is equal to the newest revision makes no new
    one.

    Raises:
        Forbidden: where `who` may not write it.
        NotFound: where there is no such person.
        WrongState: where the person was merged into another.
        EditConflict: where somebody saved since `base`.
        RecordRefused: where the record is not valid, points at what is not there, or would take
            the id of another.
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
    """The draft that follows `newest`, or begins a person."""
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
    """What is read by a reviewer is never another text than the one handed in."""
    if newest is not None and newest.state == "review":
        newest.state = "draft"
        note(session, who, newest, "reopened")


def head(session: Session, person_id: str) -> Revision | None:
    """The newest revision of a person, whatever its state; none where there is none."""
    query = select(Revision).where(Revision.person_id == person_id)
    found: Revision | None = session.scalar(query.order_by(Revision.number.desc()).limit(1))
    return found


def revision_at(session: Session, person_id: str, number: int | None) -> Revision | None:
    """A revision of a person by its number; none where there is none of it."""
    query = select(Revision).where(Revision.person_id == person_id, Revision.number == number)
    found: Revision | None = session.scalar(query)
    return found


def state(person: Person | None, newest: Revision | None) -> str:
    """Where a record stands: `new`, or the state of its newest revision, or `withdrawn`."""
    if person is None or newest is None:
        return "new"
    return "withdrawn" if person.withdrawn_at else newest.state


def hold(session: Session, person_id: str) -> Person | None:
    """The person, held until the transaction ends, so that two writers come one by one.

    Not so firmly that whoever writes a tie to the person has to wait: of two who make those public
    that are tied to each other, each would wait for the other.
    """
    query = select(Person).where(Person.id == person_id).with_for_update(key_share=True)
    found: Person | None = session.scalar(query)
    return found


def free_id(session: Session, record: Mapping[str, Any]) -> str:
    """An id made from the preferred Azerbaijani name, that nobody has or had."""
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
    """The person of `record` and the newest revision, where there are such."""
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
    """The record with its sources kept.

    Raises:
        RecordRefused: where it points at what the bank does not hold.
    """
    problems = [
        *check_references(record, load_known(session)),
        *dangling(record, known_people(session)),
    ]
    if problems:
        raise RecordRefused(problems)
    return led_on(session, keep_sources(session, [record]))[0]


def _credit_so_far(newest: Revision | None) -> str:
    """Who is thanked for a draft is thanked for what it grows into."""
    return newest.credit if newest and newest.state in ("draft", "review") else ""


def _end_working_copy(session: Session, who: Identity, key: str) -> None:
    if key:
        mine = (WorkingCopy.key == key, WorkingCopy.user_id == who.user_id)
        session.execute(delete(WorkingCopy).where(*mine))
