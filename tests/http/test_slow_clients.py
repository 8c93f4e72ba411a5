"""The real server: slow clients do not block others."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from hashlib import sha256
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from biobank.app.factory import MAX_BODY_BYTES
from biobank.bootstrap import make_services
from biobank.exchange.dumps import publisher
from biobank.exchange.dumps.files import Manifest
from biobank.http.download_limits import MAX_DOWNLOADS_PER_CLIENT
from biobank.http.server import MAX_CONNECTIONS_PER_NETWORK
from biobank.settings import ENV_VARIABLES, Settings
from tests.conftest import copy_bank

#: TCP segment size and receive window in bytes of a slow client, so that little of a response is in
#: flight.
SEGMENT, WINDOW = 536, 2048
DUMP = "/dumps/biobank.nt.gz"
EXPORT = "/en/search.jsonl"


@pytest.fixture(scope="module")
def bank_with_dumps(bank: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Manifest]:
    settings = copy_bank(bank, tmp_path_factory.mktemp("slow") / "bank")
    services = make_services(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publisher, "write_dumps", partial(publisher.write_dumps, formats=("nt",)))
        manifest = publisher.renew(services.database, settings.dumps_dir, "http://localhost")
    services.close()
    return settings, manifest


@pytest.fixture(scope="module")
def port(bank_with_dumps: tuple[Settings, Manifest]) -> Iterator[int]:
    """Yield the port of a server with one worker and one thread that builds responses."""
    settings, _manifest = bank_with_dumps
    values = {name: getattr(settings, field) for name, field in ENV_VARIABLES.items()}
    variables = {name: str(int(v) if isinstance(v, bool) else v) for name, v in values.items()}
    folder = Path(settings.dumps_dir).parent
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free_port: int = listener.getsockname()[1]
        descriptor = listener.fileno()
        command = [sys.executable, "-m", "biobank.app.worker", str(descriptor), "1"]
        worker = subprocess.Popen(
            command,
            env={**os.environ, **variables},
            cwd=folder,
            stdin=subprocess.PIPE,
            pass_fds=[descriptor],
        )
    with worker as server:
        try:
            wait_until(lambda: _is_live(server, free_port))
            yield free_port
        finally:
            server.terminate()


def _is_live(server: subprocess.Popen[bytes], port: int) -> bool:
    assert server.poll() is None, "the server ended"
    return fetch(port, "127.0.0.1", "/health/live")[0] == 200


def wait_until(condition: Callable[[], bool]) -> None:
    """Poll until the condition holds, for at most a minute."""
    end = time.monotonic() + 60
    while True:
        try:
            if condition():
                return
        except OSError:
            pass
        assert time.monotonic() < end
        time.sleep(0.1)


def fetch(port: int, address: str, path: str) -> tuple[int, HTTPResponse, bytes]:
    """Return status, headers and body of a request from `address` of this machine."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30, source_address=(address, 0))
    with closing(connection):
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response, response.read()


class SlowClient:
    """A client that reads only the beginning of the response until told to read on."""

    def __init__(self, port: int, address: str, path: str) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(30)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)
        self.socket.bind((address, 0))
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.response = HTTPResponse(self.socket)
        self.response.begin()

    def close(self) -> None:
        self.response.close()
        self.socket.close()


def test_slow_readers_block_nobody_and_get_the_full_response(
    port: int, bank_with_dumps: tuple[Settings, Manifest]
) -> None:
    file = bank_with_dumps[1].file(DUMP.rpartition("/")[2])
    assert file is not None
    with ExitStack() as readers:
        slow = [
            readers.enter_context(closing(SlowClient(port, f"127.0.0.{number}", path)))
            for number in range(2, 7)
            for path in (DUMP, EXPORT, EXPORT)
        ]
        assert [client.response.status for client in slow] == [200] * 15
        for path in ("/en/", "/api/v1/search?q=composer", "/dumps/SHA256SUMS", EXPORT, "/az/data"):
            assert fetch(port, "127.0.0.9", path)[0] == 200, path
        status, _answer, content = fetch(port, "127.0.0.9", DUMP)
        assert (status, sha256(content).hexdigest()) == (200, file.sha256)
        assert sha256(slow[0].response.read()).hexdigest() == file.sha256
        assert slow[1].response.read().count(b"\n") == int(slow[1].response.headers["X-Total-Count"])


def test_a_client_beyond_its_download_limit_may_retry_after_another_ends(port: int) -> None:
    with ExitStack() as readers:
        for _ in range(MAX_DOWNLOADS_PER_CLIENT):
            slow = readers.enter_context(closing(SlowClient(port, "127.0.0.20", DUMP)))
            assert slow.response.status == 200
        for path in (DUMP, EXPORT):
            status, response, _text = fetch(port, "127.0.0.20", path)
            assert (status, int(response.headers["Retry-After"])) == (429, 10)
        assert fetch(port, "127.0.0.20", "/en/")[0] == 200
        assert fetch(port, "127.0.0.21", DUMP)[0] == 200
    # A closed connection is noticed when the next chunk cannot be sent.
    wait_until(lambda: fetch(port, "127.0.0.20", DUMP)[0] == 200)


