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
from biobank.exchange.mirroring.models import ADDRESS_MOST

#: IPv4 addresses embedded in IPv6 (RFC 6052).
NAT64 = ip_network("64:ff9b::/96")
#: The global unicast range of IPv6 (IANA). Outside it lie other embeddings of IPv4, site-local
#: addresses and ranges reserved for future use.
GIVEN_OUT = ip_network("2000::/3")
#: Reserved ranges that older versions of Python consider global: IETF assignments and
#: documentation.
SPECIAL = (ip_network("192.0.0.0/24"), ip_network("3fff::/20"))
PORTS = {"http": 80, "https": 443}
#: First port allowed besides 80 and 443; lower ones belong to mail, remote shells and similar.
FREE_PORTS = 1024

Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Target:
    """A resolved address: `path` includes the query, `ip` is where the connection goes."""

    scheme: str
    host: str
    port: int
    path: str
    ip: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(address: str, *, private: bool) -> Target:
    """Resolve and check `address`; `allow_private` permits internal networks and HTTP.

    Raises:
        BadAddress: bad_address, not_https, bad_port, not_public or unknown_host.
    """
    parts = _parts(address)
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise BadAddress("A webhook's address begins with https://.", code="not_https")
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    if not private and port < FREE_PORTS and port not in PORTS.values():
        message = f"Port {port} is no receiver's: 443 is, and those from {FREE_PORTS} on."
        raise BadAddress(message, code="bad_port")
    found = _looked_up(host, port)
    if not private and not all(is_public(ip) for ip in found):
        raise BadAddress(f"{host} lies in a network of its own.", code="not_public")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, str(found[0]))


def is_public(ip: Address) -> bool:
    """Return whether an IP address is reachable from the whole internet."""
    if isinstance(ip, IPv6Address):
        within = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if within or ip in NAT64:
            return is_public(within or IPv4Address(ip.packed[-4:]))
        if ip not in GIVEN_OUT:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in part for part in SPECIAL)


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        known = parts.scheme in PORTS and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        known = False
    if not known or len(address) > ADDRESS_MOST or not _is_plain(address):
        raise BadAddress("This is no address like https://example.org/changes.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadAddress("A webhook's address has no name, password or # in it.")
    return parts


def _is_plain(address: str) -> bool:
    """Return whether the address is visible ASCII; other characters must be percent-encoded."""
    return all("!" <= letter <= "~" for letter in address) and "\\" not in address


def _looked_up(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        # The scope of an IPv6 address (after %) names an interface and is not part of the check.
        return [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    except (OSError, UnicodeError) as error:
        raise BadAddress(f"Nobody knows the name {host}.", code="unknown_host") from error
