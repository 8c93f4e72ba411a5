"""The advanced search by keyboard and without JavaScript."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open


def test_form_by_keyboard(visit: Open) -> None:
    page = visit("/az/search/advanced")
    page.locator("#words").focus()
    while page.evaluate("document.activeElement.id") != "birthplace":
        page.keyboard.press("Tab")
    page.keyboard.insert_text("шуш")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Şuşa")
    expect(page.locator("#announcer")).to_have_text(re.compile(r"\d+ təklif"))
    page.keyboard.press("ArrowDown")
    field = page.locator("#birthplace")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Şuşa; ")
    expect(field).to_be_focused()
    page.keyboard.insert_text("gən")
    expect(options.first).to_contain_text("Gəncə")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Şuşa; Gəncə; ")
    page.keyboard.press("Tab")
    expect(field).to_have_value("Şuşa; Gəncə")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("nəsimi")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("Bakı")
    page.keyboard.press("Enter")
    page.wait_for_url("**/az/search?birthplace=susa&birthplace=gence&birthplace=-baku")
    expect(page.locator(".chip")).to_have_count(3)


def test_form_without_javascript(visit: Open) -> None:
    page = visit("/en/search/advanced?gender=male", java_script_enabled=False)
    page.get_by_label("Profession", exact=True).fill("poet; композитор")
    page.get_by_label("Place of birth", exact=True).fill("Şuşya")
    page.get_by_label("Exact matches only").check()
    page.get_by_role("button", name="Search").last.click()
    alert = page.get_by_role("alert")
    alert.get_by_role("link", name="Place of birth").click()
    expect(page.get_by_label("Profession", exact=True)).to_have_value("poet; композитор")
    expect(page.get_by_label("Place of birth", exact=True)).to_have_value("Şuşya")
    page.get_by_role("link", name="Shusha", exact=True).click()
    page.wait_for_url("**/en/search?**")
    assert page.url.partition("?")[2] == (
        "profession=poet&profession=composer&birthplace=susa&gender=male&certainty=certain"
    )
