"""The waitress server with its bounds, over small apps."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from biobank.http.middleware import Environ
from biobank.http.server import (
    IDLE_TIMEOUT_SECONDS,
    MAX_CONNECTIONS_PER_NETWORK,
    MAX_DISCARDED_BYTES,
    MAX_PIPELINED_REQUESTS,
    REQUEST_TIMEOUT_SECONDS,
    BoundedServer,
    Channel,
    make_server,
)
from tests.http.test_middleware import wait_until

MAX_BODY_BYTES = 100_000
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
Start = Callable[..., Any]


def describe(environ: Environ, start_response: Start) -> Iterable[bytes]:
    """Answer with what the app sees of the request."""
    seen = {name: value for name, value in environ.items() if isinstance(value, str)}
    body = json.dumps({**seen, "read": len(environ["wsgi.input"].read())}).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@contextmanager
def running(app: Any, *, behind_proxy: bool = False, watermark: int = 0) -> Iterator[BoundedServer]:
    """Run a server in a thread."""
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as listener:
        # Connections inherit it, so that little of an answer is in flight.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        server = make_server(app, listener, 4, MAX_BODY_BYTES, behind_proxy=behind_proxy)
        if watermark:
            server.adj.outbuf_high_watermark = watermark
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield server
        server.trigger.pull_trigger(lambda: close(server))
        thread.join(30)


def close(server: BoundedServer) -> None:
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    server.close()


def connect(server: BoundedServer, stack: ExitStack, content: bytes = b"") -> socket.socket:
    """Connect as a client that takes little at a time."""
    client = stack.enter_context(closing(socket.socket()))
    client.settimeout(30)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(server.socket.getsockname())
    client.sendall(content)
    return client


def only_channel(server: BoundedServer) -> Channel:
    wait_until(lambda: len(server.active_channels) == 1)
    (channel,) = server.active_channels.values()
    assert isinstance(channel, Channel)
    return channel


def is_closed(client: socket.socket) -> bool:
    """Return whether the server has closed the connection; fail by a time-out otherwise."""
    try:
        while client.recv(10_000):
            pass
        return True
    except ConnectionResetError:
        return True


def test_a_request_has_to_arrive_completely_in_time() -> None:
    with running(describe) as server, ExitStack() as stack:
        client = connect(server, stack, b"GET / HTTP/1.1\r\nX-Slow: a")
        channel = only_channel(server)
        wait_until(lambda: channel.request_started is not None)
        started = channel.request_started
        client.sendall(b"a")
        server.maintenance(time.time())
        assert channel.connected
        # A byte does not prolong the limit.
        assert channel.request_started == started
        channel.request_started = time.monotonic() - REQUEST_TIMEOUT_SECONDS - 1
        server.maintenance(time.time())
        assert is_closed(client)


def test_a_request_that_is_complete_has_no_time_limit() -> None:
    with running(describe) as server, ExitStack() as stack:
        client = connect(server, stack, GET)
        response = HTTPResponse(client)
        response.begin()
        response.read()
        assert only_channel(server).request_started is None


def test_an_answer_that_nobody_reads_is_spooled_to_a_bound_and_closed() -> None:
    spooled: list[int] = []
    ended = threading.Event()

    def app(environ: Environ, start_response: Start) -> Iterator[bytes]:
        start_response("200 OK", [])
        channel = only_channel(server)
        try:
            while True:
                spooled.append(channel.total_outbufs_len)
                yield b"x" * 10_000
        finally:
            ended.set()

    with running(app, watermark=100_000) as server, ExitStack() as stack:
        client = connect(server, stack, GET)
        channel = only_channel(server)
        wait_until(lambda: channel.total_outbufs_len > 100_000)
        server.maintenance(time.time())
        assert channel.connected
        server.maintenance(time.time() + IDLE_TIMEOUT_SECONDS + 60)
        assert ended.wait(30)
        assert max(spooled) <= 100_000 + 20_000
        assert client


def test_a_slow_reader_gets_the_whole_answer() -> None:
    def app(environ: Environ, start_response: Start) -> Iterator[bytes]:
        start_response("200 OK", [])
        for number in range(2_000):
            yield b"%09d\n" % number * 100

    with running(app, watermark=100_000) as server, ExitStack() as stack:
        client = connect(server, stack, GET)
        wait_until(lambda: only_channel(server).total_outbufs_len > 100_000)
        response = HTTPResponse(client)
        response.begin()
        assert response.read() == b"".join(b"%09d\n" % number * 100 for number in range(2_000))


def test_a_client_that_sends_many_requests_at_once_is_closed() -> None:
    with running(describe) as server, ExitStack() as stack:
        client = connect(server, stack, GET * (MAX_PIPELINED_REQUESTS * 3))
        wait_until(lambda: not server.active_channels)
        assert is_closed(client)
        few = connect(server, stack, GET * 3)
        content = b""
        while content.count(b"HTTP/1.1 200 OK") < 3:
            content += few.recv(10_000)


@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, MAX_BODY_BYTES * 20])
def test_the_app_answers_a_body_that_is_too_large(size: int) -> None:
    with running(describe) as server, closing(HTTPConnection(*server.socket.getsockname())) as connection:
        connection.request("POST", "/", b"x" * size)
        response = connection.getresponse()
        environ = json.loads(response.read())
        assert (environ["CONTENT_LENGTH"], environ["read"]) == (str(size), 0)
        assert response.headers["Connection"] == "close"
        connection.request("POST", "/", b"x" * MAX_BODY_BYTES)
        assert json.loads(connection.getresponse().read())["read"] == MAX_BODY_BYTES


@pytest.mark.parametrize(
    "head",
    [
        f"Content-Length: {MAX_DISCARDED_BYTES + 1}\r\n\r\n",
        f"Content-Length: {MAX_BODY_BYTES + 1}\r\nExpect: 100-continue\r\n\r\n",
        f"Transfer-Encoding: chunked\r\n\r\n{MAX_BODY_BYTES + 1:x}\r\n{'x' * (MAX_BODY_BYTES + 1)}",
    ],
    ids=["much too large", "expects to be asked", "chunked"],
)
def test_a_body_that_need_not_be_awaited_is_answered_at_once(head: str) -> None:
    with running(describe) as server, ExitStack() as stack:
        client = connect(server, stack, f"POST / HTTP/1.1\r\nHost: localhost\r\n{head}".encode())
        response = HTTPResponse(client)
        response.begin()
        assert int(json.loads(response.read())["CONTENT_LENGTH"]) > MAX_BODY_BYTES
        assert is_closed(client)


FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "bank.example", "X-Forwarded-For": "192.0.2.1"}


@pytest.mark.parametrize("behind_proxy", [True, False])
def test_forwarded_headers_reach_the_app_only_behind_a_proxy(behind_proxy: bool) -> None:
    with (
        running(describe, behind_proxy=behind_proxy) as server,
        closing(HTTPConnection(*server.socket.getsockname())) as connection,
    ):
        connection.request("GET", "/", headers=FORWARDED)
        environ = json.loads(connection.getresponse().read())
    names = [f"HTTP_{name.upper().replace('-', '_')}" for name in FORWARDED]
    assert [name in environ for name in names] == [behind_proxy] * len(FORWARDED)


@pytest.mark.parametrize("behind_proxy", [True, False])
def test_the_connections_of_a_proxy_are_not_limited_as_those_of_a_client(behind_proxy: bool) -> None:
    number = MAX_CONNECTIONS_PER_NETWORK + 20
    with running(describe, behind_proxy=behind_proxy) as server, ExitStack() as stack:
        clients = [connect(server, stack) for _ in range(number)]
        clients[-1].sendall(GET)
        assert clients[-1].recv(12) == b"HTTP/1.1 200"
        open_count = len(server.active_channels)
    assert open_count == (number if behind_proxy else MAX_CONNECTIONS_PER_NETWORK)
