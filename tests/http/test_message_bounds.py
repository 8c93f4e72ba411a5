"""The server and its proxies agree where a request ends: no request is hidden in the body of another."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from waitress.server import create_server

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def paths() -> list[str]:
    return []


@pytest.fixture
def port(paths: list[str]) -> Iterator[int]:
    """Yield the port of a server that records the paths of its requests."""

    def app(environ: dict[str, str], start_response: object) -> list[bytes]:
        paths.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Length", "0")])  # type: ignore[operator]
        return []

    server = create_server(app, host="127.0.0.1", port=0, threads=1)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server.effective_port
    server.trigger.pull_trigger(server.close)
    server.task_dispatcher.shutdown()
    thread.join(10)


def answer(port: int, request: bytes) -> bytes:
    with closing(socket.create_connection(("127.0.0.1", port), 30)) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        received = b""
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
