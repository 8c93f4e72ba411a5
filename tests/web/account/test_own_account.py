"""The user's own account: second factor, password, sessions, tokens."""

import re

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from biobank.accounts.models import User
from biobank.bootstrap import Services
from tests.support.users import csrf_of, send
from tests.web.account.browsing import EMAIL, PASSWORD, sign_in


def test_the_second_factor_is_set_up_and_asked_for(
    app: Flask, client: FlaskClient, own_services: Services, nigar: int
) -> None:
    sign_in(client)
    path = "/en/account/second-factor"
    assert send(client, path, step="start", password="not the password").status_code == 422
    assert send(client, path, step="start", password=PASSWORD).status_code == 303
    page = client.get(path)
    assert 'class="qr"' in page.text
    secret = re.search(r'account-secret">([A-Z2-7]+)<', page.text)
    assert secret
    totp = pyotp.TOTP(secret[1])
    assert send(client, path, step="confirm", code="000000").status_code == 422
    done = send(client, path, step="confirm", code=totp.now())
    codes = re.findall(r"<code>([a-z2-9-]{19})</code>", done.text)
    assert len(codes) == 10
    assert codes[0] not in client.get(path).text
    with own_services.database.write() as session:
        session.execute(update(User).values(totp_step=0))
    other = app.test_client()
    answer = send(other, "/en/sign-in", email=EMAIL, password=PASSWORD, next="/en/browse/")
    assert answer.location == "/en/sign-in/code"
    assert other.get("/en/account").status_code == 303
    assert send(other, "/en/sign-in/code", code="000000").status_code == 422
    assert send(other, "/en/sign-in/code", code=totp.now()).location == "/en/browse/"
    assert other.get("/en/account").status_code == 200
    third = app.test_client()
    sign_in(third)
    assert send(third, "/en/sign-in/code", code=codes[0]).location == "/en/desk"
    assert send(client, path, step="drop", password=PASSWORD).status_code == 303
    assert 'class="qr"' not in client.get(path).text
    assert other.get("/en/sign-in/code").location == "/en/sign-in"


def test_a_new_password_keeps_this_browser_and_ends_the_others(
    app: Flask, client: FlaskClient, nigar: int
) -> None:
    other = app.test_client()
    sign_in(other)
    sign_in(client)
    path = "/en/account/password"
    assert send(client, path, password="wrong wrong", new="a kilim of Quba").status_code == 422
    assert send(client, path, password=PASSWORD, new="1234567890").status_code == 422
    answer = send(client, path, password=PASSWORD, new="a kilim of Quba")
    assert answer.location == "/en/account/password?done=1"
    assert client.get("/en/account").status_code == 200
    assert other.get("/en/account").status_code == 303


def test_sessions_are_listed_and_ended(app: Flask, client: FlaskClient, nigar: int) -> None:
    other = app.test_client()
    sign_in(other)
    sign_in(client)
    page = client.get("/en/account/sessions")
    ids = re.findall(r'name="session" value="(\d+)"', page.text)
    assert ids
    assert send(client, "/en/account/sessions", session="999999").status_code == 404
    assert send(client, "/en/account/sessions", session="٣").status_code == 404
    for one in ids:
        assert send(client, "/en/account/sessions", session=one).status_code == 303
    assert other.get("/en/account").status_code == 303
    assert client.get("/en/account").status_code == 200


def test_a_browser_is_called_by_its_name(client: FlaskClient, nigar: int) -> None:
    called = {
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox, Linux",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1": "Safari, iPhone",
        "curl/8.0": "curl/8.0",
    }
    for agent, name in called.items():
        token = csrf_of(client, "/en/sign-in")
        data = {"csrf_token": token, "email": EMAIL, "password": PASSWORD}
        client.post("/en/sign-in", data=data, headers={"User-Agent": agent})
        assert f"<p>{name}" in client.get("/en/account/sessions").text
        send(client, "/en/sign-out", form="/en/account")


def test_a_token_is_made_used_and_revoked(client: FlaskClient, nigar: int) -> None:
    sign_in(client)
    path = "/en/account/tokens"
    assert send(client, path, name="script").status_code == 422
    assert send(client, path, name="script", scopes="admin").status_code == 422
    page = send(client, path, name="script", scopes=["read", "write"])
    found = re.search(r"bbk_[\w-]+", page.text)
    assert found
    bearer = {"Authorization": f"Bearer {found[0]}"}
    me = client.get("/api/v1/me", headers=bearer)
    assert me.json == {
        "email": EMAIL,
        "name": "Nigar",
        "role": "editor",
        "scopes": ["read", "write"],
    }
    assert me.headers["Cache-Control"] == "no-store"
    listed = client.get(path)
    assert found[0] not in listed.text
    one = re.search(r'name="token" value="(\d+)"', listed.text)
    assert one
    send(client, path, token=one[1])
    answer = client.get("/api/v1/me", headers=bearer)
    assert answer.status_code == 401
    assert answer.json["code"] == "bad_token"


def test_the_api_reads_no_cookie_and_pages_no_token(
    client: FlaskClient, own_services: Services, nigar: int
) -> None:
    sign_in(client)
    answer = client.get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    for shown in ("Bearer nonsense", "Bearer ", "Basic YTpi", "", "Bearer bbk_" + "x" * 5_000):
        answer = client.get("/api/v1/people", headers={"Authorization": shown})
        assert answer.status_code == 401, shown
        assert answer.json["code"] == "bad_token"
