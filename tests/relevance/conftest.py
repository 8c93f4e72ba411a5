"""The app over the whole seed, and its records."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.app import create_app
from biobank.bootstrap import Services
from tests.relevance.bank import Bank, read_bank


@pytest.fixture(scope="session")
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def store(services: Services) -> Bank:
    return read_bank(services)
