"""Progress of long work, reported to whoever started it."""

from collections.abc import Callable

#: Called after every step with its name, the number done, and the total if known.
ProgressReporter = Callable[[str, int, int | None], None]


def null_progress(_step: str, _done: int, _total: int | None) -> None:
    """Ignore progress."""
