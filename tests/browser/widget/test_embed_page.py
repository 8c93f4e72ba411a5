"""The embed page: live preview, and without JavaScript."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open


def code(page: Page, which: str) -> str:
    return page.locator(f"#code-{which}").inner_text()


def test_snippet_and_preview_follow_the_form(visit: Open) -> None:
    page = visit("/en/embed")
    page.locator("#embed-live biobank-search").wait_for()
    page.get_by_label("Profession").select_option("composer")
    page.get_by_label("Theme").select_option("dark")
    page.locator("#code-element", has_text="dark").first.wait_for()
    assert 'profession="composer"' in code(page, "element")
    assert "profession=composer" in page.url
    preview = page.locator("#embed-live biobank-search")
    assert preview.get_attribute("theme") == "dark"
    preview.get_by_role("combobox").focus()
    page.keyboard.insert_text("haji")
    preview.get_by_role("option", name="Uzeyir Hajibeyov").wait_for()
    expect(page.locator("#announcer")).to_have_text("Code updated")


def test_custom_colours_are_previewed(visit: Open) -> None:
    page = visit("/az/embed")
    assert not page.locator("[name=accent]").is_visible()
    page.locator("[name=own]").check()
    page.locator("[name=accent]").fill("#006644")
    page.locator("#code-colours", has_text="#006644").wait_for()
    button = page.locator("#embed-live biobank-search button")
    colour = button.evaluate("it => getComputedStyle(it).backgroundColor")
    assert colour == "rgb(0, 102, 68)"
    page.locator("[name=accent]").fill("#cccccc")
    page.locator("#embed-result .notice", has_text=": fonla kontrast azdır (").wait_for()
    expect(page.locator("#announcer")).to_contain_text("kontrast azdır (1,5)")
    # The preview stays visible while the form scrolls.
    page.locator("[name=ink]").scroll_into_view_if_needed()
    assert page.viewport_size
    seen = page.locator("#embed-live").bounding_box()
    assert seen
    assert 0 <= seen["y"] <= page.viewport_size["height"] - seen["height"]


def _seek_a_person(visit: Open, name: str) -> Page:
    page = visit("/ru/embed")
    page.get_by_label("Карточка человека", exact=True).check()
    page.get_by_label("Имя").fill("")
    # Typed at once: on a busy machine, a prefix would get its own response.
    page.keyboard.insert_text(name)
    return page


def test_person_is_found_while_typing(visit: Open) -> None:
    page = _seek_a_person(visit, "низа")
    page.get_by_role("option", name="Низами Гянджеви").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator("#embed-live").get_by_role("link", name="Низами Гянджеви").wait_for()
    assert 'person="nizami-gencevi"' in code(page, "element")


def test_arrow_down_without_results(visit: Open) -> None:
    page = _seek_a_person(visit, "ъъъъъъъъ")
    no_results_text = page.locator("#embed-form").get_attribute("data-none")
    assert no_results_text
    page.locator("#announcer", has_text=no_results_text).wait_for(state="attached")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.get_by_label("Имя").evaluate("field => field === document.activeElement")


def test_the_page_works_without_javascript(visit_plain: Page) -> None:
    page = visit_plain
    page.goto("/en/embed")
    page.get_by_label("Profession").select_option("composer")
    page.get_by_role("button", name="Generate code").click()
    assert 'profession="composer"' in code(page, "element")
    frame = page.frame_locator(".embed-frame iframe")
    frame.get_by_role("link", name="Uzeyir Hajibeyov").wait_for()
