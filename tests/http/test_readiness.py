"""Readiness is refused with a damaged table, a full disk or an index of another state."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from biobank.app.factory import create_app
from biobank.bootstrap import Services
from biobank.store import outbox


@pytest.fixture
def client(own_services: Services) -> FlaskClient:
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
