"""The review actions that a user may perform on a record, by permission and state."""

from typing import Final

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, allows
from biobank.editorial import saving
from biobank.editorial.models import Revision
from biobank.editorial.second_person import whose_work
from biobank.editorial.workflow import whose
from biobank.records.people.models import Person

STEPS: Final = (
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


def steps_of(who: Identity, person: Person, newest: Revision) -> frozenset[str]:
    """Return those of DESK_ACTIONS that the actor may perform now."""
    ours = whose(newest, who)
    may = {
        # A merged person is edited under the remaining id.
        "write": person.withdrawal != "merged"
        and allows(who, Action.WRITE_PEOPLE, saving.state(person, newest)),
        "comment": allows(who, Action.SEE_DESK),
        "submit": newest.state == "draft" and allows(who, Action.SUBMIT_PEOPLE),
        "give_back": newest.state == "review" and allows(who, Action.RETURN_PEOPLE, ours),
        "publish": newest.state == "review"
        and allows(who, Action.PUBLISH_PEOPLE, whose_work(newest, who))
        and (not person.withdrawal or _may_bring_back(who, person)),
        "withdraw": person.published is not None and allows(who, Action.WITHDRAW_PEOPLE),
        "bring_back": person.withdrawn_at is not None and _may_bring_back(who, person),
        "redact": allows(who, Action.REDACT),
        "merge": person.withdrawn_at is None and allows(who, Action.MERGE_PEOPLE),
    }
    return frozenset(step for step in STEPS if may[step])


def _may_bring_back(who: Identity, person: Person) -> bool:
    return allows(who, Action.BRING_BACK_PEOPLE, person.withdrawal or "mistake")
