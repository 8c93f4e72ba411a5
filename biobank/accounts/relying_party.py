"""The site as authenticators know it: WebAuthn's relying party."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

#: The only host for which browsers allow passkeys without HTTPS.
LOCAL_HOST = "localhost"
#: Ports that browsers leave out of an origin.
ORIGIN_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class RelyingParty:
    """The host that passkeys are bound to, and the origin of the pages that may use them."""

    id: str
    origin: str


def parse_relying_party(base_url: str) -> RelyingParty | None:
    """Return the relying party of the configured base URL; None if it cannot have passkeys.

    The host of a request is never used: whoever controls it could sign in with the answers that an
    authenticator gave to another site.
    """
    try:
        parts = urlsplit(base_url)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError:  # also UnicodeError
        return None
    is_secure = parts.scheme == "https" or (parts.scheme == "http" and host == LOCAL_HOST)
    if not host or not is_secure or _is_ip_address(host):
        return None
    suffix = "" if port in (None, ORIGIN_PORTS[parts.scheme]) else f":{port}"
    return RelyingParty(host, f"{parts.scheme}://{host}{suffix}")


def _is_ip_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
