"""Search in a browser: keyboard, filters, history, three languages."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open


def test_query_finds_a_person(visit: Open) -> None:
    page = visit("/az/")
    page.get_by_role("combobox").fill("hacibeyov")
    page.keyboard.press("Enter")
    page.wait_for_url("**/az/search?q=hacibeyov")
    page.get_by_role("link", name="Üzeyir Hacıbəyov", exact=True).first.click()
    page.wait_for_url("**/az/people/uzeyir-hacibeyov")
    expect(page.get_by_role("heading", level=1)).to_have_text("Üzeyir Hacıbəyov")


def test_suggestions_by_keyboard(visit: Open) -> None:
    page = visit("/en/about")
    page.keyboard.press("/")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    page.keyboard.insert_text("uzeyir")
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Uzeyir Hajibeyov")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator("#announcer")).to_have_text(re.compile(r"\d+ suggestions?"))
    expect(options.last).to_contain_text("Search full text for “uzeyir”")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("End")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("uzeyir")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/people/uzeyir-hacibeyov")


def test_suggestions_are_grouped_and_counted(visit: Open) -> None:
    page = visit("/en/")
    page.get_by_role("combobox").fill("tiflis")
    places = page.get_by_role("group", name="Places")
    expect(places.get_by_role("option").first).to_contain_text("Tbilisi")
    expect(places.get_by_role("option").first).to_contain_text(re.compile(r"\d+ people"))
    places.get_by_role("option").first.click()
    page.wait_for_url("**/en/search?place=tbilisi")


def test_recognised_conditions_are_suggested(visit: Open) -> None:
    page = visit("/ru/")
    page.get_by_role("combobox").fill("женщины-композиторы")
    option = page.get_by_role("group", name="Поиск с фильтрами").get_by_role("option")
    expect(option).to_contain_text("Пол: женский; Профессия: композитор")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ru/search?*")
    assert parse_qs(urlsplit(page.url).query) == {"profession": ["composer"], "gender": ["female"]}


def test_last_suggestion_searches_the_words_as_typed(visit: Open) -> None:
    page = visit("/ru/")
    page.get_by_role("combobox").fill("поэты")
    expect(page.get_by_role("option").last).to_contain_text("Искать в текстах: «поэты»")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ru/search?*")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["поэты"], "literal": ["1"]}


def test_a_filter_narrows_in_place_and_the_address_can_be_shared(visit: Open) -> None:
    page = visit("/en/search?q=music")
    before = _count(page)
    page.evaluate("window.stayed = true")
    page.locator("#f-profession-pianist").click()
    page.wait_for_url("**/en/search?q=music&profession=pianist")
    chosen = page.locator("#f-profession-pianist")
    expect(chosen).to_have_attribute("aria-current", "true")
    expect(chosen).to_be_focused()
    after = _count(page)
    assert 0 < after < before
    assert page.evaluate("window.stayed") is True
    expect(page.locator("#announcer")).to_have_text(re.compile(rf"{after} "))
    shared = visit(page.url)
    assert _count(shared) == after
    page.go_back()
    page.wait_for_url("**/en/search?q=music")
    expect(page.locator("#f-profession-pianist")).not_to_have_attribute("aria-current", "true")
    assert _count(page) == before


def test_exclude_people_and_remove_chips(visit: Open) -> None:
    page = visit("/en/search?profession=composer")
    count = page.locator("#count")
    total, words = _count(page), count.inner_text()
    minus = page.locator("#facet-profession .value-not:visible").nth(1)
    label = str(minus.get_attribute("aria-label")).removeprefix("Exclude: ")
    minus.click()
    page.wait_for_url("**profession=-*")
    expect(count).not_to_have_text(words)
    assert _count(page) < total
    page.get_by_role("link", name=re.compile(f"{label} ?, remove filter")).click()
    page.wait_for_url("**/en/search?profession=composer")
    expect(count).to_have_text(words)


def test_sorting_keeps_the_query(visit: Open) -> None:
    page = visit("/en/search?profession=poet")
    page.get_by_label("Sort by").select_option("birth")
    page.wait_for_url("**/en/search?profession=poet&sort=birth")
    expect(page.get_by_label("Sort by")).to_have_value("birth")


def test_back_button_keeps_the_position(visit: Open) -> None:
    page = visit("/en/search?sort=name")
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**page=2")
    expect(page.locator(".hits")).to_have_attribute("start", "21")
    expect(page.locator("#count")).to_be_focused()
    page.evaluate("scrollTo(0, 700)")
    page.locator(".hit-name a").nth(6).click()
    page.wait_for_url("**/en/people/*")
    page.go_back()
    page.wait_for_url("**page=2")
    expect(page.locator(".hits")).to_have_attribute("start", "21")
    expect(page.locator(".hit-name").nth(6)).to_be_in_viewport()


def test_language_switch_keeps_query_and_filters(visit: Open) -> None:
    page = visit("/en/search?q=music")
    page.locator("#f-profession-pianist").click()
    page.wait_for_url("**profession=pianist")
    page.get_by_role("link", name="Русский").click()
    page.wait_for_url("**/ru/search?q=music&profession=pianist")
    expect(page.locator("#q")).to_have_value("music")
    expect(page.locator("#f-profession-pianist")).to_have_attribute("aria-current", "true")
    expect(page.locator("html")).to_have_attribute("lang", "ru")


def test_filters_open_as_a_sheet_on_a_small_screen(visit: Open) -> None:
    page = visit("/az/search", width=360, height=740)
    filters = page.locator("#filters")
    expect(filters).to_be_hidden()
    page.get_by_role("link", name="Süzgəclər").click()
    expect(filters).to_be_visible()
    page.locator("#f-profession-poet").click()
    page.wait_for_url("**profession=poet")
    expect(filters).to_be_visible()
    page.keyboard.press("Escape")
    expect(filters).to_be_hidden()
    expect(page.locator(".sheet-open .badge")).to_contain_text("1")


def _count(page: Page) -> int:
    match = re.search(r"\d+", page.locator("#count").inner_text())
    return int(match[0]) if match else 0
