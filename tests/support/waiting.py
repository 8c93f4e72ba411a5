"""Waiting for what other threads and processes do."""

import time
from collections.abc import Callable

#: Far longer than anything takes; a test fails by its assertion, not by a slow machine.
MAX_SECONDS = 60
POLL_SECONDS = 0.02


def wait_until(condition: Callable[[], object]) -> None:
    """Poll until the condition holds.

    Raises:
        AssertionError: it did not within MAX_SECONDS.
    """
    end = time.monotonic() + MAX_SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(POLL_SECONDS)
