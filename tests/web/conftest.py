"""Fixtures: the app with all seed data and a browser-like client."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from tests.support.apps import create_app


@pytest.fixture(scope="session")
def app(services: Services) -> Flask:
    return create_app(services)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
