"""Networks of clients, by which requests and attempts are counted."""

import ipaddress

#: Requests per client network; each process counts for itself, so the limit is never lower.
READ_RATE_LIMIT = "100 per second"
#: Length of an IPv6 prefix: a subscriber gets at least a /64, and with it 2^64 addresses.
IPV6_PREFIX_BITS = 64
#: Characters of an address that is none, for example of a Unix socket.
MAX_OPAQUE_ADDRESS_CHARS = 64


def client_network(ip_address: str) -> str:
    """Return the network of one subscriber: a single IPv4 address, or an IPv6 /64."""
    try:
        parsed = ipaddress.ip_address(ip_address)
    except ValueError:
        return ip_address[:MAX_OPAQUE_ADDRESS_CHARS]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), IPV6_PREFIX_BITS), strict=False))
