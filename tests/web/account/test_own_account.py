"""The user's own account: second factor, password, sessions, tokens."""

import re

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from biobank.accounts.models import User
from biobank.bootstrap import Services
from tests.support.pages import attributes, select, text_at, texts
from tests.support.users import fetch_csrf_token, submit_form
from tests.web.account.sign_in_helpers import EMAIL, PASSWORD, sign_in


def test_second_factor_setup_and_sign_in(
    app: Flask, client: FlaskClient, own_services: Services, nigar: int
) -> None:
    sign_in(client)
    path = "/en/account/second-factor"
    assert submit_form(client, path, step="start", password="not the password").status_code == 422
    assert submit_form(client, path, step="start", password=PASSWORD).status_code == 303
    page = client.get(path)
    assert select(page.text, "svg.qr")
    totp = pyotp.TOTP(text_at(page.text, ".account-secret"))
    assert submit_form(client, path, step="confirm", code="000000").status_code == 422
    response = submit_form(client, path, step="confirm", code=totp.now())
    codes = texts(response.text, ".account-codes code")
    assert len(codes) == 10
    assert all(re.fullmatch("[a-z2-9-]{34}", code) for code in codes)
    assert codes[0] not in client.get(path).text
    with own_services.database.write() as session:
        session.execute(update(User).values(totp_step=0))
    other_client = app.test_client()
    reply = submit_form(other_client, "/en/sign-in", email=EMAIL, password=PASSWORD, next="/en/browse/")
    assert reply.location == "/en/sign-in/code"
    assert other_client.get("/en/account").status_code == 303
    assert submit_form(other_client, "/en/sign-in/code", code="000000").status_code == 422
    assert submit_form(other_client, "/en/sign-in/code", code=totp.now()).location == "/en/browse/"
    assert other_client.get("/en/account").status_code == 200
    third = app.test_client()
    sign_in(third)
    assert submit_form(third, "/en/sign-in/code", code=codes[0]).location == "/en/desk"
    assert submit_form(client, path, step="drop", password=PASSWORD).status_code == 303
    assert not select(client.get(path).text, "svg.qr")
    assert other_client.get("/en/sign-in/code").location == "/en/sign-in"


def test_password_change_ends_other_sessions(app: Flask, client: FlaskClient, nigar: int) -> None:
    other_client = app.test_client()
    sign_in(other_client)
    sign_in(client)
    path = "/en/account/password"
    assert submit_form(client, path, password="wrong wrong", new="a kilim of Quba").status_code == 422
    assert submit_form(client, path, password=PASSWORD, new="1234567890").status_code == 422
    response = submit_form(client, path, password=PASSWORD, new="a kilim of Quba")
    assert response.location == "/en/account/password?done=1"
    assert client.get("/en/account").status_code == 200
    assert other_client.get("/en/account").status_code == 303


def test_sessions_are_listed_and_ended(app: Flask, client: FlaskClient, nigar: int) -> None:
    other_client = app.test_client()
    sign_in(other_client)
    sign_in(client)
    page = client.get("/en/account/sessions")
    ids = attributes(page.text, "button[name=session]", "value")
    assert ids
    assert submit_form(client, "/en/account/sessions", session="999999").status_code == 404
    assert submit_form(client, "/en/account/sessions", session="٣").status_code == 404
    for session_id in ids:
        assert submit_form(client, "/en/account/sessions", session=session_id).status_code == 303
    assert other_client.get("/en/account").status_code == 303
    assert client.get("/en/account").status_code == 200


def test_user_agent_is_described(client: FlaskClient, nigar: int) -> None:
    descriptions = {
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox, Linux",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1": "Safari, iPhone",
        "curl/8.0": "curl/8.0",
    }
    for agent, name in descriptions.items():
        token = fetch_csrf_token(client, "/en/sign-in")
        data = {"csrf_token": token, "email": EMAIL, "password": PASSWORD}
        client.post("/en/sign-in", data=data, headers={"User-Agent": agent})
        sessions = texts(client.get("/en/account/sessions").text, ".account-rows li > p")
        assert f"{name} this browser" in sessions
        submit_form(client, "/en/sign-out", form="/en/account")


def test_token_is_created_used_and_revoked(client: FlaskClient, nigar: int) -> None:
    sign_in(client)
    path = "/en/account/tokens"
    assert submit_form(client, path, name="script", password=PASSWORD).status_code == 422
    assert submit_form(client, path, name="script", scopes="admin", password=PASSWORD).status_code == 422
    refused = submit_form(client, path, name="script", scopes="read", password="another password")
    assert refused.status_code == 422
    assert "Incorrect password." in refused.text
    assert attributes(refused.text, "input[name=scopes][checked]", "value") == ["read"]
    refused = submit_form(client, path, name="script", scopes="read", days="366", password=PASSWORD)
    assert texts(refused.text, "#days-error") == ["Enter 1 to 365 days."]
    fields = {"name": "script", "scopes": ["read", "write"], "days": "90"}
    page = submit_form(client, path, password=PASSWORD, **fields)
    match = re.search(r"bbk_[\w-]+", page.text)
    assert match
    headers = {"Authorization": f"Bearer {match[0]}"}
    me = client.get("/api/v1/me", headers=headers)
    assert me.json == {"email": EMAIL, "name": "Nigar", "role": "editor", "scopes": ["read", "write"]}
    assert me.headers["Cache-Control"] == "no-store"
    listed = client.get(path)
    assert match[0] not in listed.text
    (token_id,) = attributes(listed.text, "button[name=token]", "value")
    submit_form(client, path, token=token_id)
    response = client.get("/api/v1/me", headers=headers)
    assert response.status_code == 401
    assert response.json["code"] == "bad_token"


def test_api_ignores_cookies_and_pages_ignore_tokens(
    client: FlaskClient, own_services: Services, nigar: int
) -> None:
    sign_in(client)
    response = client.get("/api/v1/me")
    assert response.status_code == 401
    assert response.content_type == "application/problem+json"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    for authorization in ("Bearer nonsense", "Bearer ", "Basic YTpi", "", "Bearer bbk_" + "x" * 5_000):
        response = client.get("/api/v1/people", headers={"Authorization": authorization})
        assert response.status_code == 401, authorization
        assert response.json["code"] == "bad_token"
