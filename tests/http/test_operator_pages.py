"""Metrics are for this machine or the token; security.txt names the contact; request ids and lines."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from biobank.app.factory import create_app
from biobank.bootstrap import Services
from biobank.common import logs

TOKEN = "correct-horse-battery"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


def make_client(services: Services, **changes: Any) -> FlaskClient:
    services.settings = replace(services.settings, **changes)
    return create_app(services).test_client()


def test_metrics_answer_this_machine_only(own_services: Services) -> None:
    client = make_client(own_services)
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_overrides=ELSEWHERE).status_code == 403
    for header in ("X-Forwarded-For", "Forwarded"):
        assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403


def test_metrics_answer_the_token(own_services: Services) -> None:
    client = make_client(own_services, metrics_token=TOKEN)
    for token, status in ((TOKEN, 200), (TOKEN[:-1], 403), ("", 403), ("ə", 403)):
        headers = {"Authorization": f"Bearer {token}"}
        response = client.get("/metrics", headers=headers, environ_overrides=ELSEWHERE)
        assert response.status_code == status, token


def test_security_txt_names_the_contact(own_services: Services) -> None:
    assert make_client(own_services).get("/.well-known/security.txt").status_code == 404
    client = make_client(own_services, security_contact="mailto:safe@bank.example")
    response = client.get("/.well-known/security.txt")
    assert response.mimetype == "text/plain"
    assert response.text.startswith("Contact: mailto:safe@bank.example\nExpires: ")


@pytest.fixture
def restored_logging() -> Iterator[None]:
    root, own = logging.getLogger(), logging.getLogger("biobank")
    before = (root.handlers, root.level, own.level)
    yield
    root.handlers, root.level, own.level = before[0], before[1], own.level
    root.setLevel(before[1])
    own.setLevel(before[2])


@pytest.mark.usefixtures("restored_logging")
@pytest.mark.parametrize("private", [False, True])
def test_a_request_is_one_line(
    own_services: Services, private: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    client = make_client(own_services, log_format="json", log_private=private, trusted_proxies=1)
    logs.configure(own_services.settings)
    response = client.get("/en/search?q=nizami", headers={"X-Request-ID": "from-the-proxy"})
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    line = json.loads(lines[0])
    assert (line["method"], line["status"], line["level"]) == ("GET", 200, "info")
    assert line["route"].endswith("/search")
    assert line["request_id"] == response.headers["X-Request-ID"] == "from-the-proxy"
    assert line["ms"] >= 0
    assert ("nizami" in lines[0], "127.0.0.1" in lines[0]) == (private, private)


@pytest.mark.usefixtures("restored_logging")
def test_an_error_is_logged_with_one_traceback(
    own_services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(own_services)
    app.add_url_rule("/broken", view_func=lambda: 1 // 0)
    logs.configure(replace(own_services.settings, log_format="json"))
    assert app.test_client().get("/broken").status_code == 500
    assert capsys.readouterr().err.count("ZeroDivisionError: ") == 1


@pytest.mark.parametrize("proposed", ["a\tb-long-enough", "short", "x" * 65])
def test_a_request_id_is_not_just_anything(own_services: Services, proposed: str) -> None:
    client = make_client(own_services, trusted_proxies=1)
    response = client.get("/health/live", headers={"X-Request-ID": proposed})
    assert response.headers["X-Request-ID"] != proposed


def test_a_request_id_of_a_stranger_is_replaced(own_services: Services) -> None:
    response = make_client(own_services).get("/health/live", headers={"X-Request-ID": "from-a-stranger"})
    assert response.headers["X-Request-ID"] != "from-a-stranger"
