"""Pages of passkeys: what they need, what they show, and that no Host header is believed."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.bootstrap import Services, make_services
from tests.support.apps import create_app
from tests.support.authenticator import Authenticator
from tests.support.pages import attributes, select, texts
from tests.support.users import csrf_token_in, fetch_csrf_token, submit_form
from tests.web.account.sign_in_helpers import EMAIL, PASSWORD, add, sign_in

SITE = "http://localhost:8000"
PATH = "/en/account/passkeys"


@pytest.fixture
def site_services(own_services: Services) -> Iterator[Services]:
    services = make_services(replace(own_services.settings, base_url=SITE))
    yield services
    services.close()


@pytest.fixture
def site(site_services: Services) -> Flask:
    """Return the app of a bank with a base URL, and one editor."""
    add(site_services, EMAIL, "editor")
    return create_app(site_services)


def fetch_options(client: FlaskClient, page: str, path: str) -> dict[str, object]:
    token = fetch_csrf_token(client, page)
    options: dict[str, object] = client.post(path, data={"csrf_token": token}).get_json()
    return options


def add_passkey(client: FlaskClient, name: str = "phone") -> Authenticator:
    """Add a passkey to the signed-in client as the script does."""
    page = submit_form(client, PATH, step="start", name=name, password=PASSWORD)
    assert page.status_code == 200
    (options,) = attributes(page.text, "form[data-passkey=create]", "data-options")
    authenticator = Authenticator(origin=SITE, rp_id="localhost")
    fields = {"csrf_token": csrf_token_in(page), "step": "add", "name": name}
    client.post(PATH, data={**fields, "response": authenticator.create(json.loads(options))})
    return authenticator


def test_a_passkey_is_added_named_and_listed(site: Flask) -> None:
    client = site.test_client()
    sign_in(client)
    before = client.get_cookie("biobank")
    add_passkey(client, "Nigar's phone")
    after = client.get_cookie("biobank")
    assert before
    assert after
    assert before.value != after.value
    page = client.get(PATH)
    assert texts(page.text, ".account-rows h2") == ["Nigar's phone"]
    assert "never used" in page.text
    old = site.test_client()
    old.set_cookie("biobank", before.value)
    assert old.get("/en/account").status_code == 303


def test_sign_in_starts_a_new_session(site: Flask) -> None:
    client = site.test_client()
    sign_in(client)
    authenticator = add_passkey(client)
    other = site.test_client()
    options = fetch_options(other, "/en/sign-in", "/en/sign-in/passkey.json")
    before = other.get_cookie("biobank")
    assert before
    reply = submit_form(other, "/en/sign-in", response=authenticator.get(options), next="/en/account")
    assert (reply.status_code, reply.location) == (303, "/en/account")
    assert other.get("/en/account").status_code == 200
    fixed = site.test_client()
    fixed.set_cookie("biobank", before.value)
    assert fixed.get("/en/account").status_code == 303


def test_the_password_needs_the_passkey_too(site: Flask) -> None:
    client = site.test_client()
    sign_in(client)
    authenticator = add_passkey(client)
    other = site.test_client()
    assert sign_in(other).location == "/en/sign-in/code"
    page = other.get("/en/sign-in/code")
    assert select(page.text, "form[data-passkey=get]")
    assert "Enter a recovery code." in page.text
    options = fetch_options(other, "/en/sign-in/code", "/en/sign-in/code/passkey.json")
    reply = submit_form(other, "/en/sign-in/code", response=authenticator.get(options))
    assert (reply.status_code, reply.location) == (303, "/en/desk")


def test_no_host_header_is_believed(site: Flask) -> None:
    client = site.test_client()
    sign_in(client)
    authenticator = add_passkey(client)
    other = site.test_client()
    token = fetch_csrf_token(other, "/en/sign-in")
    headers = {"Host": "localhost:9999", "X-Forwarded-Host": "evil.example"}
    options = other.post("/en/sign-in/passkey.json", data={"csrf_token": token}, headers=headers).get_json()
    assert options["rpId"] == "localhost"
    authenticator.origin = "http://localhost:9999"
    reply = other.post(
        "/en/sign-in", data={"csrf_token": token, "response": authenticator.get(options)}, headers=headers
    )
    assert reply.status_code == 422
    assert "This passkey was not accepted." in reply.text


def test_hosts_of_others_get_no_options(site: Flask) -> None:
    reply = site.test_client().post("/en/sign-in/passkey.json", headers={"Host": "evil.example"})
    assert reply.status_code == 400
    assert "rpId" not in reply.text


def test_options_need_the_token_of_the_form(site: Flask) -> None:
    client = site.test_client()
    for path in ("/en/sign-in/passkey.json", "/en/sign-in/code/passkey.json"):
        assert client.post(path).status_code == 400


def test_options_of_the_second_step_need_the_first(site: Flask) -> None:
    client = site.test_client()
    token = fetch_csrf_token(client, "/en/sign-in")
    assert client.post("/en/sign-in/code/passkey.json", data={"csrf_token": token}).status_code == 404


def test_the_error_is_at_the_field_of_the_row(site: Flask) -> None:
    client = site.test_client()
    sign_in(client)
    add_passkey(client)
    (passkey_id,) = attributes(client.get(PATH).text, "button[name=remove]", "value")
    page = submit_form(client, PATH, remove=passkey_id, password="not the password")
    assert page.status_code == 422
    assert texts(page.text, f"#password-{passkey_id}-error") == ["Incorrect password."]
    assert attributes(page.text, ".account-errors a", "href") == [f"#password-{passkey_id}"]
    assert not select(page.text, "#password-error")
    assert submit_form(client, PATH, remove=passkey_id, password=PASSWORD).status_code == 303
    assert not select(client.get(PATH).text, "button[name=remove]")


def test_without_a_base_url_there_are_no_passkeys(client: FlaskClient, nigar: int) -> None:
    assert not select(client.get("/en/sign-in").text, "form[data-passkey]")
    sign_in(client)
    page = client.get(PATH)
    assert "BIOBANK_BASE_URL" in page.text
    assert not select(page.text, "button[name=step]")
    assert (
        submit_form(client, PATH, form="/en/account", step="start", name="a", password=PASSWORD).status_code
        == 404
    )


def test_the_list_of_users_shows_the_second_factor(site: Flask, site_services: Services) -> None:
    client = site.test_client()
    sign_in(client)
    add_passkey(client)
    add(site_services, "admin@example.az", "admin")
    admin = site.test_client()
    sign_in(admin, "admin@example.az")
    page = admin.get("/en/users")
    assert page.text.count("two-factor authentication on") == 1
    assert select(page.text, "button[value=second_factor]")
    audit = admin.get("/en/users/audit?what=passkey_added")
    assert "passkey added" in audit.text
    assert "name: phone" in audit.text
