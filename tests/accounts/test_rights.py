"""The documented table of rights matches the policy."""

from pathlib import Path

import pytest

from biobank.accounts.identity import ROLES, Identity, anonymous
from biobank.accounts.policy import ACCESS_RULES, Action, is_allowed, is_allowed_in_any_state

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
