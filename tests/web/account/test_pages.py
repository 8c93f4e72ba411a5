"""All account pages: complete, in each language, and not indexed."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from biobank.accounts import signing_in, users
from biobank.accounts.identity import OPERATOR, anonymous
from biobank.bootstrap import Services
from tests.support.users import send
from tests.web import test_every_page as every_page
from tests.web.account.browsing import EMAIL, PASSWORD, add, sign_in


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
    every_page.test_a_page_says_its_language_and_leads_to_the_others(client, address)
    every_page.test_a_page_fits_the_strict_policy_and_asks_no_one_else(client, address)
    every_page.test_a_page_is_whole(client, address)
    assert 'name="robots" content="noindex' in client.get(address).text


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
