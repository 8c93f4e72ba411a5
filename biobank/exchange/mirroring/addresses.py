"""Where a webhook may lead: to the public internet, and nowhere into the own network.

Whoever may add a webhook could otherwise have the bank ask what only its own network may ask. A
name is looked up at every message, and the connection goes to the very address that was judged:
what the name means a moment later does not matter.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from biobank.errors import BadAddress
from biobank.exchange.mirroring.models import ADDRESS_MOST

#: IPv4 written in IPv6 (RFC 6052), which leads wherever the IPv4 address in it does.
NAT64 = ip_network("64:ff9b::/96")
#: All of IPv6 that is given out to the internet (IANA); beside it lie IPv4 in other disguises,
#: site-local addresses, and whatever they invent next.
GIVEN_OUT = ip_network("2000::/3")
#: Of no network's own by the lists of older Pythons: IETF's assignments, books' examples.
SPECIAL = (ip_network("192.0.0.0/24"), ip_network("3fff::/20"))
PORTS = {"http": 80, "https": 443}
#: Ports below belong to mail, remote shells and such; of them only those of the web are asked.
FREE_PORTS = 1024

Address = IPv4Address | IPv6Address


@dataclass(frozen=True)
class Target:
    """An address in parts: `path` with its query, `ip` where the connection goes."""

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
    """Where `address` leads now; with `private` it may lead into the own network.

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
    """Whether everybody on the internet could ask there as well."""
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
    """Letters of ASCII that are seen: all else is written in percents, or hides something."""
    return all("!" <= letter <= "~" for letter in address) and "\\" not in address


def _looked_up(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        # Of an IPv6 address the scope behind % says which cable; it is judged without.
        return [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    except (OSError, UnicodeError) as error:
        raise BadAddress(f"Nobody knows the name {host}.", code="unknown_host") from error
