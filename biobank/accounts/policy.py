"""Access policy: one table of actions, roles, token scopes and object states.

A signed-in user has the rights of the role. A token has the rights of its owner's role that its
scopes include. The operator (command line) has all rights.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from biobank.accounts.identity import Identity, Role, Scope
from biobank.errors import Forbidden, NotSignedIn


class Action(StrEnum):
    """An action that requires a permission."""

    READ_PUBLIC = "read public content"
    SIGN_IN = "sign in"
    SEE_SELF = "see your own identity and permissions"
    MANAGE_OWN_ACCOUNT = "manage your own account"
    SEE_USERS = "see the users"
    INVITE = "invite"
    MANAGE_USER = "change a user's role, sign them out, deactivate or reactivate them"
    ERASE_USER = "erase a user's account for good"
    CREATE_TOKENS_FOR_OTHERS = "create API tokens for others"
    SEE_AUDIT = "see the audit log"
    ERASE_ADDRESSES = "erase network addresses in the audit log"
    SEE_DESK = "see the desk: drafts, their history and reviews"
    WRITE_PEOPLE = "edit records of people"
    SUBMIT_PEOPLE = "submit records of people for review"
    RETURN_PEOPLE = "return a record in review for changes"
    PUBLISH_PEOPLE = "publish records of people"
    WITHDRAW_PEOPLE = "withdraw people"
    REINSTATE_PEOPLE = "reinstate withdrawn people"
    MERGE_PEOPLE = "merge and split records of people"
    REDACT = "redact a revision for legal reasons"
    ADD_REFERENCE = "add terms, places, organisations and sources"
    EDIT_REFERENCE = "change, rename and merge terms, places, organisations and sources"
    ADD_MEDIA = "add pictures and edit their details"
    REMOVE_MEDIA = "delete unused pictures"
    SUBMIT_MESSAGE = "send a correction, suggestion, objection or registration"
    TRIAGE = "process messages from the public"
    IMPORT = "import files of records and read the reports"
    MANAGE_WEBHOOKS = "manage webhooks"


ALL_ROLES: Final = frozenset[Role](("anonymous", "contributor", "editor", "admin"))
AUTHENTICATED: Final = ALL_ROLES - {"anonymous"}
EDITORS: Final = frozenset[Role](("editor", "admin"))
ADMINS: Final = frozenset[Role](("admin",))


@dataclass(frozen=True)
class AccessRule:
    """A rule that allows an action by role, token scope and object state.

    Without scopes no token is accepted. Without states the rule applies in every state.
    """

    roles: frozenset[Role]
    scopes: frozenset[Scope] = frozenset()
    states: frozenset[str] = frozenset()

    def matches(self, actor: Identity, state: str | None) -> bool:
        """Return whether the rule allows `actor` to act on an object in `state`."""
        if actor.role not in self.roles or (self.states and state not in self.states):
            return False
        return actor.via != "token" or bool(self.scopes & actor.scopes)


WRITE: Final = frozenset[Scope](("write",))
PUBLISH: Final = frozenset[Scope](("publish",))
ANY_SCOPE: Final = frozenset[Scope](("read", "write", "publish", "admin"))

#: An action is allowed if any of its rules matches.
ACCESS_RULES: Final[Mapping[Action, tuple[AccessRule, ...]]] = {
    Action.READ_PUBLIC: (AccessRule(ALL_ROLES, ANY_SCOPE),),
    Action.SIGN_IN: (AccessRule(ALL_ROLES),),
    Action.SEE_SELF: (AccessRule(AUTHENTICATED, ANY_SCOPE),),
    Action.MANAGE_OWN_ACCOUNT: (AccessRule(AUTHENTICATED),),
    Action.SEE_USERS: (AccessRule(ADMINS, frozenset(("admin",))),),
    Action.INVITE: (AccessRule(ADMINS, frozenset(("admin",))),),
    # Administrators cannot lock themselves out: only another one can.
    Action.MANAGE_USER: (AccessRule(ADMINS, frozenset(("admin",)), frozenset(("another",))),),
    # What cannot be undone takes a person, not a token.
    Action.ERASE_USER: (AccessRule(ADMINS, states=frozenset(("another",))),),
    # The holder of a token acts in its owner's name, so only the operator creates one for others.
    Action.CREATE_TOKENS_FOR_OTHERS: (),
    Action.SEE_AUDIT: (AccessRule(ADMINS, frozenset(("admin",))),),
    Action.ERASE_ADDRESSES: (AccessRule(ADMINS),),
    Action.SEE_DESK: (AccessRule(AUTHENTICATED, frozenset(("write", "publish"))),),
    # By the state of the latest revision; `new` if there is none yet.
    Action.WRITE_PEOPLE: (
        AccessRule(AUTHENTICATED, WRITE, frozenset(("new", "draft", "review", "published"))),
        AccessRule(EDITORS, WRITE, frozenset(("withdrawn",))),
    ),
    Action.SUBMIT_PEOPLE: (AccessRule(AUTHENTICATED, WRITE),),
    # The submitter may withdraw the submission.
    Action.RETURN_PEOPLE: (
        AccessRule(AUTHENTICATED, WRITE, frozenset(("own",))),
        AccessRule(EDITORS, PUBLISH, frozenset(("another's",))),
    ),
    # Four-eyes principle: an author may not publish own work. `editorial.four_eyes` determines
    # the authors.
    Action.PUBLISH_PEOPLE: (AccessRule(EDITORS, PUBLISH, frozenset(("another's",))),),
    Action.WITHDRAW_PEOPLE: (AccessRule(EDITORS, PUBLISH),),
    # By the reason of the withdrawal. A merged person is reinstated by undoing the merge.
    Action.REINSTATE_PEOPLE: (
        AccessRule(EDITORS, PUBLISH, frozenset(("mistake",))),
        AccessRule(ADMINS, PUBLISH, frozenset(("wish", "law"))),
    ),
    Action.MERGE_PEOPLE: (AccessRule(EDITORS, PUBLISH),),
    Action.REDACT: (AccessRule(ADMINS, frozenset(("admin",))),),
    Action.ADD_REFERENCE: (AccessRule(AUTHENTICATED, WRITE),),
    Action.EDIT_REFERENCE: (AccessRule(EDITORS, PUBLISH),),
    Action.ADD_MEDIA: (AccessRule(AUTHENTICATED, WRITE),),
    Action.REMOVE_MEDIA: (
        AccessRule(AUTHENTICATED, WRITE, frozenset(("own",))),
        AccessRule(EDITORS, PUBLISH, frozenset(("another's",))),
    ),
    Action.SUBMIT_MESSAGE: (AccessRule(ALL_ROLES),),
    Action.TRIAGE: (AccessRule(EDITORS),),
    Action.IMPORT: (AccessRule(EDITORS),),
    Action.MANAGE_WEBHOOKS: (AccessRule(ADMINS),),
}


def is_allowed(actor: Identity, action: Action, state: str | None = None) -> bool:
    """Return whether `actor` may perform `action` on an object in `state`."""
    return actor.via == "operator" or any(rule.matches(actor, state) for rule in ACCESS_RULES[action])


def is_allowed_in_any_state(actor: Identity, action: Action) -> bool:
    """Return whether `actor` may perform `action` in at least one state."""
    states: set[str | None] = {state for rule in ACCESS_RULES[action] for state in rule.states}
    return any(is_allowed(actor, action, state) for state in states or {None})


def require(actor: Identity, action: Action, state: str | None = None) -> None:
    """Check that `actor` may perform `action` on an object in `state`.

    Raises:
        NotSignedIn: the actor is anonymous.
        Forbidden: the actor has no such right.
    """
    if not is_allowed(actor, action, state):
        raise _refusal(actor)


def require_in_any_state(actor: Identity, action: Action) -> None:
    """Check as `require` does, before the object is known."""
    if not is_allowed_in_any_state(actor, action):
        raise _refusal(actor)


def _refusal(actor: Identity) -> NotSignedIn | Forbidden:
    if not actor.is_authenticated:
        return NotSignedIn("Sign in first.")
    return Forbidden("You do not have permission for this action.")
