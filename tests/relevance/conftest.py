"""The app over the whole seed, and its records."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from tests.relevance.oracle import RecordBank, load_bank
from tests.relevance.oracle_counts import CountOracle, build_oracle
from tests.support.apps import create_app


@pytest.fixture(scope="session")
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def record_bank(services: Services) -> RecordBank:
    return load_bank(services)


@pytest.fixture(scope="session")
def oracle(services: Services) -> CountOracle:
    return build_oracle(services)
