"""Limits of concurrent downloads, so that no client occupies all sending threads."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from threading import Lock

from flask import Response, request

from biobank.errors import Busy, TooManyDownloads
from biobank.turns import DONE, READERS_MOST

#: Concurrent downloads of one client address per process: enough for several people behind one
#: address.
EACH_MOST = 4
#: Concurrent downloads of all clients per process; the remaining threads serve slow readers of
#: pages.
ALL_MOST = READERS_MOST * 2 // 3


class Readers:
    """A counter of active downloads by client address."""

    def __init__(self, each_most: int = EACH_MOST, all_most: int = ALL_MOST) -> None:
        self._each_most, self._all_most = each_most, all_most
        self._sent: Counter[str] = Counter()
        self._counting = Lock()

    def admit(self, address: str) -> Callable[[], None]:
        """Count one more download and return an idempotent function that releases it.

        Raises:
            TooManyDownloads: If this address has reached its limit.
            Busy: If the total limit is reached.
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
    """Build a response that counts as a download of the client until it is closed.

    Only counted under the concurrency middleware of `biobank serve`, which signals the end of a
    response.

    Raises:
        TooManyDownloads, Busy: If a limit is reached; then nothing is built.
    """
    done = request.environ.get(DONE)
    if done is not None:
        done.callback(_readers.admit(request.remote_addr or ""))
    return make()
