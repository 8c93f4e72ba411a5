"""Who is being sent files just now: no address takes all the threads that send."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from threading import Lock

from flask import Response, request

from biobank.errors import Busy, TooManyDownloads
from biobank.turns import DONE, READERS_MOST

#: Files that one process sends at a time to one address: a program that fetches all of them goes
#: on, several people of one institution do too.
EACH_MOST = 4
#: And to all of them: pages have threads left for readers of their own who are slow.
ALL_MOST = READERS_MOST * 2 // 3


class Readers:
    """Counts those who are being sent something, by address."""

    def __init__(self, each_most: int = EACH_MOST, all_most: int = ALL_MOST) -> None:
        self._each_most, self._all_most = each_most, all_most
        self._sent: Counter[str] = Counter()
        self._counting = Lock()

    def admit(self, address: str) -> Callable[[], None]:
        """Counts one more; what is returned takes that back, however often it is called.

        Raises:
            TooManyDownloads: where this address has its fill.
            Busy: where all have.
        """
        with self._counting:
            if self._sent[address] >= self._each_most:
                raise TooManyDownloads(self._each_most)
            if self._sent.total() >= self._all_most:
                raise Busy("Too many files are being sent just now. Try again in a minute.")
            self._sent[address] += 1
        place = ExitStack()
        place.callback(self._leave, address)
        return place.close

    def _leave(self, address: str) -> None:
        with self._counting:
            self._sent -= Counter((address,))


_readers = Readers()


def download(make: Callable[[], Response]) -> Response:
    """What `make` makes, counted as sent to the address that asks until it is through.

    Counted where threads take turns, as under `biobank serve`: there the end of it is known.

    Raises:
        TooManyDownloads, Busy: where no more is sent for now; then nothing is made.
    """
    done = request.environ.get(DONE)
    if done is not None:
        done.callback(_readers.admit(request.remote_addr or ""))
    return make()
