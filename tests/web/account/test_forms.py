"""Account forms: CSRF protection, permissions, input limits and escaping."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.profiles import scaled
from tests.support.users import csrf_token_in, fetch_csrf_token, submit_form
from tests.web.account.sign_in_helpers import EMAIL, PASSWORD, sign_in

POSTS = ("sign-in", "sign-in/code", "sign-out", "new-password", "invitation/x", "new-password/x")


@pytest.mark.parametrize("path", POSTS)
def test_form_without_csrf_token_is_refused(client: FlaskClient, path: str) -> None:
    for token in (None, "", "x", "x" * 10_000):
        response = client.post(f"/en/{path}", data={"csrf_token": token} if token else {})
        assert response.status_code == 400
        assert "The form could not be submitted" in response.text


def test_form_with_foreign_csrf_token_is_refused(app: Flask, nigar: int) -> None:
    mine, theirs = app.test_client(), app.test_client()
    sign_in(mine)
    token = fetch_csrf_token(theirs, "/en/sign-in")
    response = mine.post("/en/account", data={"csrf_token": token, "name": "Thief", "lang": "en"})
    assert response.status_code == 400


def test_permissions_are_checked_before_the_form(client: FlaskClient, nigar: int) -> None:
    assert client.post("/en/account").status_code == 401
    assert client.post("/en/users").status_code == 401
    sign_in(client)
    assert client.post("/en/users").status_code == 403
    assert client.post("/en/account").status_code == 400


@pytest.mark.parametrize("name", ["\x00", "a\x1fb", "\ufffd"])
def test_control_characters_are_refused(client: FlaskClient, nigar: int, name: str) -> None:
    sign_in(client)
    assert submit_form(client, "/en/account", name=name, lang="en").status_code == 400


def test_input_is_truncated_and_escaped(client: FlaskClient, nigar: int) -> None:
    sign_in(client)
    response = submit_form(client, "/en/account", name="x" * 400_000, lang="en")
    assert response.status_code == 422
    assert len(response.data) < 50_000
    payload = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>"
    assert submit_form(client, "/en/account", name=payload, lang="xx").status_code == 303
    for path in ("account", "account/sessions", "account/tokens"):
        assert "<script>alert" not in client.get(f"/en/{path}").text
    agent = {"User-Agent": payload * 100}
    assert client.get("/en/account/sessions", headers=agent).status_code == 200


@given(st.text(), st.text(), st.text())
@settings(max_examples=scaled(40))
def test_arbitrary_text_never_fails(client: FlaskClient, first: str, second: str, third: str) -> None:
    form = {"email": first, "password": second, "next": third, "new": first, "code": second}
    for path in ("sign-in", "sign-in/code", "new-password", "invitation/x", "new-password/x"):
        token = fetch_csrf_token(client, "/en/sign-in")
        data = {key: value.encode("utf-8", "replace") for key, value in form.items()}
        response = client.post(f"/en/{path}", data={**data, "csrf_token": token})
        assert response.status_code < 500
        assert response.status_code != 303 or response.location == "/en/sign-in"


def test_https_form_requires_same_host_referrer(client: FlaskClient, nigar: int) -> None:
    base = "https://localhost"
    page = client.get("/en/sign-in", base_url=base)
    data = {"csrf_token": csrf_token_in(page), "email": EMAIL, "password": PASSWORD}
    for referrer in (None, "https://evil.example/en/sign-in"):
        headers = {"Referer": referrer} if referrer else {}
        response = client.post("/en/sign-in", base_url=base, data=data, headers=headers)
        assert response.status_code == 400
    headers = {"Referer": f"{base}/en/sign-in"}
    response = client.post("/en/sign-in", base_url=base, data=data, headers=headers)
    assert response.location == "/en/desk"
    assert client.get("/en/account", base_url=base).status_code == 200
