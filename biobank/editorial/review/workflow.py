"""The review workflow of revisions: its actions, and which of them a user may perform."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, is_allowed, require
from biobank.common.clock import now
from biobank.editorial.merging.redirects import resolve_redirects
from biobank.editorial.models import Revision
from biobank.editorial.review.four_eyes import ownership, require_four_eyes
from biobank.editorial.review.notes import add_note
from biobank.editorial.revisions import drafts
from biobank.editorial.revisions.bulk_save import require_references
from biobank.editorial.revisions.drafts import find_revision, lock_existing_person, require_revision
from biobank.editorial.revisions.latest_revisions import require_latest
from biobank.editorial.revisions.publication import publish_revisions, unpublish
from biobank.errors import RecordRefused, WrongState
from biobank.records.people.models import WITHDRAWAL_REASONS, Person
from biobank.store.session import Database

#: The allowed transitions: (state, action) to the next state.
REVISION_TRANSITIONS: Final[Mapping[tuple[str, str], str]] = {
    ("draft", "submit"): "review",
    ("review", "give_back"): "draft",
    ("review", "publish"): "published",
    ("published", "withdraw"): "withdrawn",
    ("withdrawn", "bring_back"): "published",
}
DESK_ACTIONS: Final = (
    "write",
    "comment",
    "submit",
    "give_back",
    "publish",
    "withdraw",
    "bring_back",
    "redact",
    "merge",
)


def next_state(state: str, step: str) -> str:
    """Return the state after `action`.

    Raises:
        WrongState: if the action is not allowed in this state.
    """
    if (state, step) not in REVISION_TRANSITIONS:
        raise WrongState(f"The revision is in the state {state!r}, which does not allow {step!r}.")
    return REVISION_TRANSITIONS[state, step]


def last_author_ownership(revision: Revision, actor: Identity) -> str:
    """Return `own` if the actor is the last author, who needs no reason to return it."""
    return "own" if actor.user_id is not None and revision.author_id == actor.user_id else "another's"


def submit(database: Database, actor: Identity, person_id: str, number: int, text: str = "") -> None:
    """Submit the latest draft for review."""
    with database.write() as session:
        _person, latest = _lock_record(session, person_id, number)
        require(actor, Action.SUBMIT_PEOPLE)
        latest.state = next_state(latest.state, "submit")
        add_note(session, actor, latest, "submitted", text)


def request_changes(database: Database, actor: Identity, person_id: str, number: int, text: str = "") -> None:
    """Return a record in review to its author; a reason is required from other users.

    Raises:
        RecordRefused: if no reason is given.
    """
    with database.write() as session:
        _person, latest = _lock_record(session, person_id, number)
        require(actor, Action.RETURN_PEOPLE, last_author_ownership(latest, actor))
        if not text.strip() and last_author_ownership(latest, actor) != "own":
            raise RecordRefused.of_field("text", "no_reason", "Enter a reason for returning it.")
        latest.state = next_state(latest.state, "give_back")
        add_note(session, actor, latest, "returned", text)


def publish(database: Database, actor: Identity, person_id: str, number: int, text: str = "") -> None:
    """Publish a record in review; users cannot publish their own contributions.

    Raises:
        OwnWork: if the actor contributed to what becomes public.
        RecordRefused: if it refers to records that no longer exist.
    """
    with database.write() as session:
        person, latest = _lock_record(session, person_id, number)
        require_four_eyes(session, actor, latest)
        if person.withdrawal:
            require(actor, Action.REINSTATE_PEOPLE, person.withdrawal)
        next_state(latest.state, "publish")
        require_references(session, resolve_redirects(session, [latest.record])[0])
        latest.reviewer, latest.reviewer_id = actor.name, actor.user_id
        publish_revisions(session, [(person, latest)], now())
        add_note(session, actor, latest, "published", text)
        audit.record_for(session, actor, "published", "person", person_id, revision=number)


def withdraw(
    database: Database, actor: Identity, person_id: str, reason: str, text: str, number: int | None = None
) -> None:
    """Withdraw a person; a tombstone remains. `reason` is one of WITHDRAWALS.

    `number` is the latest revision that the actor saw; None skips the check.

    Raises:
        WrongState: if the person is not public.
        EditConflict: if the record was saved since `number`.
    """
    with database.write() as session:
        require(actor, Action.WITHDRAW_PEOPLE)
        person, _latest = _lock_record(session, person_id, number)
        if reason not in WITHDRAWAL_REASONS or reason == "merged":
            raise RecordRefused.of_field("reason", "bad_reason", "Choose a reason for the withdrawal.")
        public = find_revision(session, person_id, person.published)
        next_state(public.state if public else "draft", "withdraw")
        unpublish(session, person, reason, now())
        if public is not None:
            add_note(session, actor, public, "withdrawn", text)
        audit.record_for(session, actor, "withdrew", "person", person_id, reason=reason)


def reinstate(
    database: Database, actor: Identity, person_id: str, text: str = "", number: int | None = None
) -> None:
    """Publish again the revision that was public before the withdrawal.

    `number` is the latest revision that the actor saw; None skips the check.

    Raises:
        WrongState: if the person is not withdrawn or was merged, or the revision was redacted.
        EditConflict: if the record was saved since `number`.
    """
    with database.write() as session:
        person, _latest = _lock_record(session, person_id, number)
        require(actor, Action.REINSTATE_PEOPLE, person.withdrawal or "mistake")
        if person.withdrawal == "merged":
            # The id redirects: a public record as well would be ambiguous.
            raise WrongState("This record was merged into another one. Undo the merge instead.")
        query = select(Revision).where(Revision.person_id == person_id, Revision.state == "withdrawn")
        last_public: Revision | None = session.scalar(query.order_by(Revision.number.desc()).limit(1))
        next_state("withdrawn" if person.withdrawn_at else "draft", "bring_back")
        if last_public is None or last_public.redacted_at:
            raise WrongState("The published version was redacted. Publish a new version instead.")
        require_references(session, resolve_redirects(session, [last_public.record])[0])
        publish_revisions(session, [(person, last_public)], now())
        add_note(session, actor, last_public, "published", text)
        audit.record_for(session, actor, "brought_back", "person", person_id)


def add_comment(
    database: Database, actor: Identity, person_id: str, number: int, text: str, path: str = ""
) -> None:
    """Add a comment on any revision, or on one field of it."""
    with database.write() as session:
        require(actor, Action.SEE_DESK)
        revision = require_revision(session, person_id, number)
        if not text.strip():
            raise RecordRefused.of_field("text", "empty", "Enter some text.")
        add_note(session, actor, revision, "comment", text.strip(), path)


def _lock_record(session: Session, person_id: str, number: int | None) -> tuple[Person, Revision]:
    """Lock the person; return them and the latest revision, which must be `number` unless that is None."""
    return lock_existing_person(session, person_id), require_latest(session, person_id, number)


def allowed_actions(actor: Identity, person: Person, latest: Revision) -> frozenset[str]:
    """Return those of DESK_ACTIONS that the actor may perform now."""
    latest_ownership = last_author_ownership(latest, actor)
    allowed = {
        # A merged person is edited under the remaining id.
        "write": person.withdrawal != "merged"
        and is_allowed(actor, Action.WRITE_PEOPLE, drafts.record_state(person, latest)),
        "comment": is_allowed(actor, Action.SEE_DESK),
        "submit": latest.state == "draft" and is_allowed(actor, Action.SUBMIT_PEOPLE),
        "give_back": latest.state == "review" and is_allowed(actor, Action.RETURN_PEOPLE, latest_ownership),
        "publish": latest.state == "review"
        and is_allowed(actor, Action.PUBLISH_PEOPLE, ownership(latest, actor))
        and (not person.withdrawal or _can_reinstate(actor, person)),
        "withdraw": person.published is not None and is_allowed(actor, Action.WITHDRAW_PEOPLE),
        "bring_back": person.withdrawn_at is not None and _can_reinstate(actor, person),
        "redact": is_allowed(actor, Action.REDACT),
        "merge": person.withdrawn_at is None and is_allowed(actor, Action.MERGE_PEOPLE),
    }
    return frozenset(action for action in DESK_ACTIONS if allowed[action])


def _can_reinstate(actor: Identity, person: Person) -> bool:
    return is_allowed(actor, Action.REINSTATE_PEOPLE, person.withdrawal or "mistake")
