"""Users, and clients in which they are signed in."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from biobank.access import KEY
from biobank.accounts import sessions, users
from biobank.accounts.identity import OPERATOR, Identity, Role, anonymous
from biobank.accounts.models import User
from biobank.store.session import Database

PASSWORD = "a carpet of Shirvan"


def add_user(database: Database, name: str, role: Role) -> Identity:
    """Create the user `name@example.az` and return the signed-in identity."""
    made = users.invite(database, OPERATOR, f"{name.lower()}@example.az", role)
    users.accept(database, anonymous(), made.key, name, PASSWORD)
    return Identity(role, "session", name, made.user.id, made.user.email)


def signed_in(app: Flask, database: Database, who: Identity) -> FlaskClient:
    """Return a client in which `actor` is signed in."""
    client = app.test_client()
    with database.write() as session:
        user = session.scalars(select(User).where(User.id == who.user_id)).one()
        key = sessions.start(session, user, anonymous(), "")
    with client.session_transaction() as cookie:
        cookie[KEY] = key
    return client


def csrf_of(client: FlaskClient, path: str) -> str:
    """Return the CSRF token of the page at `path`."""
    return csrf_in(client.get(path))


def csrf_in(page: TestResponse) -> str:
    """Return the CSRF token in a response."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def send(client: FlaskClient, path: str, *, form: str = "", **fields: object) -> TestResponse:
    """Submit a form found at `form` or `path`, as a browser without scripts does."""
    return client.post(path, data={"csrf_token": csrf_of(client, form or path), **fields})
