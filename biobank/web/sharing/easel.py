"""Draws pictures when they are asked for: one at a time, and the last ones are kept.

A picture takes some 70 ms of a processor, so a burst of requests for different ones could keep
every thread of a worker at drawing. Here two may wait, and who comes after them is told to come
back: pages are answered meanwhile.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from flask import current_app

from biobank.errors import Busy

#: Bytes of pictures that a process keeps: some two hundred of them.
KEPT_MOST = 16_000_000
#: Threads that wait for the one that draws; a worker has four, and one is left for pages.
WAITING_MOST = 2
#: Seconds that one waits; drawing takes a tenth of one.
PATIENCE = 3.0


class Easel:
    """Pictures by what they are made of, the ones that were asked for last."""

    def __init__(self, kept_most: int = KEPT_MOST, waiting_most: int = WAITING_MOST) -> None:
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._kept_most = kept_most
        self._waiting_most = waiting_most
        self._waiting = 0
        self._counting, self._drawing = Lock(), Lock()

    def picture(self, made_of: Hashable, draw: Callable[[], bytes]) -> bytes:
        """The picture that is made of `made_of` alone; drawn where it is not kept.

        Raises:
            Busy: where others are drawn or waited for already.
        """
        if (kept := self._get(made_of)) is not None:
            return kept
        self._take_turn()
        try:
            # Whoever was waited for may have drawn the same.
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
    """The easel of the running app."""
    found: Easel = current_app.extensions.setdefault("biobank-easel", Easel())
    return found