def test_range_and_conditional_requests_of_dumps(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    with closing(connection):
        connection.request("GET", DUMP, headers={"Range": "bytes=10-19"})
        part = connection.getresponse()
        assert (part.status, len(part.read())) == (206, 10)
        connection.request("GET", DUMP, headers={"If-None-Match": part.headers["ETag"]})
        not_modified = connection.getresponse()
        assert (not_modified.status, not_modified.read()) == (304, b"")


def test_slow_uploads_block_nobody_and_are_answered(port: int) -> None:
    request_head = (
        b"POST /api/v1/reconcile HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
    )
    body = b'queries={"a":{"query":"Nizami"}}'
    halves = body[:10], body[10:]
    with_length = [b"Content-Length: %d\r\n\r\n" % len(body) + halves[0], halves[1]]
    chunks = [b"%x\r\n%s\r\n" % (len(half), half) for half in halves]
    chunked = [b"Transfer-Encoding: chunked\r\n\r\n" + chunks[0], chunks[1] + b"0\r\n\r\n"]
    with ExitStack() as senders:
        slow = []
        for beginning, remainder in (with_length, chunked):
            sender = socket.create_connection(("127.0.0.1", port), 30)
            senders.enter_context(closing(sender)).sendall(request_head + beginning)
            slow.append((sender, remainder))
        for _ in range(3):
            assert fetch(port, "127.0.0.9", "/en/")[0] == 200
        for sender, remainder in slow:
            sender.sendall(remainder)
            response = senders.enter_context(closing(HTTPResponse(sender)))
            response.begin()
            assert (response.status, b"nizami" in response.read()) == (200, True)


def test_aborted_and_malformed_uploads_block_nobody(port: int) -> None:
    request_head = b"POST /api/v1/reconcile HTTP/1.1\r\nHost: localhost\r\n"
    for remainder in (b"Content-Length: 90\r\n\r\nqueries", b"Transfer-Encoding: chunked\r\n\r\nno\r\n"):
        for _ in range(3):
            with closing(socket.create_connection(("127.0.0.1", port), 30)) as sender:
                sender.sendall(request_head + remainder)
    assert fetch(port, "127.0.0.9", "/en/")[0] == 200


@pytest.mark.parametrize(
    ("path", "status", "media_type"),
    [
        ("/api/v1/reconcile", 413, "application/problem+json"),
        ("/en/sign-in", 413, "text/html"),
        # Rights and addresses are checked before the body.
        ("/api/v1/people", 401, "application/problem+json"),
        ("/en/nothing-here", 404, "text/html"),
    ],
)
def test_a_body_that_is_too_large_gets_a_page_or_a_problem(
    port: int, path: str, status: int, media_type: str
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("POST", path, b"x" * (MAX_BODY_BYTES + 1), headers)
        response = connection.getresponse()
        assert (response.status, response.headers.get_content_type()) == (status, media_type)
        text = response.read().decode()
    if status == 413:
        assert '"code": "too_large"' in text or "8 MB" in text


#: Beginnings of requests that hold a thread of a server that does not buffer.
BEGINNINGS = {
    "one byte": b"G",
    "head": b"GET /en/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    "body": b"POST /api/v1/reconcile HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\nque",
    "chunks": b"POST /api/v1/reconcile HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nqu",
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_300_unfinished_requests_of_one_client_keep_nobody_out(port: int, beginning: bytes) -> None:
    with ExitStack() as senders:
        for _ in range(300):
            sender = socket.create_connection(("127.0.0.1", port), 30, source_address=("127.0.0.30", 0))
            senders.enter_context(closing(sender)).sendall(beginning)
        for address in ("127.0.0.31", "127.0.0.30"):
            answers = [fetch(port, address, "/health/live")[0] for _ in range(20)]
            assert answers == [200] * 20


def test_300_unread_answers_of_one_client_keep_nobody_out(port: int) -> None:
    request = f"GET {DUMP} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    with ExitStack() as readers:
        for _ in range(300):
            reader = socket.create_connection(("127.0.0.1", port), 30, source_address=("127.0.0.40", 0))
            readers.enter_context(closing(reader)).sendall(request)
        assert [fetch(port, "127.0.0.41", "/en/")[0] for _ in range(20)] == [200] * 20


def test_an_address_has_its_connections_and_no_more(port: int) -> None:
    with ExitStack() as senders:
        connections = []
        for _ in range(MAX_CONNECTIONS_PER_NETWORK + 10):
            sender = socket.create_connection(("127.0.0.1", port), 30, source_address=("127.0.0.50", 0))
            senders.enter_context(closing(sender))
            connections.append(sender)
        assert [connection.recv(1) for connection in connections[:10]] == [b""] * 10
        connections[-1].sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connections[-1].recv(12) == b"HTTP/1.1 200"


def test_forwarded_headers_without_a_proxy_are_ignored(port: int) -> None:
    headers = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "foreign-host.example",
        "Forwarded": "host=foreign-host.example;proto=https",
        "SCRIPT_NAME": "/foreign-prefix",
        "SCRIPT-NAME": "/foreign-prefix",
    }
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/en/", headers=headers)
        response = connection.getresponse()
        text = response.read().decode()
    assert response.status == 200
    assert "foreign-" not in text
    assert f"https://127.0.0.1:{port}" not in text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Forwarded-Proto", "X-Real-IP", "Via"])
def test_metrics_do_not_answer_through_a_proxy_that_is_not_configured(port: int, header: str) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/metrics", headers={header: "192.0.2.1"})
        assert connection.getresponse().status == 403
    assert fetch(port, "127.0.0.1", "/metrics")[0] == 200
