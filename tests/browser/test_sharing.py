"""Sharing a person by links or the native share dialog; nothing is loaded before."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

NIZAMI = "/ru/people/nizami-gencevi"
#: Simulates the Web Share API: records what is shared, or fails.
SHARING = """
window.shared = [];
Object.defineProperty(navigator, "canShare", { value: () => true });
Object.defineProperty(navigator, "share", { value: (data) => {
  window.shared.push(data);
  return window.failing ? Promise.reject(new DOMException("", window.failing)) : Promise.resolve();
} });
"""


def _open(page: Page) -> bool:
    return bool(page.evaluate("document.querySelector('.share').open"))


def test_the_menu_opens_and_closes_by_keyboard_and_copies_the_address(visit: Open) -> None:
    page = visit(NIZAMI, permissions=["clipboard-read", "clipboard-write"])
    summary = page.locator(".share summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert _open(page)
    assert page.get_by_role("link", name="Telegram").is_visible()
    page.locator(".share button[data-copy]").click()
    page.get_by_text("Скопировано").first.wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url
    page.keyboard.press("Escape")
    assert not _open(page)
    assert page.evaluate("document.activeElement.className").startswith("button")
    summary.click()
    page.locator("h1").click()
    assert not _open(page)


def test_the_links_are_there_without_javascript(visit: Open) -> None:
    page = visit(NIZAMI, width=360, java_script_enabled=False)
    page.locator(".share summary").click()
    links = page.locator(".share-menu a")
    assert links.count() == 7
    assert all(link.is_visible() for link in links.all())
    assert not page.locator(".share button[data-copy]").is_visible()
    assert page.locator("#share-address").input_value() == page.url


def test_native_share_on_a_phone(visit: Open) -> None:
    page = visit("/en/about", width=360, has_touch=True, is_mobile=True)
    page.add_init_script(SHARING)
    page.goto(NIZAMI)
    page.locator(".share summary").click()
    data = page.evaluate("window.shared")
    assert data == [{"title": "Низами Гянджеви", "url": page.url}]
    assert not _open(page)
    # A cancelled dialog does nothing; if sharing fails, the links are shown.
    page.evaluate("window.failing = 'AbortError'")
    page.locator(".share summary").click()
    page.wait_for_function("window.shared.length === 2")
    assert not _open(page)
    page.evaluate("window.failing = 'NotAllowedError'")
    page.locator(".share summary").click()
    expect(page.locator(".share")).to_have_attribute("open", "")


def test_a_day_is_chosen_without_javascript(visit: Open) -> None:
    page = visit("/az/on-this-day?month=9&day=18", java_script_enabled=False)
    page.get_by_label("Gün", exact=True).select_option("23")
    page.get_by_label("Ay", exact=True).select_option("noyabr")
    page.locator(".day-nav button").click()
    page.wait_for_url("**/az/on-this-day?day=23&month=11")
    expect(page.get_by_role("link", name="Üzeyir Hacıbəyov")).to_be_visible()
    page.locator(".day-nav a[rel=next]").click()
    page.wait_for_url("**month=11&day=24")
