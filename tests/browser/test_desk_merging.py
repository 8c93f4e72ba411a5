"""Merging two records and undoing it by keyboard, and accessibility."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from biobank.bootstrap import Services
from tests.browser.conftest import Open, serving
from tests.browser.sign_in_helper import sign_in
from tests.browser.test_accessibility import _violations_in_both, _width
from tests.support.users import add_user

PAIR = "kept=uzeyir-hacibeyov&gone=ceyhun-hacibeyli"


@pytest.fixture
def address(own_services: Services) -> Iterator[str]:
    """Serve a bank with one editor."""
    add_user(own_services.database, "Nigar", "editor")
    with serving(own_services) as base_url:
        yield base_url


def test_a_duplicate_is_merged_and_undone_by_keyboard(visit: Open, messages: list[str]) -> None:
    page = visit("/az/desk/merge", width=360, height=740)
    sign_in(page, "nigar@example.az")
    for slot, name in (("kept", "Узеир Гаджибеков"), ("gone", "Ceyhun Hacıbəyli")):
        page.locator(f"#q_{slot}").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type(name)
        # The second time, the URL matches already.
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.locator(f"[name={slot}]").first.focus()
        page.keyboard.press("Space")
    page.locator(".desk-actions button").focus()
    page.keyboard.press("Enter")
    page.locator(".merge-records").wait_for()
    page.locator("[name='take.birth.date'][value=kept]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("[name='take.birth.date'][value=gone]").is_checked()
    page.locator("[value=show]").focus()
    page.keyboard.press("Enter")
    page.locator(".merge-result[open]").wait_for()
    page.locator("[value=merge]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/merges?done=*")
    page.goto("/az/people/ceyhun-hacibeyli")
    assert page.url.endswith("/az/people/uzeyir-hacibeyov")
    page.goto("/az/desk/merges")
    page.locator(".desk-rows a").last.focus()
    page.keyboard.press("Enter")
    page.locator("main form button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/merges?done=*")
    response = page.goto("/az/people/ceyhun-hacibeyli")
    assert response is not None
    assert response.status == 200
    assert page.url.endswith("ceyhun-hacibeyli")


def test_merge_pages_have_no_axe_violations(visit: Open) -> None:
    page = visit("/ru/desk/merge", width=360, bypass_csp=True)
    sign_in(page, "nigar@example.az")
    _check_accessibility(page)
    page.goto(f"/ru/desk/merge?{PAIR}&do=search&q_gone=Гаджибеков")
    _check_accessibility(page)
    page.goto(f"/ru/desk/merge?{PAIR}")
    page.locator("summary").first.click()
    page.locator("#result summary").click()
    _check_accessibility(page)
    page.locator("[value=merge]").click()
    page.wait_for_url("**/desk/merges?done=*")
    _check_accessibility(page)
    page.locator(".desk-rows a").last.click()
    page.wait_for_url("**/desk/merges/1")
    _check_accessibility(page)
    page.goto("/ru/desk/people/uzeyir-hacibeyov/split")
    _check_accessibility(page)


def _check_accessibility(page: Page) -> None:
    """Check narrow and wide screens in both colour schemes."""
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert _width(page) <= width, page.url
        assert _violations_in_both(page) == [], (page.url, width)
