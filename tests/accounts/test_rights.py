"""The documented table of rights matches the policy."""

from pathlib import Path

import pytest

from biobank.accounts.identity import ROLES, Identity, anonymous
from biobank.accounts.policy import TABLE, Action, allows, allows_somewhere

DOCUMENT = Path(__file__).parents[2] / "docs" / "reference" / "rights.md"


def written() -> str:
    """Return the table of the document as generated from the policy."""
    lines = ["| what | who | of what | with a token of |", "|---|---|---|---|"]
    for action in Action:
        for rule in TABLE[action]:
            who = ", ".join(role for role in ("anonymous", *ROLES) if role in rule.roles)
            states = ", ".join(sorted(rule.states)) or "anything"
            scopes = ", ".join(sorted(rule.scopes)) or "none"
            lines.append(f"| {action} | {who} | {states} | {scopes} |")
        if not TABLE[action]:
            lines.append(f"| {action} | the operator alone | anything | none |")
    return "\n".join(lines)


def test_the_document_has_the_table_as_it_is() -> None:
    assert written() in DOCUMENT.read_text("utf-8")


def test_every_action_has_its_rules() -> None:
    assert set(TABLE) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_every_role_is_let_in_to_the_states_of_its_rules_and_to_no_other(action: Action) -> None:
    states = {state for rules in TABLE.values() for rule in rules for state in rule.states}
    for who in (anonymous(), *(Identity(role=role, via="session") for role in ROLES)):
        for state in (None, *sorted(states)):
            said = any(
                who.role in rule.roles and (not rule.states or state in rule.states)
                for rule in TABLE[action]
            )
            assert allows(who, action, state) == said, (who.role, state)
        assert allows_somewhere(who, action) == any(who.role in it.roles for it in TABLE[action])
