"""The states of a message and the transitions between them."""

import pytest

from biobank.editorial.inbox.states import SETTLED, STATES, TRANSITIONS, after, steps
from biobank.errors import WrongState

STEPS = ("accept", "decline", "spam", "close", "reopen")


def test_every_step_that_is_not_in_the_table_is_refused() -> None:
    for state in STATES:
        for step in STEPS:
            if (state, step) not in TRANSITIONS:
                with pytest.raises(WrongState):
                    after(state, step)


def test_a_new_message_is_accepted_declined_spam_or_closed() -> None:
    assert [after("new", step) for step in ("accept", "decline", "spam", "close")] == [
        "accepted",
        "declined",
        "spam",
        "closed",
    ]


@pytest.mark.parametrize("state", ["accepted", "declined", "spam", "closed"])
def test_every_decision_can_be_taken_back(state: str) -> None:
    assert after(state, "reopen") == "new"


def test_what_was_decided_is_closed_and_not_decided_again() -> None:
    for state in ("accepted", "declined", "spam"):
        assert after(state, "close") == "closed"
        assert "accept" not in steps(state)
    assert steps("closed") == ("reopen",)


def test_what_is_new_or_accepted_is_not_settled() -> None:
    assert set(STATES) - set(SETTLED) == {"new", "accepted"}
