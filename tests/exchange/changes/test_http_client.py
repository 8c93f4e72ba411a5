"""HTTP client of webhooks: certificates are checked, redirects ignored, time is bounded."""

import contextlib
from pathlib import Path

import pytest

from biobank.exchange.changes import http_client
from biobank.exchange.changes.http_client import DeliveryFailed, post, resolve_target
from tests.exchange.changes.webhook_receiver import make_certificate, run_receiver


def test_message_has_headers_and_path() -> None:
    with run_receiver() as server:
        status = post(resolve_target(server.address, allow_private=True), {"X-One": "1"}, b"told")
    assert status == 200
    (request,) = server.received
    assert (request.path, request.body, request.headers["x-one"]) == ("/changes?from=biobank", b"told", "1")
    assert request.headers["host"].startswith("127.0.0.1:")


def test_redirects_are_not_followed() -> None:
    with run_receiver() as server, run_receiver() as elsewhere:
        server.statuses, server.location = [307], elsewhere.address
        assert post(resolve_target(server.address, allow_private=True), {}, b"") == 307
    assert elsewhere.received == []


def test_certificate_must_be_trusted_and_match_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, mismatched = (make_certificate(name, tmp_path) for name in ("localhost", "another.example"))
    with run_receiver(good, "localhost") as server:
        with pytest.raises(DeliveryFailed, match="untrusted"):
            post(resolve_target(server.address, allow_private=True), {}, b"")
        monkeypatch.setenv("SSL_CERT_FILE", str(good))
        assert post(resolve_target(server.address, allow_private=True), {}, b"told") == 200
        assert server.received[-1].body == b"told"
    monkeypatch.setenv("SSL_CERT_FILE", str(mismatched))
    with run_receiver(mismatched, "localhost") as server, pytest.raises(DeliveryFailed):
        post(resolve_target(server.address, allow_private=True), {}, b"")


@pytest.mark.parametrize("start", [b"H", b"HTTP/1.1 200 OK\r\nX-Slow: "])
def test_endless_response_is_aborted(start: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "TOTAL_TIMEOUT_SECONDS", 0.5)
    with run_receiver() as server:
        server.endless_start = start
        # The call must return; a receiver that sent status 200 first has accepted the message.
        with contextlib.suppress(DeliveryFailed):
            assert post(resolve_target(server.address, allow_private=True), {}, b"") == 200


def test_refused_connection_is_reported() -> None:
    with run_receiver() as server:
        address = server.address
    with pytest.raises(DeliveryFailed, match="refused"):
        post(resolve_target(address, allow_private=True), {}, b"")
