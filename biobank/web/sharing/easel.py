"""Cache of rendered cards that renders one at a time.

A card takes some 70 ms of CPU time, so a burst of requests for different ones could occupy every
thread of a worker. Therefore only two threads may wait; further requests are rejected as busy, so
that the worker keeps serving pages.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from flask import current_app

from biobank.errors import Busy

#: Maximum bytes of cached images per process: about two hundred images.
KEPT_MOST = 16_000_000
#: Threads that may wait for the rendering one; a worker has four, so one is left for pages.
WAITING_MOST = 2
#: Seconds that a thread waits; rendering takes about 0.1.
PATIENCE = 3.0


class Easel:
    """Least-recently-used cache of images by their content key."""

    def __init__(self, kept_most: int = KEPT_MOST, waiting_most: int = WAITING_MOST) -> None:
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._kept_most = kept_most
        self._waiting_most = waiting_most
        self._waiting = 0
        self._counting, self._drawing = Lock(), Lock()

    def picture(self, made_of: Hashable, draw: Callable[[], bytes]) -> bytes:
        """Return the image of `key`, rendered if it is not cached.

        Raises:
            Busy: if too many threads wait already, or the wait times out.
        """
        if (kept := self._get(made_of)) is not None:
            return kept
        self._take_turn()
        try:
            # Another thread may have rendered the same image meanwhile.
            kept = self._get(made_of)
            return self._keep(made_of, draw()) if kept is None else kept
        finally:
            self._drawing.release()

    def _take_turn(self) -> None:
        if self._drawing.acquire(blocking=False):
            return
        with self._counting:
            if self._waiting >= self._waiting_most:
                raise Busy("Too many pictures are asked for at once.")
            self._waiting += 1
        try:
            if not self._drawing.acquire(timeout=PATIENCE):
                raise Busy("Too many pictures are asked for at once.")
        finally:
            with self._counting:
                self._waiting -= 1

    def _get(self, made_of: Hashable) -> bytes | None:
        with self._counting:
            if made_of in self._kept:
                self._kept.move_to_end(made_of)
            return self._kept.get(made_of)

    def _keep(self, made_of: Hashable, picture: bytes) -> bytes:
        with self._counting:
            self._kept[made_of] = picture
            while len(self._kept) > 1 and sum(map(len, self._kept.values())) > self._kept_most:
                self._kept.popitem(last=False)
        return picture


def easel() -> Easel:
    """Return the cache of the current app."""
    found: Easel = current_app.extensions.setdefault("biobank-easel", Easel())
    return found
