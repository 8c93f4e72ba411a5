"""A WSGI wrapper that tracks unfinished responses."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any


class RequestTracker:
    """Wrapper of `app`; `wait` returns once every response is finished."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self._count = 0
        self._changed = threading.Condition()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self._add(1)
        try:
            return self._iterate(self._app(environ, start_response))
        except BaseException:
            self._add(-1)
            raise

    def wait(self) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: not self._count, timeout=60)

    def _iterate(self, response: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the response; the server closes it only after reading the rest of the request."""
        try:
            yield from response
        finally:
            if hasattr(response, "close"):
                response.close()
            self._add(-1)

    def _add(self, number: int) -> None:
        with self._changed:
            self._count += number
            self._changed.notify_all()
