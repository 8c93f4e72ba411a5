"""Account pages: password fields, signing out, signatures, and fields that no form may set."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import Signer
from sqlalchemy import select

from biobank.accounts.models import SignIn, User
from biobank.bootstrap import Services
from biobank.http.auth import SchemeAwareSessionInterface
from tests.support.pages import select as elements
from tests.support.users import submit_form
from tests.web.account.sign_in_helpers import EMAIL, PASSWORD, add, sign_in

ACCOUNT_PAGES = ("account", "account/password", "account/second-factor", "account/sessions", "account/tokens")


def test_password_fields_are_masked_and_allow_password_managers(client: FlaskClient, nigar: int) -> None:
    pages = [client.get("/en/sign-in").text]
    sign_in(client)
    pages += [client.get(f"/en/{path}").text for path in ACCOUNT_PAGES[1:3]]
    for page in pages:
        fields = elements(page, "input[name=password], input[name=new]")
        assert fields
        for field in fields:
            assert field.get("type") == "password"
            assert field.get("autocomplete") in ("current-password", "new-password")
            assert not [name for name in field.attrib if name.startswith("on")]


@pytest.mark.parametrize("path", ACCOUNT_PAGES)
def test_every_account_page_has_a_button_to_sign_out(client: FlaskClient, nigar: int, path: str) -> None:
    sign_in(client)
    assert elements(client.get(f"/en/{path}").text, "form[action='/en/sign-out'] button")


def test_every_page_of_a_user_leads_to_the_account(client: FlaskClient, nigar: int) -> None:
    sign_in(client)
    for path in ("", "desk", "desk/records", "search", "desk/inbox"):
        assert elements(client.get(f"/en/{path}").text, "a[href='/en/account']"), path


def test_signing_out_clears_what_the_browser_stored(client: FlaskClient, nigar: int) -> None:
    sign_in(client)
    response = submit_form(client, "/en/sign-out", form="/en/account")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_changed_cookie_is_ignored(app: Flask, client: FlaskClient, nigar: int) -> None:
    sign_in(client)
    cookie = client.get_cookie("biobank")
    assert cookie
    payload, timestamp, signature = cookie.value.rsplit(".", 2)
    forged = [
        f"{payload}.{timestamp}.{signature[:-2]}AA",
        f"{payload[:-1]}x.{timestamp}.{signature}",
        f"{payload}.{timestamp}.",
        payload,
        "eyJhbGciOiJub25lIn0.e30.",
    ]
    for value in forged:
        thief = app.test_client()
        thief.set_cookie("biobank", value)
        assert thief.get("/en/account").status_code == 303, value


def test_signatures_use_sha_256() -> None:
    assert SchemeAwareSessionInterface.digest_method().name == "sha256"
    assert Signer("a key").digest_method().name == "sha256"


def test_signing_in_again_ends_the_previous_session(
    client: FlaskClient, own_services: Services, nigar: int
) -> None:
    page = client.get("/en/sign-in")
    assert page.status_code == 200
    sign_in(client)
    with own_services.database.read() as session:
        before = set(session.scalars(select(SignIn.key_hash)))
    response = submit_form(client, "/en/sign-in", form="/en/account", email=EMAIL, password=PASSWORD)
    assert response.status_code == 303
    with own_services.database.read() as session:
        after = set(session.scalars(select(SignIn.key_hash).where(SignIn.user_id == nigar)))
    assert len(after & before) == len(before) - 1


def test_no_form_sets_fields_that_are_not_its_own(
    client: FlaskClient, own_services: Services, nigar: int
) -> None:
    sign_in(client)
    other = add(own_services, "other@example.az", "contributor")
    foreign = {
        "role": "admin",
        "email": "x@example.az",
        "active": "",
        "id": str(other),
        "user_id": str(other),
    }
    assert submit_form(client, "/en/account", name="Nigar R.", lang="en", **foreign).status_code == 303
    with own_services.database.read() as session:
        user, untouched = session.get_one(User, nigar), session.get_one(User, other)
    assert (user.name, user.role, user.email, user.active) == ("Nigar R.", "editor", EMAIL, True)
    assert (untouched.name, untouched.role) == ("Nigar", "contributor")


def test_fields_of_a_form_are_not_read_from_the_address(client: FlaskClient, nigar: int) -> None:
    address = f"/en/sign-in?email={EMAIL}&password=a+carpet+of+Shirvan"
    assert submit_form(client, address, form="/en/sign-in", email="", password="").status_code == 422
    assert client.get(address).status_code == 200
    assert client.get("/en/account").status_code == 303


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "key"])
def test_a_token_in_the_address_is_ignored(
    client: FlaskClient, own_services: Services, nigar: int, name: str
) -> None:
    from biobank.accounts import tokens
    from biobank.accounts.identity import OPERATOR

    token = tokens.create_token_for(own_services.database, OPERATOR, nigar, "script", ["read"])
    assert client.get(f"/api/v1/me?{name}={token}").status_code == 401
