"""WSGI middleware that limits concurrent work, first come, first served.

Building a response needs the processor, so few threads do it at once. A response that is generated
while it is sent acquires a permit for each chunk, so long exports do not hold pages up. Writers wait
for the database without a permit (`biobank/common/concurrency.py`). Slow clients are the task of the
server, which buffers (`biobank/http/server.py`).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any

from biobank.common.concurrency import WorkLimits

Environ = dict[str, Any]
WsgiApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

#: WSGI environ key of the ExitStack that is closed when the response is sent.
ON_CLOSE_KEY = "biobank.done"
#: WSGI environ key: whether the request came with headers of a proxy, which the server may have removed.
FORWARDED_KEY = "biobank.forwarded"
#: WSGI environ keys of the headers that proxies add.
FORWARDING_VARIABLES = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_BY",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)
#: Bytes written at a time.
WRITE_CHUNK_BYTES = 16_384


def is_forwarded(environ: Environ) -> bool:
    """Return whether a proxy has passed on the request, trusted or not."""
    return bool(environ.get(FORWARDED_KEY)) or any(name in environ for name in FORWARDING_VARIABLES)


class ConcurrencyLimitMiddleware:
    """WSGI middleware: at most `max_concurrency` threads build responses at the same time."""

    def __init__(self, app: WsgiApp, max_concurrency: int) -> None:
        self._app = app
        self.limits = WorkLimits(max_concurrency)

    @property
    def waiting(self) -> int:
        """Return the number of threads that wait for a permit."""
        return len(self.limits.permits.waiting)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        # The server closes its own stack once the response is sent.
        on_close = ExitStack()
        environ.setdefault(ON_CLOSE_KEY, on_close)
        try:
            with self.limits.request():
                body = self._app(environ, start_response)
                if _is_file(environ, body):
                    return body
                return ThrottledResponse(body, self.limits, on_close)
        except BaseException:
            on_close.close()
            raise


def _is_file(environ: Environ, body: Iterable[bytes]) -> bool:
    """Return whether the server sends `body` itself, without a thread."""
    file_wrapper = environ.get("wsgi.file_wrapper")
    return isinstance(file_wrapper, type) and isinstance(body, file_wrapper)


class ThrottledResponse:
    """A response body whose further chunks are each generated with a permit.

    The first chunk, which mostly is the whole body, is generated at construction.
    """

    def __init__(self, chunks: Iterable[bytes], limits: WorkLimits, on_close: ExitStack) -> None:
        self._body, self._limits, self._on_close = chunks, limits, on_close
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
            with self._limits.request():
                chunk = next(self._chunks, None)

    def close(self) -> None:
        """Close the body and run the callbacks; called by the WSGI server at the end."""
        with self._on_close:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
