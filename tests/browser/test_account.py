"""Signing in by keyboard on a small screen, and accessibility of account pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from biobank.accounts import users
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from tests.browser.conftest import Open, serving
from tests.browser.sign_in_helper import sign_in, signed_in
from tests.browser.test_accessibility import _violations_in_both, _width
from tests.support.users import PASSWORD, add_user

EMAIL = "nigar@example.az"
PATHS = (
    "account",
    "account/password",
    "account/second-factor",
    "account/sessions",
    "account/tokens",
    "users",
    "users/audit",
)


@pytest.fixture
def address(own_services: Services) -> Iterator[str]:
    """Serve a bank with one administrator."""
    add_user(own_services.database, "Nigar", "admin")
    users.invite(own_services.database, OPERATOR, "x" * 64 + "@example.az", "editor")
    with serving(own_services) as base_url:
        yield base_url


def test_sign_in_by_keyboard_at_360_pixels(visit: Open) -> None:
    page = visit("/az/account", width=360, height=740)
    assert page.url.endswith("/az/sign-in?next=/az/account")
    page.locator("#email").focus()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.locator("#email").input_value() == EMAIL
    page.locator("#password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    signed_in(page)
    assert page.url.endswith("/az/account")
    assert _width(page) <= 360


def test_account_pages_have_no_axe_violations(visit: Open) -> None:
    page = visit("/ru/sign-in", width=360, bypass_csp=True)
    _check_accessibility(page)
    sign_in(page, EMAIL)
    for path in PATHS:
        page.goto(f"/ru/{path}")
        _check_accessibility(page)
    page.goto("/ru/users")
    page.locator("summary").click()
    _check_accessibility(page)
    page.goto("/ru/account/second-factor")
    page.locator("#password").fill(PASSWORD)
    page.locator(".account-form button").click()
    page.locator(".qr").wait_for()
    _check_accessibility(page)


def _check_accessibility(page: Page) -> None:
    assert _width(page) <= 360, page.url
    assert _violations_in_both(page) == [], page.url
