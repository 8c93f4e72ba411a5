"""The states of a message and the transitions between them."""

import pytest

from biobank.editorial.inbox.triage import (
    MESSAGE_STATES,
    MESSAGE_TRANSITIONS,
    SETTLED_STATES,
    allowed_steps,
    next_message_state,
)
from biobank.errors import WrongState

STEPS = ("accept", "decline", "spam", "close", "reopen")


def test_unlisted_transitions_are_refused() -> None:
    for state in MESSAGE_STATES:
        for step in STEPS:
            if (state, step) not in MESSAGE_TRANSITIONS:
                with pytest.raises(WrongState):
                    next_message_state(state, step)


def test_a_new_message_is_accepted_declined_spam_or_closed() -> None:
    assert [next_message_state("new", step) for step in ("accept", "decline", "spam", "close")] == [
        "accepted",
        "declined",
        "spam",
        "closed",
    ]


@pytest.mark.parametrize("state", ["accepted", "declined", "spam", "closed"])
def test_every_decision_can_be_reverted(state: str) -> None:
    assert next_message_state(state, "reopen") == "new"


def test_decided_message_can_only_be_closed_or_reopened() -> None:
    for state in ("accepted", "declined", "spam"):
        assert next_message_state(state, "close") == "closed"
        assert "accept" not in allowed_steps(state)
    assert allowed_steps("closed") == ("reopen",)


def test_new_and_accepted_messages_are_not_settled() -> None:
    assert set(MESSAGE_STATES) - set(SETTLED_STATES) == {"new", "accepted"}
