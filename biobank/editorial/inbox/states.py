"""The life of a message: a pure table of what leads where."""

from collections.abc import Mapping
from typing import Final

from biobank.errors import WrongState

STATES = ("new", "accepted", "declined", "spam", "closed")
#: In these nothing more is to be done, and the sender's address has a term.
SETTLED = ("declined", "spam", "closed")

#: From a state, by a step, to a state. What is not here cannot be done.
TRANSITIONS: Final[Mapping[tuple[str, str], str]] = {
    ("new", "accept"): "accepted",
    ("new", "decline"): "declined",
    ("new", "spam"): "spam",
    ("new", "close"): "closed",
    ("accepted", "close"): "closed",
    ("declined", "close"): "closed",
    ("spam", "close"): "closed",
    **{(state, "reopen"): "new" for state in STATES if state != "new"},
}


def after(state: str, step: str) -> str:
    """The state to which `step` leads from `state`.

    Raises:
        WrongState: where it leads nowhere.
    """
    if (state, step) not in TRANSITIONS:
        raise WrongState(f"This message is {state}; {step} is not possible from there.")
    return TRANSITIONS[state, step]


def steps(state: str) -> tuple[str, ...]:
    """What can be done from `state`."""
    return tuple(step for start, step in TRANSITIONS if start == state)
