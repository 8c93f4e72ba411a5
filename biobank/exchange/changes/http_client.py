"""HTTP client for webhooks: one signed POST to a checked IP address, no redirects, bounded time.

Signatures are those of Standard Webhooks 1.0: HMAC-SHA256 with a shared secret,
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import contextlib
import http.client
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from standardwebhooks import Webhook
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from biobank.errors import BadAddress
from biobank.exchange.changes.models import MAX_WEBHOOK_ADDRESS_CHARS

#: IPv4 addresses embedded in IPv6 (RFC 6052).
NAT64 = ip_network("64:ff9b::/96")
#: The global unicast range of IPv6 (IANA). Outside it lie other embeddings of IPv4, site-local
#: addresses and ranges reserved for future use.
GLOBAL_UNICAST = ip_network("2000::/3")
#: Reserved ranges that older versions of Python consider global: IETF assignments and
#: documentation.
RESERVED_NETWORKS = (ip_network("192.0.0.0/24"), ip_network("3fff::/20"))
DEFAULT_PORTS = {"http": 80, "https": 443}
#: First port allowed besides 80 and 443; lower ones belong to mail, remote shells and similar.
FIRST_UNPRIVILEGED_PORT = 1024

IpAddress = IPv4Address | IPv6Address


@dataclass(frozen=True)
class WebhookTarget:
    """A resolved address: `path` includes the query, `ip` is where the connection goes."""

    scheme: str
    host: str
    port: int
    path: str
    ip: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def resolve_target(address: str, *, allow_private: bool) -> WebhookTarget:
    """Resolve and check `address`; `allow_private` permits internal networks and HTTP.

    Raises:
        BadAddress: bad_address, not_https, bad_port, not_public or unknown_host.
    """
    parts = _split_address(address)
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        raise BadAddress("The address of a webhook must start with https://.", code="not_https")
    host, port = parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme]
    if not allow_private and port < FIRST_UNPRIVILEGED_PORT and port not in DEFAULT_PORTS.values():
        message = f"Port {port} is not allowed. Use 443, or {FIRST_UNPRIVILEGED_PORT} or higher."
        raise BadAddress(message, code="bad_port")
    ips = _resolve_host(host, port)
    if not allow_private and not all(is_public(ip) for ip in ips):
        raise BadAddress(f"{host} is in a private network.", code="not_public")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return WebhookTarget(parts.scheme, host, port, path, str(ips[0]))


def is_public(ip: IpAddress) -> bool:
    """Return whether an IP address is reachable from the whole internet."""
    if isinstance(ip, IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if embedded or ip in NAT64:
            return is_public(embedded or IPv4Address(ip.packed[-4:]))
        if ip not in GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in RESERVED_NETWORKS)


def _split_address(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        is_valid = parts.scheme in DEFAULT_PORTS and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        is_valid = False
    if not is_valid or len(address) > MAX_WEBHOOK_ADDRESS_CHARS or not _is_plain(address):
        raise BadAddress("Not a valid address, such as https://example.org/changes.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadAddress("The address of a webhook must not contain a user name, a password or #.")
    return parts


def _is_plain(address: str) -> bool:
    """Return whether the address is visible ASCII; other characters must be percent-encoded."""
    return all("!" <= char <= "~" for char in address) and "\\" not in address


def _resolve_host(host: str, port: int) -> list[IpAddress]:
    try:
        results = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        # The scope of an IPv6 address (after %) names an interface and is not part of the check.
        return [ip_address(str(result[4][0]).partition("%")[0]) for result in results]
    except (OSError, UnicodeError) as error:
        raise BadAddress(f"Unknown host: {host}.", code="unknown_host") from error


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


_WEBHOOK_KEY_INFO = b"biobank: webhook, v1"
_SECRET_BYTES = 32


def derive_secret(bank_key: str, salt: str) -> bytes:
    """Derive the secret of one receiver; the stored salt alone is not enough to do so."""
    derived = HKDF(SHA256(), _SECRET_BYTES, salt=salt.encode("ascii"), info=_WEBHOOK_KEY_INFO)
    return derived.derive(bank_key.encode())


def encode_secret(secret: bytes) -> str:
    """Encode the secret in the format of receivers' libraries."""
    return "whsec_" + b64encode(secret).decode("ascii")


def signature_headers(secret: bytes, message_id: str, sent_at: datetime, body: bytes) -> Mapping[str, str]:
    """Return the headers with the id, timestamp and signature of a message."""
    # The library takes any time for one in UTC, whatever its zone.
    sent_at = sent_at.astimezone(UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, sent_at, body.decode()),
    }
