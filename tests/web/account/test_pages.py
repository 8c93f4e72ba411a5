"""All account pages: complete, in each language, and not indexed."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts import authentication, users
from biobank.accounts.identity import OPERATOR, anonymous
from biobank.bootstrap import Services
from tests.support.pages import attributes, visible_text
from tests.support.users import submit_form
from tests.web.account.sign_in_helpers import EMAIL, PASSWORD, add, sign_in
from tests.web.core import test_every_page as every_page


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_account_pages_pass_the_checks_of_every_page(
    client: FlaskClient, own_services: Services, lang: str
) -> None:
    invitation = users.invite(own_services.database, OPERATOR, "new@example.az", "editor")
    reset = users.issue_link(own_services.database, OPERATOR, add(own_services, EMAIL, "admin"))
    pages = ["sign-in", "new-password", f"invitation/{invitation.key}", f"new-password/{reset.key}"]
    for path in pages:
        promises(client, f"/{lang}/{path}")
    sign_in(client)
    account = ("password", "second-factor", "sessions", "tokens")
    for path in ("account", *(f"account/{part}" for part in account), "users", "users/audit"):
        promises(client, f"/{lang}/{path}")
    submit_form(client, "/en/account/second-factor", step="start", password=PASSWORD)
    promises(client, f"/{lang}/account/second-factor")


def promises(client: FlaskClient, address: str) -> None:
    every_page.test_page_declares_its_language_and_alternates(client, address)
    every_page.test_page_satisfies_the_content_security_policy(client, address)
    every_page.test_page_is_complete(client, address)
    (robots,) = attributes(client.get(address).text, "meta[name=robots]", "content")
    assert robots.startswith("noindex")


def test_every_audit_event_has_a_label_in_each_language(
    app: Flask, client: FlaskClient, own_services: Services
) -> None:
    admin = add(own_services, "admin@example.az", "admin")
    assert admin
    authentication.request_reset(own_services.database, anonymous(), "admin@example.az")
    sign_in(client, "admin@example.az")
    for lang in ("az", "ru"):
        for path in ("account", "users", "users/audit", "account/second-factor"):
            text = visible_text(client.get(f"/{lang}/{path}").text)
            for word in ("Sign", "signed", "invit", "Account", "Users", "Role", "asked"):
                assert not re.search(rf"\b{word}", text), (path, word)
