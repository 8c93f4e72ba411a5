"""Hosts that the server answers for: no answer contains a host that a client has invented."""

import socket
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from biobank.bootstrap import Services
from biobank.cli.serve import _default_hosts
from biobank.errors import BadSetting
from biobank.http.hosts import AllowedHosts
from biobank.http.security_headers import HOSTLESS_PATHS
from biobank.settings import Settings, load
from tests.accounts.matrix import TABLE
from tests.support.apps import create_app

BASE = "https://bank.example"
#: An address of every kind that anybody may read.
PATHS = sorted(
    (
        {
            case.address
            for (_endpoint, method), cases in TABLE.items()
            if method == "GET"
            for case in cases
            if "{" not in case.address
        }
        | {
            "/",
            "/robots.txt",
            "/sitemap.xml",
            "/.well-known/security.txt",
            "/nothing-here",
            "/api/v1/nothing",
        }
    )
    - set(HOSTLESS_PATHS)
)


def make_app(services: Services, **settings: object) -> Flask:
    return create_app(replace(services, settings=replace(services.settings, **settings)))


@pytest.fixture(scope="module")
def public_app(services: Services) -> Flask:
    """Return the app of a bank with a base URL."""
    return make_app(services, base_url=BASE)


def fetch(app: Flask, path: str, host: str, port: int = 8000, **headers: str) -> tuple[int, str]:
    """Return the status, and the headers and the body as text."""
    environ = EnvironBuilder(path=path.partition("?")[0], query_string=path.partition("?")[2]).get_environ()
    environ |= {"HTTP_HOST": host, "SERVER_PORT": str(port), **headers}
    body, status, response_headers = run_wsgi_app(app, environ, buffered=True)
    return int(status[:3]), f"{response_headers}\n{b''.join(body).decode('utf-8', 'replace')}"


@pytest.mark.parametrize("path", PATHS)
def test_no_answer_contains_a_foreign_host(services: Services, public_app: Flask, path: str) -> None:
    status, text = fetch(public_app, path, "evil-host.example")
    assert status == 400
    assert "BIOBANK_ALLOWED_HOSTS" in text
    assert "evil-host" not in text
    # A local host is accepted, but links are built from the base URL.
    status, text = fetch(public_app, path, "localhost:31337")
    assert status != 400 or "BIOBANK_ALLOWED_HOSTS" not in text
    assert "localhost:31337" not in text


@pytest.mark.parametrize("path", HOSTLESS_PATHS)
def test_monitors_may_ask_by_the_address_of_a_machine(public_app: Flask, path: str) -> None:
    status, text = fetch(public_app, path, "10.0.0.5:8000", REMOTE_ADDR="127.0.0.1")
    assert status == 200
    assert "10.0.0.5" not in text


@pytest.mark.parametrize(
    ("settings", "allowed", "refused"),
    [
        ({}, "localhost LOCALHOST:1 127.0.0.1:8000 127.0.0.2 [::1]:8000", "bank.example 10.0.0.1 [::2]"),
        (
            {"base_url": BASE},
            "bank.example Bank.Example:8000 localhost:5000",
            "bank.example:81 www.bank.example bank.example. bank.example:99999 x@bank.example 10.0.0.1",
        ),
        ({"base_url": "https://bank.example:443"}, "bank.example", "bank.example:81"),
        ({"base_url": "http://bank.example:81"}, "bank.example:81", "bank.example bank.example:82"),
        ({"base_url": "https://mədəniyyət.az"}, "xn--mdniyyt-fddbe.az", "mdniyyt.az"),
        (
            {"allowed_hosts": "10.0.0.1,bank.example:81,[::2]"},
            "10.0.0.1 10.0.0.1:8000 bank.example:81 [::2] [::2]:8000",
            "bank.example 10.0.0.1:81 localhost 127.0.0.1",
        ),
        ({"base_url": BASE, "allowed_hosts": "bank.az"}, "bank.example bank.az", "localhost"),
    ],
)
def test_hosts_of_settings(settings: dict[str, str], allowed: str, refused: str) -> None:
    hosts = AllowedHosts(Settings(**settings))  # type: ignore[arg-type]
    assert [host for host in allowed.split() if not hosts.allows(host, "8000")] == []
    assert [host for host in refused.split() if hosts.allows(host, "8000")] == []


def test_the_host_that_a_trusted_proxy_names_is_checked(services: Services, public_app: Flask) -> None:
    behind_proxy = make_app(services, base_url=BASE, trusted_proxies=1)
    for path in ("/en/", "/api/v1/people"):
        forwarded = {"HTTP_X_FORWARDED_HOST": "evil-host.example"}
        assert fetch(behind_proxy, path, "127.0.0.1:8000", **forwarded)[0] == 400
        status, text = fetch(behind_proxy, path, "evil-host.example", HTTP_X_FORWARDED_HOST="bank.example")
        assert (status, "evil-host" in text) == (200, False)
        status, text = fetch(public_app, path, "bank.example", **forwarded)
        assert (status, "evil-host" in text) == (200, False)


def test_the_api_answers_with_a_problem_document(public_app: Flask) -> None:
    assert "application/problem+json" in fetch(public_app, "/api/v1/people", "evil-host.example")[1]
    assert "text/plain" in fetch(public_app, "/en/", "evil-host.example")[1]


@pytest.fixture
def hosts_of_serve(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("BIOBANK_ALLOWED_HOSTS", "BIOBANK_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(socket, "gethostname", lambda: "archive")
    return monkeypatch


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", None),
        ("10.0.0.1", "10.0.0.1,localhost,127.0.0.1,[::1]"),
        ("0.0.0.0", "archive,localhost,127.0.0.1,[::1]"),
        ("::", "archive,localhost,127.0.0.1,[::1]"),
        ("fe80::1", "[fe80::1],localhost,127.0.0.1,[::1]"),
    ],
)
def test_serve_answers_for_the_host_that_it_listens_on(
    hosts_of_serve: pytest.MonkeyPatch, host: str, expected: str | None
) -> None:
    assert _default_hosts(host).get("BIOBANK_ALLOWED_HOSTS") == expected
    for name, value in _default_hosts(host).items():
        hosts_of_serve.setenv(name, value)
    assert load().allowed_hosts == (expected or "")
    hosts_of_serve.setenv("BIOBANK_BASE_URL", BASE)
    assert _default_hosts(host) == {}


def test_hosts_are_validated(hosts_of_serve: pytest.MonkeyPatch) -> None:
    hosts_of_serve.setenv("BIOBANK_ALLOWED_HOSTS", "Bank.Example, mədəniyyət.az:81,[::1]")
    assert load().allowed_hosts == "bank.example,xn--mdniyyt-fddbe.az:81,[::1]"
    for invalid in ("https://bank.example", "bank.example/", "a b", "a,,b", "*", "a..b", ":80"):
        hosts_of_serve.setenv("BIOBANK_ALLOWED_HOSTS", invalid)
        with pytest.raises(BadSetting, match="BIOBANK_ALLOWED_HOSTS must be host names"):
            load()
