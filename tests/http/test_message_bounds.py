"""The server and its proxies agree where a request ends: no request is hidden in the body of another."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import pytest

from biobank.http.middleware import Environ
from biobank.http.server import MAX_DISCARDED_BYTES
from tests.http.test_server import MAX_BODY_BYTES, running

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def paths() -> list[str]:
    return []


@pytest.fixture
def port(paths: list[str]) -> Iterator[int]:
    """Yield the port of a server that records the paths of its requests and reads no body."""

    def app(environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
        paths.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Length", "0")])
        return []

    with running(app) as server:
        yield server.socket.getsockname()[1]


def answer(port: int, request: bytes) -> bytes:
    with closing(socket.create_connection(("127.0.0.1", port), 30)) as connection:
        received = b""
        # The server may close a connection without reading all of it.
        with suppress(ConnectionError):
            connection.sendall(request)
        # ENOTCONN, if it has closed already, is no ConnectionError.
        with suppress(OSError):
            connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while chunk := connection.recv(4096):
                received += chunk
    return received


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 0, 0\r\n",
        b"Content-Length: 3\r\nContent-Length: 99\r\n",
        b"Content-Length: +3\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Content-Length: 3\nTransfer-Encoding: chunked\r\n",
    ],
)
def test_an_ambiguous_length_is_refused(port: int, paths: list[str], headers: bytes) -> None:
    received = answer(port, HEAD + headers + b"\r\n" + HIDDEN)
    assert received.split(b" ")[1] in (b"400", b"501")
    assert paths == []


def test_chunks_take_precedence_over_a_length(port: int, paths: list[str]) -> None:
    length = str(len(HIDDEN) + 5).encode()
    headers = b"Content-Length: " + length + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = f"{len(HIDDEN):x}\r\n".encode() + HIDDEN + b"\r\n0\r\n\r\n"
    answer(port, HEAD + headers + chunk)
    assert "/hidden" not in paths


@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, MAX_BODY_BYTES * 3, MAX_DISCARDED_BYTES + 1])
@pytest.mark.parametrize("start", [0, 8_192, MAX_BODY_BYTES])
def test_the_body_of_a_refused_request_is_not_read_as_requests(
    port: int, paths: list[str], size: int, start: int
) -> None:
    """The server drops a body that is too large; what it contains must not become a request."""
    body = b"x" * start + HIDDEN * 100
    answer(port, HEAD + f"Content-Length: {size}\r\n\r\n".encode() + body)
    assert "/hidden" not in paths


def test_chunks_of_a_refused_request_are_not_read_as_requests(port: int, paths: list[str]) -> None:
    chunk = f"{MAX_BODY_BYTES + 1:x}\r\n".encode() + b"x" * (MAX_BODY_BYTES + 1) + b"\r\n"
    answer(port, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk + HIDDEN * 100)
    assert "/hidden" not in paths
