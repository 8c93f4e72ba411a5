"""HTTP: the same tools, for known hosts and origins only, with bounded bodies and a read limit."""

import http.client
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest

from biobank.settings import Settings

#: A request of the protocol, which the server answers before any session.
LIST_TOOLS = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}})
JSON_HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def address(clients: Any, bank: Settings) -> Iterator[str]:
    with clients.start_http(bank) as started:
        yield started


def post(address: str, body: str, **headers: str) -> int:
    """Return the status of a request."""
    with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)) as connection:
        connection.request("POST", urlsplit(address).path, body, {**JSON_HEADERS, **headers})
        with connection.getresponse() as response:
            return response.status


def test_the_tools_answer_as_over_stdio(clients: Any, address: str, assistant: Any) -> None:
    with clients.connect(clients.Client(address)) as remote:
        for tool, arguments in (
            ("explore", {"q": "opera"}),
            ("search", {"q": "opera"}),
            ("person", {"person": "niyazi"}),
            ("statement", {"person": "niyazi", "statement": "birth"}),
            ("connections", {"person": "niyazi", "other": "uzeyir-hacibeyov"}),
            ("cite", {"person": "niyazi"}),
        ):
            assert remote.call(tool, **arguments) == assistant.call(tool, **arguments)
        assert "not_found" in remote.error("person", person="nobody")


def test_only_this_machine_is_listened_on(address: str) -> None:
    assert urlsplit(address).hostname == "127.0.0.1"


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Host", "evil.example", 421),
        ("Host", "127.0.0.1.evil.example:80", 421),
        ("Origin", "https://evil.example", 403),
        ("Origin", "null", 403),
        ("Content-Type", "text/plain", 400),
    ],
)
def test_foreign_pages_are_refused(address: str, header: str, value: str, status: int) -> None:
    assert post(address, LIST_TOOLS) == 200
    assert post(address, LIST_TOOLS, **{header: value}) == status


def test_a_large_body_is_refused(address: str) -> None:
    assert post(address, " " * (1024 * 1024 + 1)) == 413


def test_the_hosts_of_the_settings_are_accepted(clients: Any) -> None:
    from biobank.mcp.http_transport import transport_security

    settings = Settings(base_url="https://bank.example", allowed_hosts="10.0.0.5,intra.example:8443")
    security = transport_security(settings)
    assert {"bank.example", "10.0.0.5:*", "intra.example:8443"} <= set(security.allowed_hosts)
    assert "https://bank.example" in security.allowed_origins
    assert security.enable_dns_rebinding_protection


def test_a_client_network_beyond_the_limit_is_refused(clients: Any) -> None:
    from anyio.from_thread import start_blocking_portal

    from biobank.mcp.http_transport import ReadRateLimitMiddleware

    async def answer(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    limited = ReadRateLimitMiddleware(answer, "2 per day", proxies=0)

    def status(client: str) -> tuple[int, dict[bytes, bytes]]:
        messages: list[Any] = []

        async def send(message: Any) -> None:
            messages.append(message)

        scope = {"type": "http", "client": (client, 1), "headers": []}
        # In a thread of its own: browser tests of the same process leave a loop running in this one.
        with start_blocking_portal() as portal:
            portal.call(limited, scope, None, send)
        return messages[0]["status"], dict(messages[0]["headers"])

    assert [status("192.0.2.1")[0] for _ in range(2)] == [200, 200]
    refused, headers = status("192.0.2.1")
    assert refused == 429
    assert int(headers[b"retry-after"]) > 1
    assert status("192.0.2.2")[0] == 200


@pytest.mark.parametrize(
    ("proxies", "expected"), [(0, "192.0.2.9"), (1, "198.51.100.2"), (2, "198.51.100.1"), (3, "192.0.2.9")]
)
def test_the_client_behind_trusted_proxies_is_counted(clients: Any, proxies: int, expected: str) -> None:
    from biobank.mcp.http_transport import client_address

    headers = [(b"x-forwarded-for", b"198.51.100.1, 198.51.100.2")]
    assert (
        client_address({"type": "http", "client": ("192.0.2.9", 1), "headers": headers}, proxies) == expected
    )
