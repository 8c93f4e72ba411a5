"""Signing in and the own account, as a browser without scripts does it."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from werkzeug.test import TestResponse

from biobank import extensions
from biobank.accounts import directory, signing_in, users
from biobank.accounts.identity import OPERATOR, anonymous
from biobank.accounts.models import User
from biobank.app import create_app
from biobank.bootstrap import Services, make_services
from tests.support.mailbox import Mailbox, mailbox
from tests.web import test_every_page as every_page

__all__ = ["mailbox"]

EMAIL, PASSWORD = "nigar@example.az", "a carpet of Shirvan"


@pytest.fixture
def app(own_services: Services) -> Flask:
    app = create_app(own_services)
    extensions.limiter.reset()
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def nigar(own_services: Services) -> int:
    """An editor who does not sign in by herself."""
    return add(own_services, EMAIL, "editor")


def add(services: Services, email: str, role: str) -> int:
    made = users.invite(services.database, OPERATOR, email, role)
    users.accept(services.database, anonymous(), made.key, "Nigar", PASSWORD)
    return made.user.id


def token_of(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def send(client: FlaskClient, path: str, _form: str = "", **fields: object) -> TestResponse:
    """Fills the form that is at `path` in, and sends it."""
    token = token_of(client.get(_form or path))
    return client.post(path, data={"csrf_token": token, **fields})


def sign_in(client: FlaskClient, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
    return send(client, "/en/sign-in", email=email, password=password)


def test_one_signs_in_and_out(client: FlaskClient, nigar: int) -> None:
    assert 'href="/en/sign-in"' in client.get("/en/").text
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (303, "/en/desk")
    page = client.get("/en/account")
    assert EMAIL in page.text
    assert 'href="/en/account"' in client.get("/en/").text
    assert client.get("/en/sign-in").location == "/en/desk"
    assert send(client, "/en/sign-out", _form="/en/account").location == "/en/"
    assert client.get("/en/account").location == "/en/sign-in?next=/en/account"


def test_a_cookie_that_was_copied_is_worth_nothing_after_sign_out(
    app: Flask, client: FlaskClient, nigar: int
) -> None:
    sign_in(client)
    cookie = client.get_cookie("biobank")
    assert cookie
    thief = app.test_client()
    thief.set_cookie("biobank", cookie.value)
    assert thief.get("/en/account").status_code == 200
    send(client, "/en/sign-out", _form="/en/account")
    assert thief.get("/en/account").status_code == 303


def test_a_cookie_from_before_sign_in_is_not_the_one_after(
    app: Flask, client: FlaskClient, nigar: int
) -> None:
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


def test_the_cookie_is_bound_to_the_scheme(
    client: FlaskClient, own_services: Services, nigar: int
) -> None:
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
    answer = create_app(behind).test_client().get("/en/sign-in")
    assert answer.headers["Set-Cookie"].startswith("__Host-biobank=")
    behind.close()


def test_public_pages_know_nobody_who_has_no_cookie(client: FlaskClient, nigar: int) -> None:
    page = client.get("/en/")
    assert "Set-Cookie" not in page.headers
    assert "Cookie" not in page.headers.get("Vary", "")
    sign_in(client)
    page = client.get("/en/")
    assert page.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in page.headers["Vary"]
    assert client.get("/en/account").headers["Cache-Control"] == "no-store"


def test_the_same_is_answered_for_a_wrong_password_and_an_unknown_address(
    client: FlaskClient, nigar: int
) -> None:
    answers = []
    for email in (EMAIL, "nobody@example.az"):
        answer = sign_in(client, email, "not the password")
        assert "The e-mail address or the password is not right." in answer.text
        answers.append((answer.status_code, shape(answer.text.replace(email, ""))))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422


def shape(text: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text)


def test_too_many_tries_are_told_to_wait(client: FlaskClient, nigar: int) -> None:
    for _ in range(5):
        sign_in(client, password="not the password")
    answer = sign_in(client)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    assert "Too many attempts" in answer.text


def test_two_servers_count_tries_together(own_services: Services, nigar: int) -> None:
    second = make_services(own_services.settings)
    clients = [create_app(its).test_client() for its in (own_services, second)]
    statuses = [
        sign_in(clients[turn % 2], password="not the password").status_code for turn in range(6)
    ]
    assert statuses == [422] * 5 + [429]
    second.close()


@pytest.mark.parametrize(
    ("then", "leads"),
    [
        ("/ru/people/nizami-gencevi", "/ru/people/nizami-gencevi"),
        ("/en/search?q=a&page=2", "/en/search?q=a&page=2"),
        ("//evil.example/", "/en/desk"),
        ("/\\evil.example/", "/en/desk"),
        ("https://evil.example/", "/en/desk"),
        ("javascript:alert(1)", "/en/desk"),
        ("evil.example", "/en/desk"),
        ("/\t/evil.example", None),
        ("http:/evil.example", "/en/desk"),
        ("//[", "/en/desk"),
    ],
)
def test_one_is_led_only_to_pages_of_the_bank(
    client: FlaskClient, nigar: int, then: str, leads: str | None
) -> None:
    answer = send(client, "/en/sign-in", email=EMAIL, password=PASSWORD, next=then)
    assert answer.location == leads if leads else answer.status_code == 400


def test_who_is_not_signed_in_is_led_there_and_back(client: FlaskClient, nigar: int) -> None:
    location = client.get("/az/account/tokens?x=1").location
    assert location == "/az/sign-in?next=/az/account/tokens%3Fx%3D1"
    page = client.get(location)
    assert 'name="next" value="/az/account/tokens?x=1"' in page.text


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_pages_of_accounts_keep_what_every_page_promises(
    client: FlaskClient, own_services: Services, lang: str
) -> None:
    made = users.invite(own_services.database, OPERATOR, "new@example.az", "editor")
    reset = users.make_link(own_services.database, OPERATOR, add(own_services, EMAIL, "admin"))
    pages = ["sign-in", "new-password", f"invitation/{made.key}", f"new-password/{reset.key}"]
    for path in pages:
        promises(client, f"/{lang}/{path}")
    sign_in(client)
    account = ("password", "second-factor", "sessions", "tokens")
    for path in ("account", *(f"account/{part}" for part in account), "users", "users/audit"):
        promises(client, f"/{lang}/{path}")
    send(client, "/en/account/second-factor", step="start", password=PASSWORD)
    promises(client, f"/{lang}/account/second-factor")


def promises(client: FlaskClient, address: str) -> None:
    extensions.limiter.reset()
    every_page.test_a_page_says_its_language_and_leads_to_the_others(client, address)
    every_page.test_a_page_fits_the_strict_policy_and_asks_no_one_else(client, address)
    every_page.test_a_page_is_whole(client, address)
    assert 'name="robots" content="noindex' in client.get(address).text


POSTS = ("sign-in", "sign-in/code", "sign-out", "new-password", "invitation/x", "new-password/x")


@pytest.mark.parametrize("path", POSTS)
def test_a_form_that_is_not_ours_is_refused(client: FlaskClient, path: str) -> None:
    for token in (None, "", "x", "x" * 10_000):
        answer = client.post(f"/en/{path}", data={"csrf_token": token} if token else {})
        assert answer.status_code == 400
        assert "This form cannot be taken" in answer.text


def test_a_form_of_somebody_else_is_refused(app: Flask, nigar: int) -> None:
    mine, theirs = app.test_client(), app.test_client()
    sign_in(mine)
    token = token_of(theirs.get("/en/sign-in"))
    answer = mine.post("/en/account", data={"csrf_token": token, "name": "Thief", "lang": "en"})
    assert answer.status_code == 400


def test_rights_are_looked_at_before_the_form(client: FlaskClient, nigar: int) -> None:
    assert client.post("/en/account").status_code == 401
    assert client.post("/en/users").status_code == 401
    sign_in(client)
    assert client.post("/en/users").status_code == 403
    assert client.post("/en/account").status_code == 400


@pytest.mark.parametrize("name", ["\x00", "a\x1fb", "\ufffd"])
def test_control_characters_are_refused(client: FlaskClient, nigar: int, name: str) -> None:
    sign_in(client)
    assert send(client, "/en/account", name=name, lang="en").status_code == 400


def test_whatever_is_sent_is_bounded_and_escaped(client: FlaskClient, nigar: int) -> None:
    sign_in(client)
    answer = send(client, "/en/account", name="x" * 400_000, lang="en")
    assert answer.status_code == 422
    assert len(answer.data) < 50_000
    payload = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>"
    assert send(client, "/en/account", name=payload, lang="xx").status_code == 303
    for path in ("account", "account/sessions", "account/tokens"):
        assert "<script>alert" not in client.get(f"/en/{path}").text
    agent = {"User-Agent": payload * 100}
    assert client.get("/en/account/sessions", headers=agent).status_code == 200


@given(st.text(), st.text(), st.text())
@settings(max_examples=40)
def test_any_text_at_all_is_answered_without_a_failure(
    client: FlaskClient, first: str, second: str, third: str
) -> None:
    extensions.limiter.reset()
    form = {"email": first, "password": second, "next": third, "new": first, "code": second}
    for path in ("sign-in", "sign-in/code", "new-password", "invitation/x", "new-password/x"):
        token = token_of(client.get("/en/sign-in"))
        data = {key: value.encode("utf-8", "replace") for key, value in form.items()}
        answer = client.post(f"/en/{path}", data={**data, "csrf_token": token})
        assert answer.status_code < 500
        assert answer.status_code != 303 or answer.location == "/en/sign-in"


def test_over_https_a_form_comes_from_a_page_of_the_same_host(
    client: FlaskClient, nigar: int
) -> None:
    base = "https://localhost"
    page = client.get("/en/sign-in", base_url=base)
    data = {"csrf_token": token_of(page), "email": EMAIL, "password": PASSWORD}
    for referrer in (None, "https://evil.example/en/sign-in"):
        headers = {"Referer": referrer} if referrer else {}
        answer = client.post("/en/sign-in", base_url=base, data=data, headers=headers)
        assert answer.status_code == 400
    headers = {"Referer": f"{base}/en/sign-in"}
    answer = client.post("/en/sign-in", base_url=base, data=data, headers=headers)
    assert answer.location == "/en/desk"
    assert client.get("/en/account", base_url=base).status_code == 200


def test_an_invitation_opens_an_account(client: FlaskClient, own_services: Services) -> None:
    made = users.invite(own_services.database, OPERATOR, EMAIL, "contributor", lang="az")
    assert made.path == f"/az/invitation/{made.key}"
    assert EMAIL in client.get(made.path).text
    answer = send(client, made.path, name="Nigar", new="short")
    assert answer.status_code == 422
    assert 'value="Nigar"' in answer.text
    assert send(client, made.path, name="Nigar", new=PASSWORD).location == "/az/account"
    assert client.get("/az/account").status_code == 200
    assert client.get(made.path).status_code == 422


def test_without_mail_nobody_is_told_of_letters(client: FlaskClient, nigar: int) -> None:
    page = client.get("/en/new-password")
    assert "An administrator gives you a link" in page.text
    assert 'name="email"' not in page.text


@pytest.fixture
def with_mail(own_services: Services, mailbox: Mailbox) -> Iterator[Services]:
    with_letters = replace(
        own_services.settings, smtp_url=mailbox.url, base_url="http://bank.example.az"
    )
    services = make_services(with_letters)
    yield services
    services.close()


def test_a_forgotten_password_comes_by_letter_and_nobody_learns_who_has_an_account(
    with_mail: Services, nigar: int, mailbox: Mailbox
) -> None:
    client = create_app(with_mail).test_client()
    unknown = send(client, "/en/new-password", email="nobody@example.az")
    known = send(client, "/en/new-password", email=EMAIL.upper())
    assert unknown.status_code == known.status_code == 200
    assert shape(unknown.text) == shape(known.text)
    (letter,) = mailbox.wait()
    assert letter["To"] == EMAIL
    # The public address, whatever host was named in the request.
    found = re.search(r"http://bank\.example\.az(/az/new-password/\S+)", letter.get_content())
    assert found
    answer = send(client, found[1], new="a kilim of Quba")
    assert answer.location == "/az/sign-in?done=password"
    assert sign_in(client, password="a kilim of Quba").location == "/en/desk"
    assert client.get(found[1]).status_code == 422


def test_an_invitation_of_an_administrator_is_a_letter(
    with_mail: Services, mailbox: Mailbox
) -> None:
    add(with_mail, "admin@example.az", "admin")
    client = create_app(with_mail).test_client()
    sign_in(client, "admin@example.az")
    page = send(client, "/en/users", email=EMAIL, role="editor", name="", lang="ru")
    assert "/invitation/" not in page.text
    (letter,) = mailbox.wait()
    assert "http://bank.example.az/ru/invitation/" in letter.get_content()


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
        token = token_of(client.get("/en/sign-in"))
        data = {"csrf_token": token, "email": EMAIL, "password": PASSWORD}
        client.post("/en/sign-in", data=data, headers={"User-Agent": agent})
        assert f"<p>{name}" in client.get("/en/account/sessions").text
        send(client, "/en/sign-out", _form="/en/account")


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


def test_an_administrator_manages_users(
    app: Flask, client: FlaskClient, own_services: Services, nigar: int
) -> None:
    add(own_services, "admin@example.az", "admin")
    sign_in(client, "admin@example.az")
    editor = app.test_client()
    sign_in(editor)
    page = send(client, "/en/users", email="new@example.az", role="contributor", lang="en")
    link = re.search(r"http://localhost(/en/invitation/[\w-]+)", page.text)
    assert link
    assert "new@example.az" in app.test_client().get(link[1]).text
    again = send(client, "/en/users", email="new@example.az", role="contributor", lang="en")
    assert again.status_code == 422
    assert "has an account already" in again.text
    one = f"/en/users/{nigar}"
    assert send(client, one, "/en/users", do="role", role="contributor").status_code == 303
    assert editor.get("/en/account").status_code == 303
    page = send(client, one, "/en/users", do="link")
    link = re.search(r"http://localhost(/az/new-password/[\w-]+)", page.text)
    assert link
    for do in ("sign_out", "second_factor", "deactivate", "activate", "nonsense"):
        assert send(client, one, "/en/users", do=do).status_code == 303
    audit = client.get("/en/users/audit")
    for words in ("role changed", "before: editor", "signed in", "admin@example.az"):
        assert words in audit.text
    assert client.get("/en/users/audit?page=0").status_code == 400
    assert send(client, "/en/users/999999", "/en/users", do="deactivate").status_code == 404


def test_users_are_listed_by_the_page(
    client: FlaskClient, own_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "PAGE", 2)
    for name in ("admin", "b", "c"):
        add(own_services, f"{name}@example.az", "admin")
    sign_in(client, "admin@example.az")
    first, second = (client.get(f"/en/users?page={number}").text for number in (1, 2))
    assert "b@example.az" in first
    assert "c@example.az" not in first
    assert "c@example.az" in second
    assert 'href="/en/users?page=2"' in first
    assert client.get("/en/users?page=3").status_code == 404


def test_words_for_everything_that_happens_are_there_in_each_language(
    app: Flask, client: FlaskClient, own_services: Services
) -> None:
    admin = add(own_services, "admin@example.az", "admin")
    assert admin
    signing_in.ask_reset(own_services.database, anonymous(), "admin@example.az")
    sign_in(client, "admin@example.az")
    for lang in ("az", "ru"):
        for path in ("account", "users", "users/audit", "account/second-factor"):
            text = re.sub(r"<[^>]*>", " ", client.get(f"/{lang}/{path}").text)
            for word in ("Sign", "signed", "invit", "Account", "Users", "Role", "asked"):
                assert not re.search(rf"\b{word}", text), (path, word)
