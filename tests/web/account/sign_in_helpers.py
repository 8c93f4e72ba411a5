"""Helpers that create users with a password and sign in by the form."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from biobank.accounts import users
from biobank.accounts.identity import OPERATOR, anonymous
from biobank.bootstrap import Services
from tests.support.users import submit_form

EMAIL, PASSWORD = "nigar@example.az", "a carpet of Shirvan"


def add(services: Services, email: str, role: str) -> int:
    invitation = users.invite(services.database, OPERATOR, email, role)
    users.accept_invitation(services.database, anonymous(), invitation.key, "Nigar", PASSWORD)
    return invitation.user.id


def sign_in(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
    return submit_form(client, "/en/sign-in", email=email, password=password)


def shape(text: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text)
