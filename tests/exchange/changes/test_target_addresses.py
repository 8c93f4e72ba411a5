"""Webhook addresses must be on the public internet, however they are written."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.errors import BadAddress
from biobank.exchange.changes.http_client import WebhookTarget, is_public, resolve_target

PUBLIC = ("1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101")
PRIVATE = (
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "64:ff9b:1::7f00:1",
    "::7f00:1",
    "::ffff:0:7f00:1",
    "fec0::1",
    "3fff::1",
    "5f00::1",
    "192.0.0.192",
)


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_accepted(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", PRIVATE)
def test_private_addresses_are_rejected(text: str) -> None:
    assert not is_public(ip_address(text))
    host = f"[{text}]" if ":" in text else text
    with pytest.raises(BadAddress) as refused:
        resolve_target(f"https://{host}/", allow_private=False)
    assert refused.value.code == "not_public"


@pytest.mark.parametrize(
    "host", ["localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "LOCALHOST.", "%31%32%37.1"]
)
def test_other_notations_of_loopback_are_rejected(host: str) -> None:
    with pytest.raises(BadAddress) as refused:
        resolve_target(f"https://{host}/", allow_private=False)
    assert refused.value.code in ("not_public", "unknown_host")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "bad_address"),
        ("example.org", "bad_address"),
        ("ftp://1.1.1.1/", "bad_address"),
        ("file:///etc/passwd", "bad_address"),
        ("gopher://1.1.1.1/", "bad_address"),
        ("http://1.1.1.1/", "not_https"),
        ("https://user:word@1.1.1.1/", "bad_address"),
        ("https://1.1.1.1@127.0.0.1/", "bad_address"),
        ("https://1.1.1.1/#part", "bad_address"),
        ("https://1.1.1.1:99999/", "bad_address"),
        ("https://1.1.1.1:0/", "bad_address"),
        ("https://1.1.1.1:25/", "bad_port"),
        ("https://1.1.1.1:1023/", "bad_port"),
        ("https://1.1.1.1/\r\nX-Injected: 1", "bad_address"),
        ("https://1.1.1.1\\@127.0.0.1/", "bad_address"),
        ("https://biobank.example/ə", "bad_address"),
        ("https://[::1", "bad_address"),
        ("https://1.1.1.1/" + "a" * 2000, "bad_address"),
        ("https://nobody-knows-this.invalid/", "unknown_host"),
    ],
)
def test_invalid_addresses_are_rejected(address: str, code: str) -> None:
    with pytest.raises(BadAddress) as refused:
        resolve_target(address, allow_private=False)
    assert refused.value.code == code


def test_connection_uses_the_checked_ip() -> None:
    assert resolve_target("https://1.1.1.1:8443/a?b=c", allow_private=False) == WebhookTarget(
        "https", "1.1.1.1", 8443, "/a?b=c", "1.1.1.1"
    )
    resolved = resolve_target("http://localhost:81", allow_private=True)
    assert (resolved.host, resolved.host_header, resolved.path) == ("localhost", "localhost:81", "/")
    assert ip_address(resolved.ip).is_loopback


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    # An unclosed bracket makes the host invalid, so nothing is resolved.
    try:
        target = resolve_target(f"https://[{text}", allow_private=False)
    except BadAddress:
        return
    assert not ip_address(target.ip).is_private
