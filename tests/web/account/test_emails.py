"""Invitations and password resets by link and e-mail."""

import re

from flask.testing import FlaskClient

from biobank.accounts import users
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from tests.support.apps import create_app
from tests.support.mailbox import Mailbox
from tests.support.pages import select
from tests.support.users import submit_form
from tests.web.account.sign_in_helpers import EMAIL, PASSWORD, add, shape, sign_in


def test_invitation_activates_an_account(client: FlaskClient, own_services: Services) -> None:
    invitation = users.invite(own_services.database, OPERATOR, EMAIL, "contributor", lang="az")
    assert invitation.path == f"/az/invitation/{invitation.key}"
    assert EMAIL in client.get(invitation.path).text
    response = submit_form(client, invitation.path, name="Nigar", new="short")
    assert response.status_code == 422
    assert select(response.text, "[name=name][value=Nigar]")
    assert submit_form(client, invitation.path, name="Nigar", new=PASSWORD).location == "/az/account"
    assert client.get("/az/account").status_code == 200
    assert client.get(invitation.path).status_code == 422


def test_pages_without_smtp_do_not_mention_email(client: FlaskClient, nigar: int) -> None:
    page = client.get("/en/new-password")
    assert (
        "This site does not send e-mail. Ask an administrator for a link to reset your password." in page.text
    )
    assert not select(page.text, "[name=email]")


def test_password_reset_email_does_not_reveal_accounts(
    with_mail: Services, nigar: int, mailbox: Mailbox
) -> None:
    client = create_app(with_mail).test_client()
    unknown = submit_form(client, "/en/new-password", email="nobody@example.az")
    known = submit_form(client, "/en/new-password", email=EMAIL.upper())
    assert unknown.status_code == known.status_code == 200
    assert shape(unknown.text) == shape(known.text)
    (email,) = mailbox.wait()
    assert email["To"] == EMAIL
    # The link uses the base URL, not the Host header of the request.
    match = re.search(r"http://bank\.example\.az(/az/new-password/\S+)", email.get_content())
    assert match
    response = submit_form(client, match[1], new="a kilim of Quba")
    assert response.location == "/az/sign-in?done=password"
    assert sign_in(client, password="a kilim of Quba").location == "/en/desk"
    assert client.get(match[1]).status_code == 422


def test_invitation_is_sent_by_email(with_mail: Services, mailbox: Mailbox) -> None:
    add(with_mail, "admin@example.az", "admin")
    client = create_app(with_mail).test_client()
    sign_in(client, "admin@example.az")
    page = submit_form(client, "/en/users", email=EMAIL, role="editor", name="", lang="ru")
    assert "/invitation/" not in page.text
    (email,) = mailbox.wait()
    assert "http://bank.example.az/ru/invitation/" in email.get_content()
