"""The hosts that the server answers for.

Without a public base URL, links are built from the Host header. A shared cache would pass on those
of a host that a client has invented, so only known hosts are accepted.
"""

import contextlib
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from biobank.settings import Settings

LOCALHOST = "localhost"
SCHEME_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Host:
    """A name or an address in lower case, and a port unless it is the usual one of the scheme."""

    name: str
    port: int | None

    @property
    def is_loopback(self) -> bool:
        if self.name == LOCALHOST:
            return True
        try:
            return ip_address(self.name).is_loopback
        except ValueError:
            return False


def parse_host(text: str) -> Host:
    """Return the host of a header or a setting: `bank.example`, `bank.example:8080`, `[::1]:8000`.

    Raises:
        ValueError: If it is malformed.
    """
    parts = urlsplit(f"//{text}")
    if parts.netloc != text or "@" in text or not parts.hostname:
        raise ValueError(text)
    return Host(parts.hostname, parts.port)


class AllowedHosts:
    """The hosts of the settings.

    Those of this machine, at any port, are among them unless a list is configured: without one, links
    are built from the base URL, or the bank is not public.
    """

    def __init__(self, settings: Settings) -> None:
        names = [name for name in settings.allowed_hosts.split(",") if name]
        self._hosts = {parse_host(name) for name in names}
        self._accepts_loopback = not names
        if settings.base_url:
            self._hosts.add(_base_host(settings.base_url))

    def __contains__(self, host: Host) -> bool:
        return host in self._hosts or (self._accepts_loopback and host.is_loopback)

    def allows(self, text: str, server_port: str) -> bool:
        """Return whether the server answers for a host header; its own port need not be configured."""
        try:
            host = parse_host(text)
        except ValueError:
            return False
        return host in self or (str(host.port) == server_port and Host(host.name, None) in self)


def _base_host(base_url: str) -> Host:
    """Return the host as browsers name it: without the usual port, in ASCII."""
    parts = urlsplit(base_url)
    name, port = parts.hostname or "", parts.port
    with contextlib.suppress(UnicodeError):
        name = name.encode("idna").decode("ascii")
    return Host(name, None if port == SCHEME_PORTS.get(parts.scheme) else port)
