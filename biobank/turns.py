"""WSGI middleware that limits concurrent work and protects against slow clients.

Building a response needs the processor, so few threads do it at once. Sending it to a slow client
only needs a thread that waits, so a worker has many more of those. A response that is generated
while it is sent acquires the semaphore for each chunk. Request bodies are buffered completely
before the semaphore is acquired, so slow uploads do not block others either.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import IO, Any

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

#: WSGI environ key of the ExitStack that is closed when the response is finished.
DONE = "biobank.done"
#: Threads of a worker in addition to those that build responses: as many clients may be slow at
#: once. An idle thread takes some hundred kilobytes.
READERS_MOST = 60
#: Seconds without any progress after which a socket times out; slow but reading clients go on.
SILENT_MOST = 60.0
#: Bytes written at a time; the socket timeout applies to each write.
PIECE_MOST = 16_384
#: Bytes of a request body held in memory; larger bodies are spooled to a file.
HELD_MOST = 65_536


class Turns:
    """WSGI middleware: at most `max_concurrency` threads build responses at the same time.

    Request bodies are buffered up to `max_body_bytes`; the wrapped app has to reject longer ones.
    """

    def __init__(self, app: App, at_once: int, body_most: int) -> None:
        self._app, self._body_most = app, body_most
        self._turns = _Queue(at_once)

    @property
    def waiting(self) -> int:
        """Return the number of threads that wait for the semaphore."""
        return len(self._turns.waiting)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        done = environ[DONE] = ExitStack()
        if "gunicorn.socket" in environ:
            # Without a timeout a thread would wait forever for a client that stalls.
            environ["gunicorn.socket"].settimeout(SILENT_MOST)
        try:
            self._take_in(environ, done)
            with self._turns:
                return _Made(self._app(environ, start_response), self._turns, done)
        except BaseException:
            done.close()
            raise

    def _take_in(self, environ: Environ, done: ExitStack) -> None:
        """Replace the input stream by a buffered copy of the whole body."""
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
    """A semaphore that serves threads in order of arrival.

    The standard semaphore is not fair: under load some threads would starve.
    """

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
    """A response body whose further chunks are each generated under the semaphore.

    The first chunk, which mostly is the whole body, is generated at construction.
    """

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
        """Close the body and run the callbacks; called by the WSGI server at the end."""
        with self._done:
            close = getattr(self._whole, "close", None)
            if close is not None:
                close()
