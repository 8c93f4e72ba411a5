"""The site without JavaScript: plain links and forms."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open


def test_search_filter_sort_page_and_person(visit: Open) -> None:
    page = visit("/en/", java_script_enabled=False)
    page.locator("#q").fill("music")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/en/search?q=music")
    page.locator("#f-profession-pianist").click()
    page.wait_for_url("**q=music&profession=pianist")
    page.get_by_label("Sort by").select_option("birth")
    page.get_by_role("button", name="Sort", exact=True).click()
    page.wait_for_url("**sort=birth")
    expect(page.locator("#f-profession-pianist")).to_have_attribute("aria-current", "true")
    page.locator(".hit-name a").first.click()
    page.wait_for_url("**/en/people/*")
    mark = page.locator(".prose a.cite").first
    mark.click()
    assert re.search(r"#source-\d+$", page.url)


def test_date_filter_form(visit: Open) -> None:
    page = visit("/en/search?profession=poet", java_script_enabled=False)
    page.locator("#facet-dates summary").click()
    page.get_by_label("Born", exact=True).fill("1800..1850")
    page.locator("#facet-dates").get_by_role("button", name="Apply").click()
    page.wait_for_url("**born=1800..1850**")
    expect(page.locator(".chip", has_text="1800–1850")).to_be_visible()


def test_filters_on_a_small_screen(visit: Open) -> None:
    page = visit("/en/search", width=360, java_script_enabled=False)
    expect(page.locator("#filters")).to_be_hidden()
    page.locator(".sheet-open").click()
    expect(page.locator("#filters")).to_be_visible()
    page.locator("#f-profession-poet").click()
    page.wait_for_url("**profession=poet")
    expect(page.locator("#results")).to_be_visible()
