"""The render cache limits waiting threads and never renders an image twice."""

from threading import Event, Thread

import pytest

from biobank.errors import Busy
from biobank.web.sharing.cards import RenderCache


def test_image_is_rendered_once() -> None:
    cache, rendered = RenderCache(), []

    def render() -> bytes:
        rendered.append(1)
        return b"picture"

    assert [cache.get_or_render("a", render) for _ in range(3)] == [b"picture"] * 3
    assert len(rendered) == 1


def test_cache_evicts_least_recently_used_images() -> None:
    cache, rendered = RenderCache(max_bytes=25), []

    def request_image(name: str) -> None:
        cache.get_or_render(name, lambda: rendered.append(name) or b"0123456789")  # type: ignore[func-returns-value]

    for name in ("a", "b", "a", "c", "a", "b"):
        request_image(name)
    assert rendered == ["a", "b", "c", "b"]


def test_one_thread_waits_and_further_ones_are_rejected() -> None:
    cache, started, end = RenderCache(max_waiting=1), Event(), Event()
    images: list[bytes] = []

    def slow() -> bytes:
        started.set()
        assert end.wait(20)
        return b"slow"

    first = Thread(target=lambda: images.append(cache.get_or_render("slow", slow)))
    first.start()
    assert started.wait(20)
    second = Thread(target=lambda: images.append(cache.get_or_render("slow", lambda: b"again")))
    second.start()
    while cache._waiting == 0:
        second.join(0.01)
    with pytest.raises(Busy):
        cache.get_or_render("other", lambda: b"other")
    end.set()
    first.join()
    second.join()
    # The waiting thread gets the same image without rendering it again.
    assert images == [b"slow", b"slow"]
    assert cache.get_or_render("other", lambda: b"other") == b"other"


def test_failed_rendering_releases_the_lock() -> None:
    cache = RenderCache()
    with pytest.raises(ZeroDivisionError):
        cache.get_or_render("a", lambda: bytes(1 // 0))
    assert cache.get_or_render("a", lambda: b"a") == b"a"
