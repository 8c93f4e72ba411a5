"""The documented table of rights matches the policy."""

from pathlib import Path

import pytest

from biobank.accounts.identity import OPERATOR, ROLES, Identity, anonymous
from biobank.accounts.policy import (
    ACCESS_RULES,
    ANY_SCOPE,
    Action,
    is_allowed,
    is_allowed_in_any_state,
    require,
    require_in_any_state,
)
from biobank.errors import Forbidden, NotSignedIn

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "rights.md"


def expected_table() -> str:
    """Return the table of the document as generated from the policy."""
    lines = ["| what | who | of what | with a token of |", "|---|---|---|---|"]
    for action in Action:
        for rule in ACCESS_RULES[action]:
            roles = ", ".join(role for role in ("anonymous", *ROLES) if role in rule.roles)
            states = ", ".join(sorted(rule.states)) or "anything"
            scopes = ", ".join(sorted(rule.scopes)) or "none"
            lines.append(f"| {action} | {roles} | {states} | {scopes} |")
        if not ACCESS_RULES[action]:
            lines.append(f"| {action} | the operator alone | anything | none |")
    return "\n".join(lines)


def test_the_documented_table_matches_the_policy() -> None:
    assert expected_table() in DOCUMENT.read_text("utf-8")


def test_every_action_has_its_rules() -> None:
    assert set(ACCESS_RULES) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_every_role_is_allowed_exactly_the_states_of_its_rules(action: Action) -> None:
    states = {state for rules in ACCESS_RULES.values() for rule in rules for state in rule.states}
    for actor in (anonymous(), *(Identity(role=role, via="session") for role in ROLES)):
        for state in (None, *sorted(states)):
            expected = any(
                actor.role in rule.roles and (not rule.states or state in rule.states)
                for rule in ACCESS_RULES[action]
            )
            assert is_allowed(actor, action, state) == expected, (actor.role, state)
        assert is_allowed_in_any_state(actor, action) == any(
            actor.role in access_rule.roles for access_rule in ACCESS_RULES[action]
        )


ROLE_ACTORS = (anonymous(), *(Identity(role=role, via="session") for role in ROLES))
TOKEN_ACTORS = tuple(
    Identity(role=role, via="token", scopes=frozenset({scope})) for role in ROLES for scope in ANY_SCOPE
)


@pytest.mark.parametrize("action", Action)
def test_a_token_needs_a_scope_of_the_same_rule(action: Action) -> None:
    states = {state for rules in ACCESS_RULES.values() for rule in rules for state in rule.states}
    for actor in TOKEN_ACTORS:
        for state in (None, *sorted(states)):
            expected = any(
                actor.role in rule.roles
                and (not rule.states or state in rule.states)
                and actor.scopes <= rule.scopes
                for rule in ACCESS_RULES[action]
            )
            assert is_allowed(actor, action, state) == expected, (actor, state)


@pytest.mark.parametrize("action", Action)
def test_the_operator_may_do_everything(action: Action) -> None:
    assert is_allowed(OPERATOR, action)
    assert is_allowed_in_any_state(OPERATOR, action)


@pytest.mark.parametrize("action", Action)
def test_a_missing_right_is_refused_by_the_reason(action: Action) -> None:
    """Check that `require` refuses exactly what `is_allowed` denies, with the error of the actor."""
    for actor in (*ROLE_ACTORS, *TOKEN_ACTORS):
        error, message = (
            (Forbidden, "You do not have permission for this action.")
            if actor.is_authenticated
            else (NotSignedIn, "Sign in first.")
        )
        for state in (None, "own", "another's", "withdrawn"):
            if is_allowed(actor, action, state):
                require(actor, action, state)
            else:
                with pytest.raises(error, match=f"^{message}$"):
                    require(actor, action, state)
        if is_allowed_in_any_state(actor, action):
            require_in_any_state(actor, action)
        else:
            with pytest.raises(error, match=f"^{message}$"):
                require_in_any_state(actor, action)
