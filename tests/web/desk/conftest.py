"""Fixtures of the desk: an isolated bank with a signed-in user of each role."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from tests.support.apps import create_app
from tests.support.users import add_user, signed_in_client


@pytest.fixture
def app(own_services: Services) -> Flask:
    return create_app(own_services)


@pytest.fixture
def contributor(own_services: Services) -> Identity:
    return add_user(own_services.database, "Aygün", "contributor")


@pytest.fixture
def editor(own_services: Services) -> Identity:
    return add_user(own_services.database, "Nigar", "editor")


@pytest.fixture
def admin(own_services: Services) -> Identity:
    return add_user(own_services.database, "Rəsul", "admin")


@pytest.fixture
def contributor_client(app: Flask, own_services: Services, contributor: Identity) -> FlaskClient:
    """Return the contributor's browser."""
    return signed_in_client(app, own_services.database, contributor)


@pytest.fixture
def editor_client(app: Flask, own_services: Services, editor: Identity) -> FlaskClient:
    """Return the editor's browser."""
    return signed_in_client(app, own_services.database, editor)


@pytest.fixture
def admin_client(app: Flask, own_services: Services, admin: Identity) -> FlaskClient:
    """Return the administrator's browser."""
    return signed_in_client(app, own_services.database, admin)
