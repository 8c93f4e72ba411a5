"""Fixtures: a bank with an editor who can sign in, and a mailbox."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from biobank.bootstrap import Services, make_services
from tests.support.apps import create_app
from tests.support.mailbox import Mailbox, mailbox
from tests.web.account.sign_in_helpers import EMAIL, add

__all__ = ["mailbox"]


@pytest.fixture
def app(own_services: Services) -> Flask:
    return create_app(own_services)


@pytest.fixture
def nigar(own_services: Services) -> int:
    """Create an editor who is not signed in."""
    return add(own_services, EMAIL, "editor")


@pytest.fixture
def with_mail(own_services: Services, mailbox: Mailbox) -> Iterator[Services]:
    settings_with_mail = replace(
        own_services.settings, smtp_url=mailbox.url, base_url="http://bank.example.az"
    )
    services = make_services(settings_with_mail)
    yield services
    services.close()
