"""Behaviour of every URL: security headers, health checks, rejected requests."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from biobank.bootstrap import Services, make_services
from biobank.settings import Settings
from tests.support.apps import create_app


@pytest.fixture(scope="module")
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("address", ["/az/", "/api/v1/search", "/nothing-here", "/health/live"])
def test_every_response_has_the_strict_policy(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", ["/az/%00", "/api/v1/people/%00", "/az/search?q=%01", "/%ff"])
def test_control_characters_and_broken_utf8_are_rejected(client: FlaskClient, address: str) -> None:
    assert 400 <= client.get(address).status_code < 500


@pytest.mark.parametrize("host", ["a..b", "xn--a", "a" * 64, ".", "[", "a b", "ə..az", "-"])
@pytest.mark.parametrize(
    "address", ["/", "/az/", "/api/v1/search", "/nothing-here", "/people/uzeyir-hacibeyov"]
)
def test_a_malformed_host_is_rejected(app: Flask, host: str, address: str) -> None:
    # The test client parses the host itself. WSGI servers decode headers as Latin-1.
    environ = EnvironBuilder(path=address).get_environ() | {"HTTP_HOST": host.encode().decode("latin-1")}
    _body, status, _headers = run_wsgi_app(app, environ, buffered=True)
    assert not status.startswith("5")


def test_ready_reports_that_store_and_index_agree(client: FlaskClient) -> None:
    body = client.get("/health/ready").json
    assert body["status"] == "ok"
    assert body["agree"] is True
    assert body["people_in_store"] == body["people_in_index"] >= 80


def test_not_ready_without_an_index_gives_advice(bank: Settings, tmp_path: Path) -> None:
    services = make_services(replace(bank, index_dir=tmp_path / "none"))
    response = create_app(services).test_client().get("/health/ready")
    assert response.status_code == 503
    assert "biobank index rebuild" in response.json["detail"]
    services.close()


def test_not_ready_without_a_schema_gives_advice(bank: Settings, tmp_path: Path) -> None:
    services = make_services(replace(bank, database_url=f"sqlite:///{tmp_path}/empty.db"))
    response = create_app(services).test_client().get("/health/ready")
    assert response.status_code == 503
    assert "biobank db upgrade" in response.json["detail"]
    services.close()


@pytest.mark.parametrize("path", ["/health/ready", "/api/v1/people/nizami-gencevi", "/az/"])
def test_database_credentials_are_never_exposed(bank: Settings, path: str) -> None:
    database_url = "postgresql://some-user:its-word@127.0.0.1:1/some-database"
    services = make_services(replace(bank, database_url=database_url))
    response = create_app(services).test_client().get(path)
    assert response.status_code == 503
    for word in ("127.0.0.1", "port 1", "some-", "its-word"):
        assert word not in response.text
    services.close()


def test_metrics_report_the_number_of_people(client: FlaskClient) -> None:
    text = client.get("/metrics").get_data(as_text=True)
    assert "biobank_people " in text
    assert "biobank_outbox 0.0" in text


@pytest.mark.parametrize(
    "address", ["/api/v1/people/niyazi", "/api/v1/reconcile", "/people/niyazi", "/dumps/", "/oembed"]
)
def test_cors_preflight_allows_reading_from_any_site(client: FlaskClient, address: str) -> None:
    headers = {
        "Origin": "https://host.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    response = client.options(address, headers=headers)
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in response.headers["Access-Control-Allow-Methods"]
    allowed = response.headers["Access-Control-Allow-Headers"].casefold()
    assert "if-none-match" in allowed
    assert "authorization" not in allowed


@pytest.mark.parametrize("address", ["/az/", "/az/sign-in", "/en/desk/"])
def test_pages_send_no_cors_headers(client: FlaskClient, address: str) -> None:
    headers = {"Origin": "https://host.example", "Access-Control-Request-Method": "GET"}
    for response in (client.options(address, headers=headers), client.get(address, headers=headers)):
        assert not any(name.startswith("Access-Control") for name, _ in response.headers)


@pytest.mark.usefixtures("limited")
def test_retry_after_is_sent_only_with_a_refusal(client: FlaskClient) -> None:
    for address in ("/api/v1/search", "/people/niyazi", "/api/v1/people/nobody"):
        assert "Retry-After" not in client.get(address).headers
    headers = client.get("/api/v1/search").headers
    assert int(headers["X-RateLimit-Remaining"]) < int(headers["X-RateLimit-Limit"])
