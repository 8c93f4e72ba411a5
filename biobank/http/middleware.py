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
WsgiApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

#: WSGI environ key of the ExitStack that is closed when the response is finished.
ON_CLOSE_KEY = "biobank.done"
#: Threads of a worker in addition to those that build responses: as many clients may be slow at
#: once. An idle thread takes some hundred kilobytes.
MAX_SLOW_CLIENTS = 60
#: Seconds without any progress after which a socket times out; slow but reading clients go on.
SOCKET_TIMEOUT_SECONDS = 60.0
#: Bytes written at a time; the socket timeout applies to each write.
WRITE_CHUNK_BYTES = 16_384
#: Bytes of a request body held in memory; larger bodies are spooled to a file.
SPOOL_THRESHOLD_BYTES = 65_536


class ConcurrencyLimitMiddleware:
    """WSGI middleware: at most `max_concurrency` threads build responses at the same time.

    Request bodies are buffered up to `max_body_bytes`; the wrapped app has to reject longer ones.
    """

    def __init__(self, app: WsgiApp, max_concurrency: int, max_body_bytes: int) -> None:
        self._app, self._max_body_bytes = app, max_body_bytes
        self._semaphore = FifoSemaphore(max_concurrency)

    @property
    def waiting(self) -> int:
        """Return the number of threads that wait for the semaphore."""
        return len(self._semaphore.waiting)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        on_close = environ[ON_CLOSE_KEY] = ExitStack()
        if "gunicorn.socket" in environ:
            # Without a timeout a thread would wait forever for a client that stalls.
            environ["gunicorn.socket"].settimeout(SOCKET_TIMEOUT_SECONDS)
        try:
            self._buffer_request_body(environ, on_close)
            with self._semaphore:
                return ThrottledResponse(self._app(environ, start_response), self._semaphore, on_close)
        except BaseException:
            on_close.close()
            raise

    def _buffer_request_body(self, environ: Environ, on_close: ExitStack) -> None:
        """Replace the input stream by a buffered copy of the whole body."""
        body: IO[bytes] | None = environ.get("wsgi.input")
        content_length = environ.get("CONTENT_LENGTH") or "0"
        has_body = content_length != "0" or "HTTP_TRANSFER_ENCODING" in environ
        if (
            body is None
            or not has_body
            or (content_length.isdecimal() and int(content_length) > self._max_body_bytes)
        ):
            return
        remaining = self._max_body_bytes + 1
        spool = on_close.enter_context(SpooledTemporaryFile(SPOOL_THRESHOLD_BYTES))  # noqa: SIM115 - closed by `done`
        while remaining and (chunk := body.read(min(remaining, WRITE_CHUNK_BYTES))):
            spool.write(chunk)
            remaining -= len(chunk)
        spool.seek(0)
        environ["wsgi.input"] = spool


class FifoSemaphore:
    """A semaphore that serves threads in order of arrival.

    The standard semaphore is not fair: under load some threads would starve.
    """

    def __init__(self, permits: int) -> None:
        self._permits = permits
        self.waiting: deque[Lock] = deque()
        self._lock = Lock()

    def __enter__(self) -> None:
        with self._lock:
            if self._permits:
                self._permits -= 1
                return
            ticket = Lock()
            ticket.acquire()
            self.waiting.append(ticket)
        ticket.acquire()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            if self.waiting:
                self.waiting.popleft().release()
            else:
                self._permits += 1


class ThrottledResponse:
    """A response body whose further chunks are each generated under the semaphore.

    The first chunk, which mostly is the whole body, is generated at construction.
    """

    def __init__(self, chunks: Iterable[bytes], semaphore: FifoSemaphore, on_close: ExitStack) -> None:
        self._body, self._semaphore, self._on_close = chunks, semaphore, on_close
        self._chunks = iter(chunks)
        try:
            self._first_chunk = next(self._chunks, None)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[bytes]:
        chunk = self._first_chunk
        while chunk is not None:
            for start in range(0, len(chunk), WRITE_CHUNK_BYTES):
                yield chunk[start : start + WRITE_CHUNK_BYTES]
            with self._semaphore:
                chunk = next(self._chunks, None)

    def close(self) -> None:
        """Close the body and run the callbacks; called by the WSGI server at the end."""
        with self._on_close:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
