"""Behaviour of every URL: security headers, health checks, rejected requests."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.app import create_app
from biobank.bootstrap import Services, make_services
from biobank.settings import Settings


@pytest.fixture(scope="module")
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("address", ["/az/", "/api/v1/search", "/nothing-here", "/health/live"])
def test_every_answer_carries_the_strict_policy(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", ["/az/%00", "/api/v1/people/%00", "/az/search?q=%01", "/%ff"])
def test_control_characters_and_broken_utf8_are_refused(client: FlaskClient, address: str) -> None:
    assert 400 <= client.get(address).status_code < 500


def test_ready_tells_that_store_and_index_agree(client: FlaskClient) -> None:
    body = client.get("/health/ready").json
    assert body["status"] == "ok"
    assert body["agree"] is True
    assert body["people_in_store"] == body["people_in_index"] >= 80


def test_not_ready_without_an_index_says_what_to_do(bank: Settings, tmp_path: Path) -> None:
    services = make_services(replace(bank, index_dir=tmp_path / "none"))
    response = create_app(services).test_client().get("/health/ready")
    assert response.status_code == 503
    assert "biobank index rebuild" in response.json["detail"]
    services.close()


def test_not_ready_without_a_schema_says_what_to_do(bank: Settings, tmp_path: Path) -> None:
    services = make_services(replace(bank, database_url=f"sqlite:///{tmp_path}/empty.db"))
    response = create_app(services).test_client().get("/health/ready")
    assert response.status_code == 503
    assert "biobank db upgrade" in response.json["detail"]
    services.close()


@pytest.mark.parametrize("path", ["/health/ready", "/api/v1/people/nizami-gencevi", "/az/"])
def test_where_the_store_is_and_who_asks_it_is_told_to_nobody(bank: Settings, path: str) -> None:
    where = "postgresql://some-user:its-word@127.0.0.1:1/some-database"
    services = make_services(replace(bank, database_url=where))
    response = create_app(services).test_client().get(path)
    assert response.status_code == 503
    for word in ("127.0.0.1", "port 1", "some-", "its-word"):
        assert word not in response.text
    services.close()


def test_metrics_tell_how_many_people_there_are(client: FlaskClient) -> None:
    text = client.get("/metrics").get_data(as_text=True)
    assert "biobank_people " in text
    assert "biobank_outbox 0.0" in text


@pytest.mark.parametrize(
    "address",
    ["/api/v1/people/niyazi", "/api/v1/reconcile", "/people/niyazi", "/dumps/", "/oembed"],
)
def test_a_browser_that_asks_first_may_read_from_any_site(
    client: FlaskClient, address: str
) -> None:
    asks = {
        "Origin": "https://host.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    answer = client.options(address, headers=asks)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]
    allowed = answer.headers["Access-Control-Allow-Headers"].casefold()
    assert "if-none-match" in allowed
    assert "authorization" not in allowed


@pytest.mark.parametrize("address", ["/az/", "/az/sign-in", "/en/desk/"])
def test_pages_of_people_are_open_to_no_other_site(client: FlaskClient, address: str) -> None:
    asks = {"Origin": "https://host.example", "Access-Control-Request-Method": "GET"}
    for answer in (client.options(address, headers=asks), client.get(address, headers=asks)):
        assert not any(name.startswith("Access-Control") for name, _ in answer.headers)


@pytest.mark.usefixtures("limited")
def test_only_who_is_to_come_back_is_told_when(client: FlaskClient) -> None:
    for address in ("/api/v1/search", "/people/niyazi", "/api/v1/people/nobody"):
        assert "Retry-After" not in client.get(address).headers
    headers = client.get("/api/v1/search").headers
    assert int(headers["X-RateLimit-Remaining"]) < int(headers["X-RateLimit-Limit"])
