"""HTTP client of webhooks: certificates are checked, redirects ignored, time is bounded."""

import contextlib
from pathlib import Path

import pytest

from biobank.exchange.mirroring import posting
from biobank.exchange.mirroring.addresses import target_of
from biobank.exchange.mirroring.posting import NotTold, post
from tests.exchange.mirroring.receiver import certificate_for, receiver


def test_a_message_comes_with_its_headers_and_the_path_of_the_address() -> None:
    with receiver() as there:
        status = post(target_of(there.address, private=True), {"X-One": "1"}, b"told")
    assert status == 200
    (got,) = there.received
    assert (got.path, got.body, got.headers["x-one"]) == ("/changes?from=biobank", b"told", "1")
    assert got.headers["host"].startswith("127.0.0.1:")


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    with receiver() as there, receiver() as elsewhere:
        there.answers, there.location = [307], elsewhere.address
        assert post(target_of(there.address, private=True), {}, b"") == 307
    assert elsewhere.received == []


def test_a_certificate_has_to_be_known_and_of_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, other = (certificate_for(name, tmp_path) for name in ("localhost", "another.example"))
    with receiver(good, "localhost") as there:
        with pytest.raises(NotTold, match="untrusted"):
            post(target_of(there.address, private=True), {}, b"")
        monkeypatch.setenv("SSL_CERT_FILE", str(good))
        assert post(target_of(there.address, private=True), {}, b"told") == 200
        assert there.received[-1].body == b"told"
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    with receiver(other, "localhost") as there, pytest.raises(NotTold):
        post(target_of(there.address, private=True), {}, b"")


@pytest.mark.parametrize("beginning", [b"H", b"HTTP/1.1 200 OK\r\nX-Slow: "])
def test_an_answer_that_drips_for_ever_is_cut_off(
    beginning: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "WHOLE_MOST", 0.5)
    with receiver() as there:
        there.drip = beginning
        # The call must return; a receiver that sent status 200 first has accepted the message.
        with contextlib.suppress(NotTold):
            assert post(target_of(there.address, private=True), {}, b"") == 200


def test_nobody_there_is_told_in_a_line() -> None:
    with receiver() as there:
        address = there.address
    with pytest.raises(NotTold, match="refused"):
        post(target_of(address, private=True), {}, b"")
