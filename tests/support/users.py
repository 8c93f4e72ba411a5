"""Users, and clients in which they are signed in."""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from biobank.accounts import sessions, users
from biobank.accounts.identity import OPERATOR, Identity, Role, anonymous
from biobank.accounts.models import User
from biobank.http.auth import SESSION_KEY
from biobank.store.session import Database

PASSWORD = "a carpet of Shirvan"


def add_user(database: Database, name: str, role: Role) -> Identity:
    """Create the user `name@example.az` and return the signed-in identity."""
    link = users.invite(database, OPERATOR, f"{name.lower()}@example.az", role)
    users.accept_invitation(database, anonymous(), link.key, name, PASSWORD)
    return Identity(role, "session", name, link.user.id, link.user.email)


def signed_in_client(app: Flask, database: Database, actor: Identity) -> FlaskClient:
    """Return a client in which `actor` is signed in."""
    client = app.test_client()
    with database.write() as session:
        user = session.scalars(select(User).where(User.id == actor.user_id)).one()
        key = sessions.create_session(session, user, anonymous(), "")
    with client.session_transaction() as cookie:
        cookie[SESSION_KEY] = key
    return client


def fetch_csrf_token(client: FlaskClient, path: str) -> str:
    """Return the CSRF token of the page at `path`."""
    return csrf_token_in(client.get(path))


def csrf_token_in(page: TestResponse) -> str:
    """Return the CSRF token in a response."""
    match = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert match, page.text
    return match[1]


def submit_form(client: FlaskClient, path: str, *, form: str = "", **fields: object) -> TestResponse:
    """Submit a form found at `form` or `path`, as a browser without scripts does."""
    return client.post(path, data={"csrf_token": fetch_csrf_token(client, form or path), **fields})
