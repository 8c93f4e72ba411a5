"""HTTP client for webhooks: one POST to a checked IP address, no redirects, bounded time."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from biobank.exchange.changes.target_addresses import WebhookTarget

#: Timeouts in seconds of the connection and of the whole exchange, however slow the receiver.
CONNECT_TIMEOUT_SECONDS, TOTAL_TIMEOUT_SECONDS = 5.0, 15.0

#: Error codes: no response in time, connection refused, untrusted certificate, connection broken.
DELIVERY_ERRORS = ("late", "refused", "untrusted", "broken")


class DeliveryFailed(Exception):
    """The message was not delivered; the text is one of `DELIVERY_ERRORS`."""


def post(target: WebhookTarget, headers: Mapping[str, str], body: bytes) -> int:
    """Send a message and return the HTTP status; the response body is not read.

    Raises:
        DeliveryFailed: if there was no response.
    """
    connection = _make_connection(target)
    try:
        connection.connect()
        with _deadline(TOTAL_TIMEOUT_SECONDS, connection.sock):
            connection.request(
                "POST", target.path, body=body, headers={"Host": target.host_header, **headers}
            )
            return connection.getresponse().status
    except (HTTPError, OSError, http.client.HTTPException, ValueError) as error:
        raise DeliveryFailed(_error_code(error)) from error
    finally:
        connection.close()


def _make_connection(target: WebhookTarget) -> HTTPConnection:
    if target.scheme == "http":
        return HTTPConnection(target.ip, target.port, timeout=CONNECT_TIMEOUT_SECONDS)
    # The certificate must match the host name, although the connection goes to the IP address.
    return HTTPSConnection(
        target.ip,
        target.port,
        timeout=CONNECT_TIMEOUT_SECONDS,
        server_hostname=target.host,
        assert_hostname=target.host,
        cert_reqs="CERT_REQUIRED",
    )


@contextlib.contextmanager
def _deadline(seconds: float, sock: socket.socket) -> Iterator[None]:
    """Abort the exchange after `seconds`: a socket timeout limits only each step."""

    def abort() -> None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, abort)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _error_code(error: Exception) -> str:
    # urllib3 wraps the system error of a failed connection.
    cause = error.__cause__ or error
    if isinstance(cause, TimeoutError):
        return "late"
    if isinstance(cause, ConnectionRefusedError):
        return "refused"
    return "untrusted" if isinstance(cause, ssl.SSLError) else "broken"
