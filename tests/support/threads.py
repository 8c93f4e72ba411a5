"""Reading that goes on while something is written."""

import threading
import time
from collections.abc import Callable


def together(write: Callable[[], object], *reads: Callable[[], None]) -> None:
    """Runs `write` once while each of `reads` goes on and on; raises what any of them raised."""
    failures: list[BaseException] = []
    over = threading.Event()

    def forever(read: Callable[[], None]) -> None:
        try:
            while not over.is_set():
                read()
                # A breath, or the writer waits for eight others after every byte it writes.
                time.sleep(0.002)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=forever, args=(read,)) for read in reads]
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
