"""Who makes an answer takes a turn; who sends one only waits.

Making takes the processor, so few threads do it at once. Sending to a slow reader takes a thread
that waits and nothing else, so a worker has many more of those: however slowly some read, others
are answered. What is sent while it is made takes a turn for each piece. What a request brings is
taken in whole before its turn: however slowly some send, others are answered as well.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import IO, Any

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

#: Where the environment of a request holds what is called when its answer is through.
DONE = "biobank.done"
#: Threads of a worker beside those that make answers: as many readers may be slow at once. One that
#: waits takes some hundred kilobytes.
READERS_MOST = 60
#: Seconds that somebody may take nothing at all of what is sent; whoever is slow but reads goes on.
SILENT_MOST = 60.0
#: Bytes handed on at a time: that time is one for all of what a socket is given at once.
PIECE_MOST = 16_384
#: Bytes of what is sent to us that are held in memory; more of it lies in a file.
HELD_MOST = 65_536


class Turns:
    """A WSGI app of which `at_once` threads make answers at the same time.

    Bodies of requests are taken in up to `body_most` bytes: the app has to refuse longer ones.
    """

    def __init__(self, app: App, at_once: int, body_most: int) -> None:
        self._app, self._body_most = app, body_most
        self._turns = _Queue(at_once)

    @property
    def waiting(self) -> int:
        """Threads that wait for a turn."""
        return len(self._turns.waiting)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        done = environ[DONE] = ExitStack()
        if "gunicorn.socket" in environ:
            # Else a thread would wait for ever for somebody who does nothing and never goes.
            environ["gunicorn.socket"].settimeout(SILENT_MOST)
        try:
            self._take_in(environ, done)
            with self._turns:
                return _Made(self._app(environ, start_response), self._turns, done)
        except BaseException:
            done.close()
            raise

    def _take_in(self, environ: Environ, done: ExitStack) -> None:
        """Puts all that is sent in place of what would be waited for."""
        sent: IO[bytes] | None = environ.get("wsgi.input")
        told = environ.get("CONTENT_LENGTH") or "0"
        comes = told != "0" or "HTTP_TRANSFER_ENCODING" in environ
        if sent is None or not comes or (told.isdecimal() and int(told) > self._body_most):
            return
        left = self._body_most + 1
        kept = done.enter_context(SpooledTemporaryFile(HELD_MOST))  # noqa: SIM115 - closed by `done`
        while left and (piece := sent.read(min(left, PIECE_MOST))):
            kept.write(piece)
            left -= len(piece)
        kept.seek(0)
        environ["wsgi.input"] = kept


class _Queue:
    """Turns in the order of asking: a semaphore lets in who comes at the right moment, and some
    would wait for ever while many ask."""

    def __init__(self, free: int) -> None:
        self._free = free
        self.waiting: deque[Lock] = deque()
        self._looking = Lock()

    def __enter__(self) -> None:
        with self._looking:
            if self._free:
                self._free -= 1
                return
            mine = Lock()
            mine.acquire()
            self.waiting.append(mine)
        mine.acquire()

    def __exit__(self, *_: object) -> None:
        with self._looking:
            if self.waiting:
                self.waiting.popleft().release()
            else:
                self._free += 1


class _Made:
    """An answer with its first piece, which mostly is all of it, and the turns for the others."""

    def __init__(self, pieces: Iterable[bytes], turns: _Queue, done: ExitStack) -> None:
        self._whole, self._turns, self._done = pieces, turns, done
        self._pieces = iter(pieces)
        try:
            self._first = next(self._pieces, None)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        piece = self._first
        while piece is not None:
            for start in range(0, len(piece), PIECE_MOST):
                yield piece[start : start + PIECE_MOST]
            with self._turns:
                piece = next(self._pieces, None)

    def close(self) -> None:
        """As WSGI has it: called once the answer is sent, or nobody wants it any more."""
        with self._done:
            close = getattr(self._whole, "close", None)
            if close is not None:
                close()
