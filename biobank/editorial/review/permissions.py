"""The review actions that a user may perform on a record, by permission and state."""

from typing import Final

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, is_allowed
from biobank.editorial.models import Revision
from biobank.editorial.review.four_eyes import ownership
from biobank.editorial.review.workflow import last_author_ownership
from biobank.editorial.revisions import drafts
from biobank.records.people.models import Person

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


def allowed_actions(actor: Identity, person: Person, latest: Revision) -> frozenset[str]:
    """Return those of DESK_ACTIONS that the actor may perform now."""
    latest_ownership = last_author_ownership(latest, actor)
    allowed = {
        # A merged person is edited under the remaining id.
        "write": person.withdrawal != "merged"
        and is_allowed(actor, Action.WRITE_PEOPLE, drafts.record_state(person, latest)),
        "comment": is_allowed(actor, Action.SEE_DESK),
        "submit": latest.state == "draft" and is_allowed(actor, Action.SUBMIT_PEOPLE),
        "give_back": latest.state == "review"
        and is_allowed(actor, Action.RETURN_PEOPLE, latest_ownership),
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
