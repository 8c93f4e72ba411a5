"""One POST to one receiver: to the address that was judged, without redirects, in bounded time."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from biobank.exchange.mirroring.addresses import Target

#: Seconds for a connection, and for all of an exchange, however slowly the other side drips.
CONNECT_MOST, WHOLE_MOST = 5.0, 15.0

#: Why a message did not come through: no answer in time, nobody listens, a certificate that is not
#: to be trusted, or an exchange that broke off.
REASONS = ("late", "refused", "untrusted", "broken")


class NotTold(Exception):
    """The message did not come through; the text, of REASONS, says why."""


def post(target: Target, headers: Mapping[str, str], body: bytes) -> int:
    """The status that the receiver answers with. What it says besides is not read.

    Raises:
        NotTold: where no answer came.
    """
    connection = _connection(target)
    try:
        connection.connect()
        with _cut_off_after(WHOLE_MOST, connection.sock):
            connection.request(
                "POST", target.path, body=body, headers={"Host": target.host_header, **headers}
            )
            return connection.getresponse().status
    except (HTTPError, OSError, http.client.HTTPException, ValueError) as error:
        raise NotTold(_why(error)) from error
    finally:
        connection.close()


def _connection(target: Target) -> HTTPConnection:
    if target.scheme == "http":
        return HTTPConnection(target.ip, target.port, timeout=CONNECT_MOST)
    # The certificate has to be of the name, though the connection goes to a number.
    return HTTPSConnection(
        target.ip,
        target.port,
        timeout=CONNECT_MOST,
        server_hostname=target.host,
        assert_hostname=target.host,
        cert_reqs="CERT_REQUIRED",
    )


@contextlib.contextmanager
def _cut_off_after(seconds: float, sock: socket.socket) -> Iterator[None]:
    """Ends the exchange after that time: a timeout of a socket is only one of each step."""

    def cut() -> None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _why(error: Exception) -> str:
    # urllib3 wraps what the system said of a connection that did not come about.
    cause = error.__cause__ or error
    if isinstance(cause, TimeoutError):
        return "late"
    if isinstance(cause, ConnectionRefusedError):
        return "refused"
    return "untrusted" if isinstance(cause, ssl.SSLError) else "broken"
