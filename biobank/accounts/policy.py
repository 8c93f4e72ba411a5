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

    READ_PUBLIC = "read what is public"
    SIGN_IN = "sign in"
    SEE_SELF = "see who one is"
    OWN_ACCOUNT = "manage the own account"
    SEE_USERS = "see the users"
    INVITE = "invite"
    MANAGE_USER = "change a user's role, sign them out, let them in or keep them out"
    MAKE_TOKENS_FOR_OTHERS = "make tokens for others"
    SEE_AUDIT = "see the audit"
    SEE_DESK = "see the desk: what is being written, its history and its reviews"
    WRITE_PEOPLE = "write records of people"
    SUBMIT_PEOPLE = "hand records of people in for review"
    RETURN_PEOPLE = "give a record back from review"
    PUBLISH_PEOPLE = "publish records of people"
    WITHDRAW_PEOPLE = "take people out of the bank"
    BRING_BACK_PEOPLE = "bring people back who were taken out"
    MERGE_PEOPLE = "merge and split records of people"
    REDACT = "redact a revision for legal reasons"
    ADD_REFERENCE = "add terms, places, organisations and sources"
    EDIT_REFERENCE = "change, rename and merge terms, places, organisations and sources"
    ADD_MEDIA = "add pictures and say what they are"
    REMOVE_MEDIA = "take pictures away that nobody shows"
    SEND = "send a correction, a proposal, an objection, a registration"
    TRIAGE = "decide on what the public sends"
    IMPORT = "bring in files of records, and read what came of it"
    MANAGE_WEBHOOKS = "say whom the bank tells of its changes"


EVERYBODY: Final = frozenset[Role](("anonymous", "contributor", "editor", "admin"))
KNOWN: Final = EVERYBODY - {"anonymous"}
EDITORS: Final = frozenset[Role](("editor", "admin"))
ADMINS: Final = frozenset[Role](("admin",))


@dataclass(frozen=True)
class Rule:
    """A rule that allows an action by role, token scope and object state.

    Without scopes no token is accepted. Without states the rule applies in every state.
    """

    roles: frozenset[Role]
    scopes: frozenset[Scope] = frozenset()
    states: frozenset[str] = frozenset()

    def fits(self, who: Identity, state: str | None) -> bool:
        """Return whether the rule allows `actor` to act on an object in `state`."""
        if who.role not in self.roles or (self.states and state not in self.states):
            return False
        return who.via != "token" or bool(self.scopes & who.scopes)


WRITE: Final = frozenset[Scope](("write",))
PUBLISH: Final = frozenset[Scope](("publish",))
ANY_SCOPE: Final = frozenset[Scope](("read", "write", "publish", "admin"))

#: An action is allowed if any of its rules matches.
TABLE: Final[Mapping[Action, tuple[Rule, ...]]] = {
    Action.READ_PUBLIC: (Rule(EVERYBODY, ANY_SCOPE),),
    Action.SIGN_IN: (Rule(EVERYBODY),),
    Action.SEE_SELF: (Rule(KNOWN, ANY_SCOPE),),
    Action.OWN_ACCOUNT: (Rule(KNOWN),),
    Action.SEE_USERS: (Rule(ADMINS, frozenset(("admin",))),),
    Action.INVITE: (Rule(ADMINS, frozenset(("admin",))),),
    # Administrators cannot lock themselves out: only another one can.
    Action.MANAGE_USER: (Rule(ADMINS, frozenset(("admin",)), frozenset(("another",))),),
    # The holder of a token acts in its owner's name, so only the operator creates one for others.
    Action.MAKE_TOKENS_FOR_OTHERS: (),
    Action.SEE_AUDIT: (Rule(ADMINS, frozenset(("admin",))),),
    Action.SEE_DESK: (Rule(KNOWN, frozenset(("write", "publish"))),),
    # By the state of the latest revision; `new` if there is none yet.
    Action.WRITE_PEOPLE: (
        Rule(KNOWN, WRITE, frozenset(("new", "draft", "review", "published"))),
        Rule(EDITORS, WRITE, frozenset(("withdrawn",))),
    ),
    Action.SUBMIT_PEOPLE: (Rule(KNOWN, WRITE),),
    # The submitter may withdraw the submission.
    Action.RETURN_PEOPLE: (
        Rule(KNOWN, WRITE, frozenset(("own",))),
        Rule(EDITORS, PUBLISH, frozenset(("another's",))),
    ),
    # Four-eyes principle: an author may not publish own work. `editorial.four_eyes` determines
    # the authors.
    Action.PUBLISH_PEOPLE: (Rule(EDITORS, PUBLISH, frozenset(("another's",))),),
    Action.WITHDRAW_PEOPLE: (Rule(EDITORS, PUBLISH),),
    # By the reason of the withdrawal. A merged person is reinstated by undoing the merge.
    Action.BRING_BACK_PEOPLE: (
        Rule(EDITORS, PUBLISH, frozenset(("mistake",))),
        Rule(ADMINS, PUBLISH, frozenset(("wish", "law"))),
    ),
    Action.MERGE_PEOPLE: (Rule(EDITORS, PUBLISH),),
    Action.REDACT: (Rule(ADMINS, frozenset(("admin",))),),
    Action.ADD_REFERENCE: (Rule(KNOWN, WRITE),),
    Action.EDIT_REFERENCE: (Rule(EDITORS, PUBLISH),),
    Action.ADD_MEDIA: (Rule(KNOWN, WRITE),),
    Action.REMOVE_MEDIA: (
        Rule(KNOWN, WRITE, frozenset(("own",))),
        Rule(EDITORS, PUBLISH, frozenset(("another's",))),
    ),
    Action.SEND: (Rule(EVERYBODY),),
    Action.TRIAGE: (Rule(EDITORS),),
    Action.IMPORT: (Rule(EDITORS),),
    Action.MANAGE_WEBHOOKS: (Rule(ADMINS),),
}


def allows(who: Identity, action: Action, state: str | None = None) -> bool:
    """Return whether `actor` may perform `action` on an object in `state`."""
    return who.via == "operator" or any(rule.fits(who, state) for rule in TABLE[action])


def allows_somewhere(who: Identity, action: Action) -> bool:
    """Return whether `actor` may perform `action` in at least one state."""
    states: set[str | None] = {state for rule in TABLE[action] for state in rule.states}
    return any(allows(who, action, state) for state in states or {None})


def require(who: Identity, action: Action, state: str | None = None) -> None:
    """Check that `actor` may perform `action` on an object in `state`.

    Raises:
        NotSignedIn: the actor is anonymous.
        Forbidden: the actor has no such right.
    """
    if not allows(who, action, state):
        raise _refusal(who)


def require_somewhere(who: Identity, action: Action) -> None:
    """Check as `require` does, before the object is known."""
    if not allows_somewhere(who, action):
        raise _refusal(who)


def _refusal(who: Identity) -> NotSignedIn | Forbidden:
    if not who.is_known:
        return NotSignedIn("Sign in first.")
    return Forbidden("This needs a right that you do not have.")
