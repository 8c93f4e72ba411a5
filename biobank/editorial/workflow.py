"""The review workflow of revisions: submit, return, publish, withdraw and reinstate."""

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

#: The allowed transitions: (state, action) to the next state.
TRANSITIONS: Final[Mapping[tuple[str, str], str]] = {
    ("draft", "submit"): "review",
    ("review", "give_back"): "draft",
    ("review", "publish"): "published",
    ("published", "withdraw"): "withdrawn",
    ("withdrawn", "bring_back"): "published",
}


@dataclass(frozen=True)
class _Held:
    """A person and the latest revision, locked until the transaction ends."""

    person: Person
    newest: Revision


def after(state: str, step: str) -> str:
    """Return the state after `action`.

    Raises:
        WrongState: if the action is not allowed in this state.
    """
    if (state, step) not in TRANSITIONS:
        raise WrongState(f"This is {state}; {step.replace('_', ' ')} is not possible from there.")
    return TRANSITIONS[state, step]


def whose(revision: Revision, who: Identity) -> str:
    """Return `own` if the actor is the last author, who needs no reason to return it."""
    return "own" if who.user_id is not None and revision.author_id == who.user_id else "another's"


def submit(database: Database, who: Identity, person_id: str, number: int, text: str = "") -> None:
    """Submit the latest draft for review."""
    with database.write() as session:
        held = _hold(session, person_id, number)
        require(who, Action.SUBMIT_PEOPLE)
        held.newest.state = after(held.newest.state, "submit")
        note(session, who, held.newest, "submitted", text)


def give_back(
    database: Database, who: Identity, person_id: str, number: int, text: str = ""
) -> None:
    """Return a record in review to its author; a reason is required from other users.

    Raises:
        RecordRefused: if no reason is given.
    """
    with database.write() as session:
        held = _hold(session, person_id, number)
        require(who, Action.RETURN_PEOPLE, whose(held.newest, who))
        if not text.strip() and whose(held.newest, who) != "own":
            raise RecordRefused([Problem("text", "no_reason", "Say why it is given back.")])
        held.newest.state = after(held.newest.state, "give_back")
        note(session, who, held.newest, "returned", text)


def publish(database: Database, who: Identity, person_id: str, number: int, text: str = "") -> None:
    """Publish a record in review; users cannot publish their own contributions.

    Raises:
        OwnWork: if the actor contributed to what becomes public.
        RecordRefused: if it refers to records that no longer exist.
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
    """Withdraw a person; a tombstone remains. `reason` is one of WITHDRAWALS.

    `number` is the latest revision that the actor saw; None skips the check.

    Raises:
        WrongState: if the person is not public.
        EditConflict: if the record was saved since `number`.
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
    """Publish again the revision that was public before the withdrawal.

    `number` is the latest revision that the actor saw; None skips the check.

    Raises:
        WrongState: if the person is not withdrawn or was merged, or the revision was redacted.
        EditConflict: if the record was saved since `number`.
    """
    with database.write() as session:
        person = _person(session, person_id, number)
        require(who, Action.BRING_BACK_PEOPLE, person.withdrawal or "mistake")
        if person.withdrawal == "merged":
            # The id redirects: a public record as well would be ambiguous.
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
    """Add a comment on any revision, or on one field of it."""
    with database.write() as session:
        require(who, Action.SEE_DESK)
        revision = revision_at(session, person_id, number)
        if revision is None:
            raise NotFound(f"There is no revision {number} of {person_id[:120]!r}.")
        if not text.strip():
            raise RecordRefused([Problem("text", "empty", "Write something.")])
        note(session, who, revision, "comment", text.strip(), path)


def _hold(session: Session, person_id: str, number: int) -> _Held:
    """Lock the person and return them with the latest revision, which must be `number`."""
    person = _person(session, person_id)
    return _Held(person, _seen(session, person_id, number))


def _person(session: Session, person_id: str, number: int | None = None) -> Person:
    """Return the locked person; optionally check that `number` is the latest revision."""
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
