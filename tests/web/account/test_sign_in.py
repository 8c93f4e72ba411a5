"""Signing in and out as in a browser without scripts."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.bootstrap import Services, make_services
from tests.support.apps import create_app
from tests.support.pages import attributes, select
from tests.support.users import submit_form
from tests.web.account.sign_in_helpers import EMAIL, PASSWORD, shape, sign_in


def test_sign_in_and_out(client: FlaskClient, nigar: int) -> None:
    assert select(client.get("/en/").text, "a[href='/en/sign-in']")
    response = sign_in(client)
    assert (response.status_code, response.location) == (303, "/en/desk")
    page = client.get("/en/account")
    assert EMAIL in page.text
    assert select(client.get("/en/").text, "a[href='/en/account']")
    assert client.get("/en/sign-in").location == "/en/desk"
    assert submit_form(client, "/en/sign-out", form="/en/account").location == "/en/"
    assert client.get("/en/account").location == "/en/sign-in?next=/en/account"


def test_copied_cookie_is_invalid_after_sign_out(app: Flask, client: FlaskClient, nigar: int) -> None:
    sign_in(client)
    cookie = client.get_cookie("biobank")
    assert cookie
    thief = app.test_client()
    thief.set_cookie("biobank", cookie.value)
    assert thief.get("/en/account").status_code == 200
    submit_form(client, "/en/sign-out", form="/en/account")
    assert thief.get("/en/account").status_code == 303


def test_cookie_changes_at_sign_in(app: Flask, client: FlaskClient, nigar: int) -> None:
    client.get("/en/sign-in")
    before = client.get_cookie("biobank")
    sign_in(client)
    after = client.get_cookie("biobank")
    assert before
    assert after
    assert before.value != after.value
    fixed = app.test_client()
    fixed.set_cookie("biobank", before.value)
    assert fixed.get("/en/account").status_code == 303


def test_the_cookie_is_bound_to_the_scheme(client: FlaskClient, own_services: Services, nigar: int) -> None:
    plain = client.get("/en/sign-in").headers["Set-Cookie"]
    assert plain.startswith("biobank=")
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain
    secure = client.get("/en/sign-in", base_url="https://localhost").headers["Set-Cookie"]
    assert secure.startswith("__Host-biobank=")
    assert "Secure; HttpOnly; Path=/; SameSite=Lax" in secure
    assert "Domain" not in secure
    behind = make_services(replace(own_services.settings, base_url="https://bank.example.az"))
    response = create_app(behind).test_client().get("/en/sign-in")
    assert response.headers["Set-Cookie"].startswith("__Host-biobank=")
    behind.close()


def test_public_pages_set_no_cookie(client: FlaskClient, nigar: int) -> None:
    page = client.get("/en/")
    assert "Set-Cookie" not in page.headers
    assert "Cookie" not in page.headers.get("Vary", "")
    sign_in(client)
    page = client.get("/en/")
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in page.headers["Vary"]
    assert client.get("/en/account").headers["Cache-Control"] == "no-store"


def test_wrong_password_and_unknown_address_are_indistinguishable(client: FlaskClient, nigar: int) -> None:
    answers = []
    for email in (EMAIL, "nobody@example.az"):
        response = sign_in(client, email, "not the password")
        assert "Incorrect e-mail address or password." in response.text
        answers.append((response.status_code, shape(response.text.replace(email, ""))))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422


@pytest.mark.usefixtures("frozen_attempts_clock")
def test_too_many_attempts_are_rate_limited(client: FlaskClient, nigar: int) -> None:
    for _ in range(5):
        sign_in(client, password="not the password")
    response = sign_in(client)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) >= 1
    assert "Too many attempts" in response.text


@pytest.mark.usefixtures("frozen_attempts_clock")
def test_servers_share_the_attempt_counter(own_services: Services, nigar: int) -> None:
    second = make_services(own_services.settings)
    clients = [create_app(app_services).test_client() for app_services in (own_services, second)]
    statuses = [sign_in(clients[turn % 2], password="not the password").status_code for turn in range(6)]
    assert statuses == [422] * 5 + [429]
    second.close()


@pytest.mark.parametrize(
    ("next_path", "expected"),
    [
        ("/ru/people/nizami-gencevi", "/ru/people/nizami-gencevi"),
        ("/en/search?q=a&page=2", "/en/search?q=a&page=2"),
        ("//evil.example/", "/en/desk"),
        ("/\\evil.example/", "/en/desk"),
        ("https://evil.example/", "/en/desk"),
        ("javascript:alert(1)", "/en/desk"),
        ("evil.example", "/en/desk"),
        ("/\t/evil.example", "/en/desk"),
        ("http:/evil.example", "/en/desk"),
        ("//[", "/en/desk"),
    ],
)
def test_redirect_after_sign_in_is_local(
    client: FlaskClient, nigar: int, next_path: str, expected: str
) -> None:
    response = submit_form(client, "/en/sign-in", email=EMAIL, password=PASSWORD, next=next_path)
    assert response.location == expected


def test_anonymous_user_returns_after_sign_in(client: FlaskClient, nigar: int) -> None:
    location = client.get("/az/account/tokens?x=1").location
    assert location == "/az/sign-in?next=/az/account/tokens%3Fx%3D1"
    page = client.get(location)
    assert attributes(page.text, "[name=next]", "value") == ["/az/account/tokens?x=1"]
