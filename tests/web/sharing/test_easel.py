"""The render cache limits waiting threads and never renders an image twice."""

from threading import Event, Thread

import pytest

from biobank.errors import Busy
from biobank.web.sharing.easel import Easel


def test_a_picture_is_drawn_once() -> None:
    easel, drawn = Easel(), []

    def draw() -> bytes:
        drawn.append(1)
        return b"picture"

    assert [easel.picture("a", draw) for _ in range(3)] == [b"picture"] * 3
    assert len(drawn) == 1


def test_the_pictures_asked_for_last_are_kept_within_their_bytes() -> None:
    easel, drawn = Easel(kept_most=25), []

    def ask(name: str) -> None:
        easel.picture(name, lambda: drawn.append(name) or b"0123456789")  # type: ignore[func-returns-value]

    for name in ("a", "b", "a", "c", "a", "b"):
        ask(name)
    assert drawn == ["a", "b", "c", "b"]


def test_one_waits_for_the_one_that_is_drawn_and_further_ones_are_told_to_come_back() -> None:
    easel, begun, end = Easel(waiting_most=1), Event(), Event()
    found: list[bytes] = []

    def slow() -> bytes:
        begun.set()
        assert end.wait(20)
        return b"slow"

    first = Thread(target=lambda: found.append(easel.picture("slow", slow)))
    first.start()
    assert begun.wait(20)
    second = Thread(target=lambda: found.append(easel.picture("slow", lambda: b"again")))
    second.start()
    while easel._waiting == 0:
        second.join(0.01)
    with pytest.raises(Busy):
        easel.picture("other", lambda: b"other")
    end.set()
    first.join()
    second.join()
    # The waiting thread gets the same image without rendering it again.
    assert found == [b"slow", b"slow"]
    assert easel.picture("other", lambda: b"other") == b"other"


def test_a_drawing_that_fails_leaves_the_easel_free() -> None:
    easel = Easel()
    with pytest.raises(ZeroDivisionError):
        easel.picture("a", lambda: bytes(1 // 0))
    assert easel.picture("a", lambda: b"a") == b"a"
