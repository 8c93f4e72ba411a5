"""The life of a revision: handed in, given back, published by a second person, withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.making_public import make_public, take_out
from biobank.editorial.models import Revision
from biobank.editorial.notes import note
from biobank.editorial.publishing import known_people
from biobank.editorial.saving import head, hold, revision_at
from biobank.editorial.second_person import require_second_person
from biobank.errors import EditConflict, NotFound, Problem, RecordRefused, WrongState
from biobank.records.people.checks import check_references, dangling, load_known
from biobank.records.people.models import WITHDRAWALS, Person
from biobank.store import outbox
from biobank.store.session import Database

#: From a state, by a step, to a state. What is not here cannot be done.
TRANSITIONS: Final[Mapping[tuple[str, str], str]] = {
    ("draft", "submit"): "review",
    ("review", "give_back"): "draft",
    ("review", "publish"): "published",
    ("published", "withdraw"): "withdrawn",
    ("withdrawn", "bring_back"): "published",
}


@dataclass(frozen=True)
class _Held:
    """A person and the newest revision, held until the transaction ends."""

    person: Person
    newest: Revision


def after(state: str, step: str) -> str:
    """The state to which `step` leads from `state`.

    Raises:
        WrongState: where it leads nowhere.
    """
    if (state, step) not in TRANSITIONS:
        raise WrongState(f"This is {state}; {step.replace('_', ' ')} is not possible from there.")
    return TRANSITIONS[state, step]


def whose(revision: Revision, who: Identity) -> str:
    """`own` or `another's` by its last author, who may take it back without a word."""
    return "own" if who.user_id is not None and revision.author_id == who.user_id else "another's"


def submit(database: Database, who: Identity, person_id: str, number: int, text: str = "") -> None:
    """Hands the newest draft in for review."""
    with database.write() as session:
        held = _hold(session, person_id, number)
        require(who, Action.SUBMIT_PEOPLE)
        held.newest.state = after(held.newest.state, "submit")
        note(session, who, held.newest, "submitted", text)


def give_back(
    database: Database, who: Identity, person_id: str, number: int, text: str = ""
) -> None:
    """Gives what is in review back to its author; another than the author says why.

    Raises:
        RecordRefused: where no reason is given.
    """
    with database.write() as session:
        held = _hold(session, person_id, number)
        require(who, Action.RETURN_PEOPLE, whose(held.newest, who))
        if not text.strip() and whose(held.newest, who) != "own":
            raise RecordRefused([Problem("text", "no_reason", "Say why it is given back.")])
        held.newest.state = after(held.newest.state, "give_back")
        note(session, who, held.newest, "returned", text)


def publish(database: Database, who: Identity, person_id: str, number: int, text: str = "") -> None:
    """Makes what is in review public; nobody publishes what they wrote any of.

    Raises:
        OwnWork: where any of what becomes public with it is by `who`.
        RecordRefused: where it points at what the bank no longer holds.
    """
    with database.write() as session:
        held = _hold(session, person_id, number)
        require_second_person(session, who, held.newest)
        if held.person.withdrawal:
            require(who, Action.BRING_BACK_PEOPLE, held.person.withdrawal)
        after(held.newest.state, "publish")
        _check(session, held.newest)
        held.newest.reviewer, held.newest.reviewer_id = who.name, who.user_id
        make_public(session, [(held.person, held.newest)], outbox.now())
        note(session, who, held.newest, "published", text)
        audit.note_about(session, who, "published", "person", person_id, revision=number)


def withdraw(
    database: Database,
    who: Identity,
    person_id: str,
    reason: str,
    text: str,
    number: int | None = None,
) -> None:
    """Takes a person out of the bank; a tombstone stays. `reason` is one of WITHDRAWALS.

    `number` is the newest revision that `who` saw; none where that is not what it was decided by.

    Raises:
        WrongState: where the person is not public.
        EditConflict: where somebody saved since `number`.
    """
    with database.write() as session:
        require(who, Action.WITHDRAW_PEOPLE)
        person = _person(session, person_id, number)
        if reason not in WITHDRAWALS or reason == "merged":
            raise RecordRefused([Problem("reason", "bad_reason", "Choose why it is withdrawn.")])
        public = revision_at(session, person_id, person.published)
        after(public.state if public else "draft", "withdraw")
        take_out(session, person, reason, outbox.now())
        if public is not None:
            note(session, who, public, "withdrawn", text)
        audit.note_about(session, who, "withdrew", "person", person_id, reason=reason)


def bring_back(
    database: Database, who: Identity, person_id: str, text: str = "", number: int | None = None
) -> None:
    """Makes public again what was public when the person was withdrawn; `number` as there.

    Raises:
        WrongState: where the person is not withdrawn, or was merged, or what was public was
            redacted.
        EditConflict: where somebody saved since `number`.
    """
    with database.write() as session:
        person = _person(session, person_id, number)
        require(who, Action.BRING_BACK_PEOPLE, person.withdrawal or "mistake")
        if person.withdrawal == "merged":
            # Their id leads on: public as well, they would be two for some and one for others.
            raise WrongState("This record was merged into another one; undo the merge instead.")
        query = select(Revision).where(
            Revision.person_id == person_id, Revision.state == "withdrawn"
        )
        was: Revision | None = session.scalar(query.order_by(Revision.number.desc()).limit(1))
        after("withdrawn" if person.withdrawn_at else "draft", "bring_back")
        if was is None or was.redacted_at:
            raise WrongState("What was public was redacted; publish a new version instead.")
        _check(session, was)
        make_public(session, [(person, was)], outbox.now())
        note(session, who, was, "published", text)
        audit.note_about(session, who, "brought_back", "person", person_id)


def comment(
    database: Database, who: Identity, person_id: str, number: int, text: str, path: str = ""
) -> None:
    """Says something of any revision, or of one field of it."""
    with database.write() as session:
        require(who, Action.SEE_DESK)
        revision = revision_at(session, person_id, number)
        if revision is None:
            raise NotFound(f"There is no revision {number} of {person_id[:120]!r}.")
        if not text.strip():
            raise RecordRefused([Problem("text", "empty", "Write something.")])
        note(session, who, revision, "comment", text.strip(), path)


def _hold(session: Session, person_id: str, number: int) -> _Held:
    """The person and the newest revision, which has to be `number`: what was read is decided on."""
    person = _person(session, person_id)
    return _Held(person, _seen(session, person_id, number))


def _person(session: Session, person_id: str, number: int | None = None) -> Person:
    """The person, held; nobody saves from here on, so that `number`, if any, stays the newest."""
    person = hold(session, person_id)
    if person is None:
        raise NotFound(f"There is no person {person_id[:120]!r}.")
    if number is not None:
        _seen(session, person_id, number)
    return person


def _seen(session: Session, person_id: str, number: int) -> Revision:
    newest = head(session, person_id)
    if newest is None:
        raise NotFound(f"There is no person {person_id[:120]!r}.")
    if newest.number != number:
        raise EditConflict(person_id, number, newest.number)
    return newest


def _check(session: Session, revision: Revision) -> None:
    problems = [
        *check_references(revision.record, load_known(session)),
        *dangling(revision.record, known_people(session)),
    ]
    if problems:
        raise RecordRefused(problems)
