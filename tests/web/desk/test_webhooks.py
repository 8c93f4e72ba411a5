"""Webhooks at the desk: added with a secret shown once, monitored, paused and removed."""

import html
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from biobank.accounts.identity import Identity
from biobank.app import create_app
from biobank.bootstrap import Services
from biobank.exchange.mirroring.courier import Courier
from biobank.settings import secret_key
from tests.exchange.mirroring.receiver import receiver
from tests.support.pages import text_of
from tests.support.users import send, signed_in

PATH = "/en/desk/webhooks"


@pytest.fixture
def admins(own_services: Services, admin: Identity) -> FlaskClient:
    """Return the administrator's browser in a bank that may send to private networks."""
    own_services.settings = replace(own_services.settings, webhooks_private=True)
    app = create_app(own_services)
    return signed_in(app, own_services.database, admin)


def secret_in(page: str) -> str:
    found = re.search(r"whsec_[\w+/=]+", page)
    return found[0] if found else ""


def row_of(page: str) -> str:
    found = re.search(r'name="remove" value="(\d+)"', page)
    assert found
    return found[1]


def test_the_secret_is_shown_once_and_how_it_fares_from_then_on(
    admins: FlaskClient, own_services: Services
) -> None:
    courier = Courier(own_services.database, secret_key(own_services.settings), private=True)
    with receiver() as there:
        made = send(admins, PATH, address=there.address)
        assert secret_in(made.text)
        page = admins.get(PATH)
        assert not secret_in(page.text)
        assert "nothing was sent yet" in text_of(page.text)
        courier.round()
        assert len(there.received) == 1
    assert "answer 200" in text_of(admins.get(PATH).text)
    assert send(admins, PATH, **{"try": row_of(page.text)}).status_code == 303
    courier.round()
    told = text_of(admins.get(PATH).text)
    assert "does not come through" in told
    assert "nobody listens there" in told
    assert "next attempt" in told


def test_another_secret_is_shown_once_as_well(admins: FlaskClient) -> None:
    first = secret_in(send(admins, PATH, address="http://127.0.0.1:9/").text)
    row = row_of(admins.get(PATH).text)
    second = secret_in(send(admins, PATH, secret=row).text)
    assert second
    assert second != first


def test_paused_and_removed(admins: FlaskClient) -> None:
    send(admins, PATH, address="http://127.0.0.1:9/")
    row = row_of(admins.get(PATH).text)
    send(admins, PATH, pause=row)
    page = admins.get(PATH).text
    assert "paused" in text_of(page)
    assert 'name="pause"' not in page
    send(admins, PATH, remove=row)
    assert "127.0.0.1" not in admins.get(PATH).text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Write an address"),
        ("ftp://example.org/", "Write an address"),
        ("https://nobody-knows-this.invalid/", "This host is not known"),
        ("https://user:word@127.0.0.1/", "Write an address"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    admins: FlaskClient, address: str, words: str
) -> None:
    answer = send(admins, PATH, address=address)
    assert answer.status_code == 422
    assert words in text_of(answer.text)
    assert f'value="{html.escape(address)}"' in answer.text


def test_an_address_of_the_own_network_is_refused_unless_the_setting_says_otherwise(
    admins: FlaskClient, own_services: Services
) -> None:
    own_services.settings = replace(own_services.settings, webhooks_private=False)
    for address, words in (
        ("https://127.0.0.1/", "a network of its own"),
        ("https://169.254.169.254/latest/meta-data/", "a network of its own"),
        ("http://1.1.1.1/", "begins with https://"),
    ):
        answer = send(admins, PATH, address=address)
        assert answer.status_code == 422
        assert words in text_of(answer.text)
