"""Processes that end with the one that started them, even after kill -9 of it."""

import os
import threading
import time
from collections.abc import Callable

#: Standard input: a pipe of the parent, which the system closes when the parent ends.
STDIN_DESCRIPTOR = 0


def end_with_stdin(stop: Callable[[], None], grace_seconds: float) -> None:
    """Call `stop` in a thread once standard input is closed; exit after `grace_seconds` in any case."""

    def wait() -> None:
        # Not sys.stdin: its lock, held by this thread, would abort the end of the interpreter.
        os.read(STDIN_DESCRIPTOR, 1)
        stop()
        time.sleep(grace_seconds)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
