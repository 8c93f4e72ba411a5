"""The states of a message and the transitions between them."""

from collections.abc import Mapping
from typing import Final

from biobank.errors import WrongState

MESSAGE_STATES = ("new", "accepted", "declined", "spam", "closed")
#: States without pending actions, in which the retention period of the address runs.
SETTLED_STATES = ("declined", "spam", "closed")

#: The allowed transitions: (state, step) to the next state.
MESSAGE_TRANSITIONS: Final[Mapping[tuple[str, str], str]] = {
    ("new", "accept"): "accepted",
    ("new", "decline"): "declined",
    ("new", "spam"): "spam",
    ("new", "close"): "closed",
    ("accepted", "close"): "closed",
    ("declined", "close"): "closed",
    ("spam", "close"): "closed",
    **{(state, "reopen"): "new" for state in MESSAGE_STATES if state != "new"},
}


def next_message_state(state: str, step: str) -> str:
    """Return the state after `step`.

    Raises:
        WrongState: if the step is not allowed in this state.
    """
    if (state, step) not in MESSAGE_TRANSITIONS:
        raise WrongState(f"This message is {state}; {step} is not possible from there.")
    return MESSAGE_TRANSITIONS[state, step]


def allowed_steps(state: str) -> tuple[str, ...]:
    """Return the steps allowed in a state."""
    return tuple(step for start, step in MESSAGE_TRANSITIONS if start == state)
