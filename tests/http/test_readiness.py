"""Readiness is refused with a damaged table, a full disk or an index of another state."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from biobank.app.factory import create_app
from biobank.bootstrap import Services
from biobank.http import health
from biobank.store import integrity, outbox
from biobank.store.session import Database


@pytest.fixture
def client(own_services: Services, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Return a client whose every question is answered by a check."""
    monkeypatch.setattr(health, "READINESS_SECONDS", 0)
    client = create_app(own_services).test_client()
    own_services.names.matcher()
    assert client.get("/health/ready").status_code == 200
    return client


@contextmanager
def full_disk() -> Iterator[None]:
    """Refuse to write files, as a full disk does: they may not grow beyond 1 KB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_missing_table_is_not_ready(client: FlaskClient, own_services: Services) -> None:
    with own_services.database.write() as session:
        session.execute(text("DROP TABLE worklist_counts"))
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "worklist_counts" in response.get_json()["detail"]


def test_a_full_disk_is_not_ready(client: FlaskClient) -> None:
    with full_disk():
        response = client.get("/health/ready")
    assert response.status_code == 503
    assert "disk" in response.get_json()["detail"]
    assert client.get("/health/ready").status_code == 200


def test_an_index_of_another_state_is_not_ready(client: FlaskClient, own_services: Services) -> None:
    with own_services.database.write() as session:
        session.execute(outbox.OutboxRow.__table__.delete())
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert "another state" in response.get_json()["detail"]


def test_questions_in_quick_succession_cost_one_check(
    own_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[object] = []

    def check(database: Database) -> None:
        checks.append(database)
        integrity.check_tables(database)

    monkeypatch.setattr(health, "check_tables", check)
    monkeypatch.setattr(health, "READINESS_SECONDS", 3_600)
    own_services.names.matcher()
    client = create_app(own_services).test_client()
    answers = [client.get("/health/ready") for _ in range(20)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
    assert len(checks) == 1
