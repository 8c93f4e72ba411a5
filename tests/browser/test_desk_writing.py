"""Writing a person by keyboard, and resuming the form after the tab was closed."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Response, expect

from biobank.bootstrap import Services
from biobank.editorial.revisions.latest_revisions import latest_revision
from tests.browser.conftest import Open, serving
from tests.browser.sign_in_helper import sign_in
from tests.browser.test_accessibility import _violations_in_both, _width
from tests.support.users import add_user

PAYLOAD = '<script>alert(1)</script><img src=x onerror="alert(1)">'


@pytest.fixture
def address(own_services: Services) -> Iterator[str]:
    """Serve a bank with one contributor."""
    add_user(own_services.database, "Aysel", "contributor")
    with serving(own_services) as base_url:
        yield base_url


def _press(page: Page, button: str) -> None:
    page.locator(f"button[name=do][value='{button}']").last.focus()
    page.keyboard.press("Enter")


def _is_autosave_of(typed: str) -> Callable[[Response], bool]:
    """Match the response to an autosave request that contains `typed`."""
    return lambda response: typed in (response.request.post_data or "")


def test_form_resumes_after_closed_tab(visit: Open, own_services: Services) -> None:
    page = visit("/az/desk/people/new")
    sign_in(page, "aysel@example.az")
    page.locator("#names-0-text").focus()
    page.keyboard.type("Filankəs")
    page.keyboard.press("Enter")  # does not submit the form
    _press(page, "add-names")
    page.keyboard.type("Somebody")
    page.keyboard.press("Tab")
    page.keyboard.type("en")
    page.locator("#headline-az").focus()
    page.keyboard.type(PAYLOAD)
    page.locator("#part-events summary").first.focus()
    page.keyboard.press("Enter")
    for year in ("1900", "1901", "1902"):
        _press(page, "add-events")
        page.keyboard.type(year)
    _press(page, "up-events-2")
    _press(page, "remove-events-0")
    # Values are restored in place.
    expect(page.locator(".writing-removed del")).to_contain_text("1900")
    page.locator(".writing-removed button").press("Enter")
    expect(page.locator("#events-0-date")).to_be_focused()
    expect(page.locator(".writing-removed")).to_have_count(0)
    _press(page, "remove-events-0")
    for place in ("#part-events > summary .count", ".writing-index [href='#part-events'] .count"):
        expect(page.locator(place)).to_have_text("2")
    page.locator("#events-1-date").locator("xpath=ancestor::fieldset[1]").get_by_text(
        "İstinad", exact=True
    ).click()
    _press(page, "add-events-1-cites")
    with page.expect_response(_is_autosave_of("science-gov-az-hacibeyli")):
        page.keyboard.insert_text("science-gov-az-hacibeyli")
    expect(page.locator("#autosave-status")).to_contain_text("Yadda saxlanılıb")
    expect(page).to_have_url(re.compile("/az/desk/working-copies/"))
    context = page.context
    page.close()

    page = context.new_page()
    page.goto("/az/desk")
    page.get_by_role("link", name="Davam et").press("Enter")
    expect(page.locator("#headline-az")).to_have_value(PAYLOAD)
    expect(page.locator("#events-0-date")).to_have_value("1902")
    expect(page.locator("#events-1-date")).to_have_value("1901")
    _press(page, "save")
    page.wait_for_url("**/az/desk/people/filankes/edit?saved=1")
    with own_services.database.read() as session:
        record = latest_revision(session, "filankes").record
    assert [name["text"] for name in record["names"]] == ["Filankəs", "Somebody"]
    cites = [{"source": "science-gov-az-hacibeyli"}]
    assert record["events"] == [{"date": "1902"}, {"date": "1901", "cites": cites}]
    page.goto("/az/desk")
    assert page.get_by_role("link", name="Davam et").count() == 0


def test_signed_out_user_loses_nothing(visit: Open) -> None:
    page = visit("/en/desk/people/new")
    sign_in(page, "aysel@example.az")
    page.locator("#names-0-text").fill("Somebody")
    expect(page.locator("#autosave-status")).to_contain_text("Saved at")
    second_page = page.context.new_page()
    second_page.goto("/en/account")
    second_page.locator(".account-nav button").click()
    second_page.wait_for_url(re.compile("/en/(?!account)"))
    page.locator("#headline-en").fill("Written while signed out")
    expect(page.locator("#autosave-status")).to_contain_text("you are signed out")
    second_page.goto("/en/desk/people/new")
    sign_in(second_page, "aysel@example.az")
    page.locator("#headline-en").press("End")
    page.keyboard.type(", and kept")
    expect(page.locator("#autosave-status")).to_contain_text("Saved at")
    page.locator("button[name=do][value=save]").click()
    page.wait_for_url("**/en/desk/people/somebody/edit?saved=1")
    expect(page.locator("#headline-en")).to_have_value("Written while signed out, and kept")


def test_form_fits_all_screens_and_has_no_axe_violations(visit: Open) -> None:
    page = visit("/ru/desk/people/uzeyir-hacibeyov/edit", width=360, bypass_csp=True)
    sign_in(page, "aysel@example.az")
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")
        assert _width(page) <= width
        assert _violations_in_both(page) == [], width
    three = [page.locator(f"#biography-{lang}").bounding_box() for lang in ("az", "en", "ru")]
    assert len({box["y"] for box in three if box}) == 1
