"""Worklists: saving a search by keyboard, and accessibility."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from biobank.bootstrap import Services
from biobank.common.clock import now
from biobank.editorial.models import WorklistCount
from biobank.editorial.worklists.members import WORKLISTS
from tests.browser.conftest import Open, serving
from tests.browser.sign_in_helper import sign_in
from tests.browser.test_accessibility import _violations_in_both, _width
from tests.support.users import add_user

EMAIL = "nigar@example.az"
PATHS = ("desk/worklists", "desk/worklists/uncertain-dates", "desk/webhooks", "users/audit")


@pytest.fixture
def address(own_services: Services) -> Iterator[str]:
    """Serve a bank with one administrator and lists that shrank over a month."""
    add_user(own_services.database, "Nigar", "admin")
    with own_services.database.write() as session:
        for days in range(30, -1, -5):
            day = now().date() - timedelta(days=days)
            session.add_all(WorklistCount(day=day, list=id_, count=40 + days) for id_ in WORKLISTS)
    with serving(own_services) as base_url:
        yield base_url


def test_search_is_saved_by_keyboard_without_axe_violations(visit: Open) -> None:
    page = visit("/az/sign-in?next=/az/desk/worklists", width=360, bypass_csp=True)
    sign_in(page, EMAIL)
    page.locator("#name").focus()
    page.keyboard.type("Portretsiz bəstəkarlar")
    page.keyboard.press("Tab")
    page.keyboard.type("yoxdur:portret peşə:bəstəkar")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    saved_search = page.get_by_role("link", name="Portretsiz bəstəkarlar")
    saved_search.wait_for()
    for path in PATHS:
        page.goto(f"{page.url.partition('/az/')[0]}/az/{path}")
        _check_accessibility(page)


def _check_accessibility(page: Page) -> None:
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert _violations_in_both(page) == [], (page.url, width)
        assert _width(page) <= width, (page.url, width)
