"""Invitations and password resets by link and e-mail."""

import re

from flask.testing import FlaskClient

from biobank.accounts import users
from biobank.accounts.identity import OPERATOR
from biobank.app import create_app
from biobank.bootstrap import Services
from tests.support.mailbox import Mailbox
from tests.support.users import send
from tests.web.account.browsing import EMAIL, PASSWORD, add, shape, sign_in


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
    # The link uses the base URL, not the Host header of the request.
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
