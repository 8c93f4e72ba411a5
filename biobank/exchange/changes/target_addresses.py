"""Validation of webhook addresses: public internet hosts only, no internal networks.

This prevents server-side request forgery by people who may add webhooks. The host name is resolved
for every message, and the connection goes to the IP address that was checked, so that a later DNS
change has no effect.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

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
        raise BadAddress("A webhook's address begins with https://.", code="not_https")
    host, port = parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme]
    if not allow_private and port < FIRST_UNPRIVILEGED_PORT and port not in DEFAULT_PORTS.values():
        message = (
            f"Port {port} is no receiver's: 443 is, and those from {FIRST_UNPRIVILEGED_PORT} on."
        )
        raise BadAddress(message, code="bad_port")
    ips = _resolve_host(host, port)
    if not allow_private and not all(is_public(ip) for ip in ips):
        raise BadAddress(f"{host} lies in a network of its own.", code="not_public")
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
    return (
        ip.is_global
        and not ip.is_multicast
        and not any(ip in network for network in RESERVED_NETWORKS)
    )


def _split_address(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        is_valid = (
            parts.scheme in DEFAULT_PORTS
            and parts.hostname
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        is_valid = False
    if not is_valid or len(address) > MAX_WEBHOOK_ADDRESS_CHARS or not _is_plain(address):
        raise BadAddress("This is no address like https://example.org/changes.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadAddress("A webhook's address has no name, password or # in it.")
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
        raise BadAddress(f"Nobody knows the name {host}.", code="unknown_host") from error
