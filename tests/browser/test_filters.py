"""Filters by keyboard: year sliders, value trees, filtering of values."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open


def test_sliders_set_the_years_and_the_bars_show_them(visit: Open) -> None:
    page = visit("/en/search?profession=poet")
    slider = page.get_by_role("slider", name="Year of birth: to")
    last = int(str(slider.get_attribute("aria-valuetext")))
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", str(last - 30))
    expect(page.get_by_label("Year of birth: to").and_(page.locator("input[type=number]"))).to_have_value(
        str(last - 30)
    )
    chosen = page.locator(".decades a.is-chosen")
    assert chosen.count() == page.locator(".decades a").count() - 3
    first = page.get_by_role("slider", name="Year of birth: from")
    first.focus()
    page.keyboard.press("End")
    # The sliders keep a distance of at least a decade.
    expect(first).to_have_attribute("aria-valuetext", str(last - 39))
    page.get_by_role("button", name="Apply").first.press("Enter")
    page.wait_for_url(f"**/en/search?profession=poet&born={last - 39}..{last - 30}")
    expect(page.locator(".decades a.is-chosen")).to_have_count(1)


def test_bar_filters_its_decade(visit: Open) -> None:
    page = visit("/en/search")
    page.locator(".decades a[data-first='1880']").click()
    page.wait_for_url("**/en/search?born=1880..1889")
    expect(page.locator(".decades a[data-first='1880']")).to_have_class("is-chosen")
    page.locator(".decades a[data-first='1880']").click()
    page.wait_for_url("**/en/search")


def test_branch_expands_by_keyboard_and_keeps_its_state(visit: Open) -> None:
    page = visit("/en/search?q=poet&literal=1")
    branch = page.locator("#within-f-profession-journalist")
    summary = branch.locator("> summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(branch).to_have_attribute("open", "")
    page.locator("#f-profession-publicist").press("Enter")
    page.wait_for_url("**profession=publicist**")
    expect(page.locator("#f-profession-publicist")).to_be_focused()
    expect(page.locator("#q")).to_have_value("poet")
    hidden = page.locator("form.field input[name=profession]")
    expect(hidden).to_have_attribute("value", "publicist")


def test_typing_filters_facet_values(visit: Open) -> None:
    page = visit("/az/search")
    page.locator("#facet-place summary").first.click()
    field = page.get_by_role("searchbox", name=re.compile("siyahıda tap", re.IGNORECASE)).nth(2)
    field.fill("susa")
    expect(page.locator("#f-place-susa")).to_be_visible()
    expect(page.locator("#f-place-azerbaijan")).to_be_visible()
    expect(page.locator("#f-place-moscow")).to_be_hidden()
    all_values = page.locator("#facet-place .facet-all a")
    expect(all_values).to_have_attribute("href", re.compile("find=susa$"))
    field.fill("")
    expect(page.locator("#f-place-susa")).to_be_hidden()
    expect(all_values).to_have_attribute("href", re.compile("values/place$"))


def test_years_are_chosen_by_keyboard_without_scripts(visit: Open) -> None:
    page = visit("/en/search?q=opera", java_script_enabled=False)
    expect(page.get_by_role("slider")).to_have_count(0)
    page.locator("#born-from").fill("1900")
    page.locator("#born-from").press("Enter")
    page.wait_for_url("**/en/search?q=opera&born=1900..")
    page.locator(".decades-table > summary").press("Enter")
    page.locator(".decades-table a").first.press("Enter")
    page.wait_for_url("**/en/search?q=opera&born=*9")
    expect(page.locator(".decades-table a[aria-current]")).to_have_count(1)


def test_all_values_page_without_scripts(visit: Open) -> None:
    page = visit("/en/search?gender=male", java_script_enabled=False)
    page.locator("#facet-profession .facet-all a").press("Enter")
    page.locator("#find").fill("composer")
    page.locator("#find").press("Enter")
    page.wait_for_url("**/en/search/values/profession?gender=male&find=composer")
    page.locator(".value-not").press("Enter")
    page.wait_for_url("**/en/search?profession=-composer&gender=male")


def test_query_line_closes_like_a_menu(visit: Open) -> None:
    page = visit("/en/search?q=opera&profession=composer")
    line = page.locator("#line")
    summary = page.locator(".query-syntax summary")
    summary.press("Enter")
    expect(line).to_have_text("opera profession:composer")
    page.keyboard.press("Escape")
    expect(line).to_be_hidden()
    expect(summary).to_be_focused()
    summary.press("Enter")
    page.locator(".export summary").press("Enter")
    expect(line).to_be_hidden()
    expect(page.locator(".export-menu")).to_be_visible()
