"""Refused requests and errors: what is logged and what the client is shown."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from biobank.accounts import authentication
from biobank.accounts.identity import anonymous
from biobank.bootstrap import Services
from biobank.common import logs
from biobank.errors import BiobankError
from tests.support.apps import create_app
from tests.support.users import add_user, signed_in_client


@pytest.fixture
def app(own_services: Services) -> Iterator[Flask]:
    """Yield an application that logs warnings as JSON."""
    root, own = logging.getLogger(), logging.getLogger("biobank")
    before = (root.handlers, root.level, own.level)
    logs.configure(replace(own_services.settings, log_format="json", log_level="warning"))
    yield create_app(own_services)
    root.handlers = before[0]
    root.setLevel(before[1])
    own.setLevel(before[2])


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_refused_right_is_logged(
    app: Flask, own_services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    editor = add_user(own_services.database, "Nigar", "editor")
    client = signed_in_client(app, own_services.database, editor)
    assert client.get("/en/users").status_code == 403
    (line,) = lines(capsys)
    assert (line["event"], line["code"], line["level"]) == ("refused", "forbidden", "warning")
    assert (line["action"], line["role"], line["user"]) == ("see the users", "editor", editor.user_id)
    assert str(line["timestamp"]).endswith("Z")
    assert line["request_id"]


@pytest.mark.parametrize(
    ("method", "address", "code"),
    [
        ("POST", "/en/sign-in", "stale_form"),
        ("GET", "/api/v1/me", "not_signed_in"),
        ("POST", "/en/account", "not_signed_in"),
    ],
)
def test_attempts_to_bypass_a_control_are_logged(
    app: Flask, capsys: pytest.CaptureFixture[str], method: str, address: str, code: str
) -> None:
    app.test_client().open(address, method=method)
    assert [line["code"] for line in lines(capsys)] == [code]


def test_a_wrong_token_is_logged_without_the_token(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    app.test_client().get("/api/v1/me", headers={"Authorization": "Bearer bbk_wrong-token"})
    text = capsys.readouterr().err
    assert "bad_token" in text
    assert "wrong-token" not in text


@pytest.mark.usefixtures("frozen_attempts_clock", "app")
def test_a_refused_attempt_is_logged_without_the_address(
    own_services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(6):
        with pytest.raises(BiobankError):
            authentication.sign_in(own_services.database, anonymous("192.0.2.1"), "a@example.az", "wrong")
    text = capsys.readouterr().err
    assert "too_many_attempts" in text
    assert "192.0.2.1" not in text
    assert "a@example.az" not in text


@pytest.mark.parametrize("address", ["/broken", "/api/v1/broken"])
def test_an_unexpected_error_is_shown_without_details(app: Flask, address: str) -> None:
    def fail() -> str:
        raise RuntimeError("SELECT password FROM users; secret-of-the-server")

    app.add_url_rule(address, view_func=fail)
    assert not app.debug
    response = app.test_client().get(address)
    assert response.status_code == 500
    for word in ("Traceback", "RuntimeError", "secret-of-the-server", "SELECT", ".py"):
        assert word not in response.text


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("log_format", ["json", "text"])
def test_a_line_cannot_be_forged(
    own_services: Services,
    capsys: pytest.CaptureFixture[str],
    log_format: str,
) -> None:
    settings = replace(own_services.settings, log_format=log_format, log_private=True)
    own_services.settings = settings
    logs.configure(settings)
    app = create_app(own_services)
    app.test_client().get("/en/search?q=a%0A2026-01-01+info+forged")
    app.test_client().get("/en/x%0Aforged", headers={"X-Request-ID": "a b"})
    log = logging.getLogger("biobank.test")
    log.warning("refused", extra={"code": "a\nforged\x1b[31m"})
    log.warning("mail: %s", "a\nforged\x1b[31m\rforged\x85forged\u2028forged")
    try:
        raise ValueError("a\nforged\x1b[31m")
    except ValueError:
        log.exception("failed")
    for line in capsys.readouterr().err.splitlines():
        assert not line.startswith(("forged", "2026-01-01 info forged"))
        assert "\x1b" not in line


@pytest.mark.parametrize(
    "address", ["/en/invitation/secret-key-of-a-link", "/en/new-password/secret-key-of-a-link"]
)
def test_the_key_of_a_link_is_not_logged(
    app: Flask, own_services: Services, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    def fail(**_arguments: str) -> str:
        raise RuntimeError

    own_services.settings = replace(own_services.settings, log_private=True)
    logging.getLogger("biobank").setLevel(logging.INFO)
    client = app.test_client()
    client.get(address)
    for endpoint in ("account.invitation", "account.new_password"):
        app.view_functions[endpoint] = fail
    assert client.get(address).status_code == 500
    text = capsys.readouterr().err
    assert "RuntimeError" in text
    assert "secret-key-of-a-link" not in text


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(("proxies", "address"), [(0, "127.0.0.1"), (1, "203.0.113.9"), (2, "198.51.100.4")])
def test_the_address_is_that_of_the_nearest_trusted_proxy(
    own_services: Services, capsys: pytest.CaptureFixture[str], proxies: int, address: str
) -> None:
    settings = replace(own_services.settings, trusted_proxies=proxies, log_private=True, log_format="json")
    own_services.settings = settings
    logs.configure(settings)
    forwarded = {"X-Forwarded-For": "10.9.9.9, 198.51.100.4, 203.0.113.9", "X-Real-IP": "10.8.8.8"}
    create_app(own_services).test_client().get("/health/live", headers=forwarded)
    assert [line["address"] for line in lines(capsys)] == [address]
