"""Limits of concurrent downloads, so that no client fills the spool or occupies all threads."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from threading import Lock

from flask import Response, request

from biobank.errors import Busy, TooManyDownloads
from biobank.http.extensions import request_network
from biobank.http.middleware import ON_CLOSE_KEY

#: Concurrent downloads of one client network per process: enough for several people behind one
#: address, or in one IPv6 network.
MAX_DOWNLOADS_PER_CLIENT = 4
#: Concurrent downloads of all clients per process: as many threads may generate them, and as many
#: files may be spooled for slow clients.
MAX_DOWNLOADS_TOTAL = 40


class DownloadLimiter:
    """A counter of active downloads by client network."""

    def __init__(
        self, max_per_client: int = MAX_DOWNLOADS_PER_CLIENT, max_total: int = MAX_DOWNLOADS_TOTAL
    ) -> None:
        self._max_per_client, self._max_total = max_per_client, max_total
        self._active: Counter[str] = Counter()
        self._lock = Lock()

    def acquire(self, network: str) -> Callable[[], None]:
        """Count one more download and return an idempotent function that releases it.

        Raises:
            TooManyDownloads: If this network has reached its limit.
            Busy: If the total limit is reached.
        """
        with self._lock:
            if self._active[network] >= self._max_per_client:
                raise TooManyDownloads(self._max_per_client)
            if self._active.total() >= self._max_total:
                raise Busy("Too many downloads are in progress. Try again in a minute.")
            self._active[network] += 1
        release = ExitStack()
        release.callback(self._release, network)
        return release.close

    def _release(self, network: str) -> None:
        with self._lock:
            self._active -= Counter((network,))


_limiter = DownloadLimiter()


def limit_downloads(build: Callable[[], Response]) -> Response:
    """Build a response that counts as a download of the client until it is sent.

    Only counted under the concurrency middleware of `biobank serve`, which signals the end of a
    response.

    Raises:
        TooManyDownloads, Busy: If a limit is reached; then nothing is built.
    """
    on_close = request.environ.get(ON_CLOSE_KEY)
    if on_close is not None:
        on_close.callback(_limiter.acquire(request_network()))
    return build()
