"""The real server: slow clients do not block others."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from hashlib import sha256
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from biobank.bootstrap import make_services
from biobank.cli.serve import _server
from biobank.exchange.dumps import keeping
from biobank.exchange.dumps.manifest import Manifest
from biobank.readers import EACH_MOST
from biobank.settings import VARIABLES, Settings
from tests.conftest import copied

#: TCP segment size and receive window in bytes of a slow client, so that little of a response is in
#: flight.
SEGMENT, WINDOW = 536, 2048
DUMP = "/dumps/biobank.nt.gz"
EXPORT = "/en/search.jsonl"


@pytest.fixture(scope="module")
def bank_with_dumps(
    bank: Settings, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, Manifest]:
    settings = copied(bank, tmp_path_factory.mktemp("slow") / "bank")
    services = make_services(settings)
    manifest = keeping.renew(services.database, settings.dumps_dir, "http://localhost")
    services.close()
    return settings, manifest


@pytest.fixture(scope="module")
def port(bank_with_dumps: tuple[Settings, Manifest]) -> Iterator[int]:
    """Yield the port of a server with one worker and one thread that builds responses."""
    pytest.importorskip("gunicorn")
    settings, _manifest = bank_with_dumps
    given = {name: str(getattr(settings, field)) for name, field in VARIABLES.items()}
    given["BIOBANK_WEBHOOKS_PRIVATE"] = "0"
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
    command = _server("127.0.0.1", free, 1, 1)
    folder = Path(settings.dumps_dir).parent
    with subprocess.Popen(command, env={**os.environ, **given}, cwd=folder) as server:
        try:
            wait_until(lambda: ask(free, "127.0.0.1", "/health/live")[0] == 200)
            yield free
        finally:
            server.terminate()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Poll until the condition holds, for at most a minute."""
    end = time.monotonic() + 60
    while True:
        try:
            if is_so():
                return
        except OSError:
            pass
        assert time.monotonic() < end
        time.sleep(0.1)


def ask(port: int, address: str, path: str) -> tuple[int, HTTPResponse, bytes]:
    """Return status, headers and body of a request from `address` of this machine."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30, source_address=(address, 0))
    with closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer, answer.read()


class Slow:
    """A client that reads only the beginning of the response until told to read on."""

    def __init__(self, port: int, address: str, path: str) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(30)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
        self.socket.bind((address, 0))
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.answer = HTTPResponse(self.socket)
        self.answer.begin()

    def close(self) -> None:
        self.answer.close()
        self.socket.close()


def test_slow_readers_keep_others_from_nothing_and_get_all_in_the_end(
    port: int, bank_with_dumps: tuple[Settings, Manifest]
) -> None:
    file = bank_with_dumps[1].file(DUMP.rpartition("/")[2])
    assert file is not None
    with ExitStack() as readers:
        slow = [
            readers.enter_context(closing(Slow(port, f"127.0.0.{number}", path)))
            for number in range(2, 7)
            for path in (DUMP, EXPORT, EXPORT)
        ]
        assert [one.answer.status for one in slow] == [200] * 15
        for path in ("/en/", "/api/v1/search?q=composer", "/dumps/SHA256SUMS", EXPORT, "/az/data"):
            assert ask(port, "127.0.0.9", path)[0] == 200, path
        status, _answer, whole = ask(port, "127.0.0.9", DUMP)
        assert (status, sha256(whole).hexdigest()) == (200, file.sha256)
        assert sha256(slow[0].answer.read()).hexdigest() == file.sha256
        assert slow[1].answer.read().count(b"\n") == int(slow[1].answer.headers["X-Total-Count"])


def test_one_address_is_told_to_come_back_and_let_in_once_another_file_is_through(
    port: int,
) -> None:
    with ExitStack() as readers:
        for _ in range(EACH_MOST):
            slow = readers.enter_context(closing(Slow(port, "127.0.0.20", DUMP)))
            assert slow.answer.status == 200
        for path in (DUMP, EXPORT):
            status, answer, _text = ask(port, "127.0.0.20", path)
            assert (status, int(answer.headers["Retry-After"])) == (429, 10)
        assert ask(port, "127.0.0.20", "/en/")[0] == 200
        assert ask(port, "127.0.0.21", DUMP)[0] == 200
    # A closed connection is noticed when the next chunk cannot be sent.
    wait_until(lambda: ask(port, "127.0.0.20", DUMP)[0] == 200)


def test_who_asks_for_a_part_or_has_it_already_is_answered_so(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    with closing(connection):
        connection.request("GET", DUMP, headers={"Range": "bytes=10-19"})
        part = connection.getresponse()
        assert (part.status, len(part.read())) == (206, 10)
        connection.request("GET", DUMP, headers={"If-None-Match": part.headers["ETag"]})
        same = connection.getresponse()
        assert (same.status, same.read()) == (304, b"")


def test_who_sends_slowly_keeps_others_from_nothing_and_is_answered_in_the_end(port: int) -> None:
    head = (
        b"POST /api/v1/reconcile HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
    )
    asked = b'queries={"a":{"query":"Nizami"}}'
    halves = asked[:10], asked[10:]
    whole = [b"Content-Length: %d\r\n\r\n" % len(asked) + halves[0], halves[1]]
    chunks = [b"%x\r\n%s\r\n" % (len(half), half) for half in halves]
    pieces = [b"Transfer-Encoding: chunked\r\n\r\n" + chunks[0], chunks[1] + b"0\r\n\r\n"]
    with ExitStack() as senders:
        slow = []
        for begun, rest in (whole, pieces):
            sender = socket.create_connection(("127.0.0.1", port), 30)
            senders.enter_context(closing(sender)).sendall(head + begun)
            slow.append((sender, rest))
        for _ in range(3):
            assert ask(port, "127.0.0.9", "/en/")[0] == 200
        for sender, rest in slow:
            sender.sendall(rest)
            answer = senders.enter_context(closing(HTTPResponse(sender)))
            answer.begin()
            assert (answer.status, b"nizami" in answer.read()) == (200, True)


def test_who_breaks_off_or_sends_nonsense_leaves_others_served(port: int) -> None:
    head = b"POST /api/v1/reconcile HTTP/1.1\r\nHost: localhost\r\n"
    for rest in (b"Content-Length: 90\r\n\r\nqueries", b"Transfer-Encoding: chunked\r\n\r\nno\r\n"):
        for _ in range(3):
            with closing(socket.create_connection(("127.0.0.1", port), 30)) as sender:
                sender.sendall(head + rest)
    assert ask(port, "127.0.0.9", "/en/")[0] == 200
