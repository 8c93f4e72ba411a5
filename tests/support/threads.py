"""Concurrent reads during a write."""

import threading
import time
from collections.abc import Callable


def run_while_reading(write: Callable[[], object], *reads: Callable[[], None]) -> None:
    """Run `write` once while each of `reads` is repeated; raise any of their exceptions."""
    failures: list[BaseException] = []
    over = threading.Event()

    def loop(read: Callable[[], None]) -> None:
        try:
            while not over.is_set():
                read()
                # Yield the interpreter lock, else the writer waits for all readers.
                time.sleep(0.002)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=loop, args=(read,)) for read in reads]
    for thread in threads:
        thread.start()
    try:
        write()
    finally:
        over.set()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
