"""The concurrency middleware: few threads build responses, many send them."""

import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from biobank.errors import Busy, TooManyDownloads
from biobank.http.download_limits import DownloadLimiter
from biobank.http.middleware import WRITE_CHUNK_BYTES, ConcurrencyLimitMiddleware, Environ
from tests.support.waiting import wait_until


def endless(log: list[str]) -> Iterator[bytes]:
    try:
        while True:
            yield b"piece"
    finally:
        log.append("closed")


def test_a_slow_reader_releases_the_semaphore_between_chunks() -> None:
    log: list[str] = []
    middleware = ConcurrencyLimitMiddleware(lambda _environ, _start: endless(log), max_concurrency=1)
    bodies = [middleware({}, print) for _ in range(3)]
    iterators = [iter(body) for body in bodies]
    for _ in range(3):
        assert [next(chunks) for chunks in iterators] == [b"piece"] * 3
    for body, chunks in zip(bodies, iterators, strict=True):
        chunks.close()  # type: ignore[attr-defined]
        body.close()  # type: ignore[attr-defined]
    assert log == ["closed"] * 3


def test_an_error_releases_the_semaphore() -> None:
    def broken(environ: Environ, _start: Any) -> Iterable[bytes]:
        if environ["at"] == "once":
            raise RuntimeError("at once")
        return map(int, ["no number"])  # type: ignore[arg-type]

    middleware = ConcurrencyLimitMiddleware(broken, max_concurrency=1)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            middleware({"at": "once"}, print)
        with pytest.raises(ValueError, match="no number"):
            middleware({"at": "the first piece"}, print)


def test_the_semaphore_is_fair() -> None:
    served: list[str] = []
    resume = threading.Event()

    def app(environ: Environ, _start: Any) -> Iterable[bytes]:
        served.append(environ["name"])
        resume.wait(30)
        return [b""]

    middleware = ConcurrencyLimitMiddleware(app, max_concurrency=1)
    threads = []
    for waiting, name in enumerate("abcd"):
        thread = threading.Thread(target=middleware, args=({"name": name}, print), daemon=True)
        thread.start()
        threads.append(thread)
        # Start the next thread once this one is served or waits.
        wait_until(lambda count=waiting: len(served) + middleware.waiting > count)
    resume.set()
    for thread in threads:
        thread.join(30)
    assert served == list("abcd")


def test_a_large_chunk_is_written_in_small_ones() -> None:
    content = bytes(range(256)) * 1000
    chunks = list(
        ConcurrencyLimitMiddleware(lambda _environ, _start: [content], max_concurrency=1)({}, print)
    )
    assert b"".join(chunks) == content
    assert max(map(len, chunks)) == WRITE_CHUNK_BYTES


def test_downloads_are_limited_per_client_and_in_total() -> None:
    limiter = DownloadLimiter(max_per_client=2, max_total=3)
    release = limiter.acquire("a")
    limiter.acquire("a")
    with pytest.raises(TooManyDownloads):
        limiter.acquire("a")
    limiter.acquire("b")
    with pytest.raises(Busy):
        limiter.acquire("c")
    release()
    release()
    limiter.acquire("c")
    with pytest.raises(Busy):
        limiter.acquire("d")
