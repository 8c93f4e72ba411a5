"""Webhooks at the desk: added with a secret shown once, monitored, paused and removed."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.exchange.changes.webhook_dispatcher import WebhookDispatcher
from biobank.settings import secret_key
from tests.exchange.changes.webhook_receiver import run_receiver
from tests.support.apps import create_app
from tests.support.pages import attributes, select, select_one, text_of
from tests.support.users import signed_in_client, submit_form

PATH = "/en/desk/webhooks"


@pytest.fixture
def admin_client(own_services: Services, admin: Identity) -> FlaskClient:
    """Return the administrator's browser in a bank that may send to private networks."""
    own_services.settings = replace(own_services.settings, webhooks_private=True)
    app = create_app(own_services)
    return signed_in_client(app, own_services.database, admin)


def secret_in(page: str) -> str:
    match = re.search(r"whsec_[\w+/=]+", page)
    return match[0] if match else ""


def row_of(page: str) -> str:
    return str(select_one(page, "button[name=remove]").attrib["value"])


def test_secret_is_shown_once_then_delivery_status(admin_client: FlaskClient, own_services: Services) -> None:
    dispatcher = WebhookDispatcher(
        own_services.database, secret_key(own_services.settings), allow_private=True
    )
    with run_receiver() as receiver:
        response = submit_form(admin_client, PATH, address=receiver.address)
        assert secret_in(response.text)
        page = admin_client.get(PATH)
        assert not secret_in(page.text)
        assert "nothing sent yet" in text_of(page.text)
        dispatcher.round()
        assert len(receiver.received) == 1
    assert "response 200" in text_of(admin_client.get(PATH).text)
    assert submit_form(admin_client, PATH, **{"try": row_of(page.text)}).status_code == 303
    dispatcher.round()
    text = text_of(admin_client.get(PATH).text)
    assert "delivery failing" in text
    assert "connection refused" in text
    assert "next attempt" in text


def test_new_secret_is_shown_once(admin_client: FlaskClient) -> None:
    first = secret_in(submit_form(admin_client, PATH, address="http://127.0.0.1:9/").text)
    row = row_of(admin_client.get(PATH).text)
    second = secret_in(submit_form(admin_client, PATH, secret=row).text)
    assert second
    assert second != first


def test_paused_and_removed(admin_client: FlaskClient) -> None:
    submit_form(admin_client, PATH, address="http://127.0.0.1:9/")
    row = row_of(admin_client.get(PATH).text)
    submit_form(admin_client, PATH, pause=row)
    page = admin_client.get(PATH).text
    assert "paused" in text_of(page)
    assert not select(page, "[name=pause]")
    submit_form(admin_client, PATH, remove=row)
    assert "127.0.0.1" not in admin_client.get(PATH).text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Enter an address such as https://example.org/changes, without # or a password."),
        (
            "ftp://example.org/",
            "Enter an address such as https://example.org/changes, without # or a password.",
        ),
        ("https://nobody-knows-this.invalid/", "Host not found. Check the spelling."),
        (
            "https://user:word@127.0.0.1/",
            "Enter an address such as https://example.org/changes, without # or a password.",
        ),
    ],
)
def test_address_error_is_shown_and_input_is_preserved(
    admin_client: FlaskClient, address: str, words: str
) -> None:
    response = submit_form(admin_client, PATH, address=address)
    assert response.status_code == 422
    assert words in text_of(response.text)
    assert attributes(response.text, "[name=address]", "value") == [address]


def test_private_addresses_are_rejected_by_default(admin_client: FlaskClient, own_services: Services) -> None:
    own_services.settings = replace(own_services.settings, webhooks_private=False)
    for address, words in (
        ("https://127.0.0.1/", "a private network"),
        ("https://169.254.169.254/latest/meta-data/", "a private network"),
        ("http://1.1.1.1/", "The address must start with https://."),
    ):
        response = submit_form(admin_client, PATH, address=address)
        assert response.status_code == 422
        assert words in text_of(response.text)
