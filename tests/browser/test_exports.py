"""Search exports by keyboard, with and without JavaScript."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(80):
        if page.evaluate("it => document.activeElement?.matches(it)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} is not reached by keyboard")


@pytest.mark.parametrize("scripts", [True, False])
def test_menu_opens_by_keyboard_and_downloads_csv(visit: Open, tmp_path: Path, scripts: bool) -> None:
    page = visit("/az/search?profession=poet", java_script_enabled=scripts)
    total = page.locator("#count").inner_text().split()[0]
    page.locator("#count").focus()
    menu = page.locator(".export-menu")
    expect(menu).to_be_hidden()
    if scripts:
        _tab_to(page, ".export summary")
    else:
        page.locator(".export summary").focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    with page.expect_download() as started:
        page.keyboard.press("Enter")
    file = tmp_path / started.value.suggested_filename
    started.value.save_as(file)
    assert file.name.startswith("biobank-profession-poet-")
    assert file.suffix == ".csv"
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert len(rows) == int(total)
    assert {"poet"} <= set(rows[0]["profession_ids"].split(" | "))


def test_escape_and_tab_close_the_menu(visit: Open) -> None:
    page = visit("/en/search?profession=poet")
    summary, menu = page.locator(".export summary"), page.locator(".export-menu")
    summary.focus()
    page.keyboard.press("Space")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    page.locator(".export-menu button").focus()
    page.keyboard.press("Tab")
    expect(menu).to_be_hidden()
    expect(page.locator(".chip").first).to_be_focused()
    summary.click()
    page.locator("h1").click()
    expect(menu).to_be_hidden()


def test_permanent_url_is_copied_after_filtering(visit: Open) -> None:
    page = visit("/en/search?profession=poet&page=2&size=5", permissions=["clipboard-write"])
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.locator("#facet-century > summary").click()
    page.locator("#f-century-19").click()
    page.wait_for_url("**century=19**")
    expect(page.locator("#f-century-19")).to_have_attribute("aria-current", "true")
    page.locator(".export summary").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    expect(page.locator("#announcer")).to_have_text("Copied")
    copied = page.evaluate("window.copied")
    assert copied == page.get_by_label("Permanent link").input_value()
    assert copied.endswith("/en/search?profession=poet&century=19")


def test_print_list_hides_controls(visit: Open) -> None:
    page = visit("/ru/search?profession=poet")
    page.locator(".export summary").click()
    page.get_by_role("link", name="Список для печати").click()
    page.wait_for_url("**/ru/search/list?profession=poet")
    expect(page.get_by_role("button", name="Печать")).to_be_visible()
    page.emulate_media(media="print")
    for hidden in ("form.field", "#language-switch", ".print-list-back", "[data-print]"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".print-list-url").nth(1)).to_be_visible()


def test_person_citation_is_copied(visit: Open) -> None:
    page = visit("/en/people/nizami-gencevi")
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("window.copied") == page.locator("#cite-apa").inner_text()
