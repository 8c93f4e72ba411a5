"""The concurrency middleware: few threads build responses, many send them."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

import pytest

from biobank.errors import Busy, TooManyDownloads
from biobank.readers import Readers
from biobank.turns import PIECE_MOST, Environ, Turns


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def endless(log: list[str]) -> Iterator[bytes]:
    try:
        while True:
            yield b"piece"
    finally:
        log.append("closed")


def test_who_takes_a_piece_only_now_and_then_holds_no_turn_meanwhile() -> None:
    log: list[str] = []
    turns = Turns(lambda _environ, _start: endless(log), at_once=1, body_most=10)
    readers = [turns({}, print) for _ in range(3)]
    taken = [iter(reader) for reader in readers]
    for _ in range(3):
        assert [next(pieces) for pieces in taken] == [b"piece"] * 3
    for reader, pieces in zip(readers, taken, strict=True):
        pieces.close()  # type: ignore[attr-defined]
        reader.close()  # type: ignore[attr-defined]
    assert log == ["closed"] * 3


def test_a_turn_is_given_back_by_what_breaks() -> None:
    def broken(environ: Environ, _start: Any) -> Iterable[bytes]:
        if environ["at"] == "once":
            raise RuntimeError("at once")
        return map(int, ["no number"])  # type: ignore[arg-type]

    turns = Turns(broken, at_once=1, body_most=10)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            turns({"at": "once"}, print)
        with pytest.raises(ValueError, match="no number"):
            turns({"at": "the first piece"}, print)


def test_turns_are_had_in_the_order_of_asking() -> None:
    served: list[str] = []
    go_on = threading.Event()

    def app(environ: Environ, _start: Any) -> Iterable[bytes]:
        served.append(environ["name"])
        go_on.wait(30)
        return [b""]

    turns = Turns(app, at_once=1, body_most=10)
    threads = []
    for waiting, name in enumerate("abcd"):
        thread = threading.Thread(target=turns, args=({"name": name}, print), daemon=True)
        thread.start()
        threads.append(thread)
        # Start the next thread once this one is served or waits.
        wait_until(lambda many=waiting: len(served) + turns.waiting > many)
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert served == list("abcd")


def test_what_is_sent_to_us_is_taken_in_without_a_turn_up_to_what_the_app_takes() -> None:
    seen: list[bytes] = []

    def app(environ: Environ, _start: Any) -> Iterable[bytes]:
        seen.append(environ["wsgi.input"].read())
        return [b""]

    turns = Turns(app, at_once=1, body_most=10)
    told = {"CONTENT_LENGTH": "4"}
    pieces = {"HTTP_TRANSFER_ENCODING": "chunked"}
    for how, sent in ((told, b"four"), (pieces, b"in pieces"), (pieces, b"far too long for it")):
        turns({"wsgi.input": BytesIO(sent), **how}, print).close()  # type: ignore[attr-defined]
    assert seen == [b"four", b"in pieces", b"far too lon"]
    refused = BytesIO(b"what is told to be too long")
    environ = {"wsgi.input": refused, "CONTENT_LENGTH": "27"}
    turns(environ, print)
    assert environ["wsgi.input"] is refused
    nothing = BytesIO()
    environ = {"wsgi.input": nothing}
    turns(environ, print)
    assert environ["wsgi.input"] is nothing


def test_an_answer_in_one_piece_is_handed_on_in_small_ones() -> None:
    # The socket timeout applies to each write, however steadily the client reads.
    whole = bytes(range(256)) * 1000
    pieces = list(Turns(lambda _environ, _start: [whole], at_once=1, body_most=10)({}, print))
    assert b"".join(pieces) == whole
    assert max(map(len, pieces)) == PIECE_MOST


def test_one_address_has_so_many_and_all_together_so_many() -> None:
    readers = Readers(each_most=2, all_most=3)
    first = readers.admit("a")
    readers.admit("a")
    with pytest.raises(TooManyDownloads):
        readers.admit("a")
    readers.admit("b")
    with pytest.raises(Busy):
        readers.admit("c")
    first()
    first()
    readers.admit("c")
    with pytest.raises(Busy):
        readers.admit("d")
