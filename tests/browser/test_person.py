"""The person page in a browser."""

from playwright.sync_api import expect

from tests.browser.conftest import Open


def test_footnote_opens_in_place_and_closes(visit: Open) -> None:
    page = visit("/en/people/uzeyir-hacibeyov")
    mark = page.locator(".prose a.cite").first
    mark.click()
    note = page.get_by_role("note")
    expect(note).to_be_visible()
    expect(note).to_be_focused()
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(mark).to_be_focused()


def test_arabic_names_are_right_to_left(visit: Open) -> None:
    page = visit("/az/people/nizami-gencevi")
    name = page.locator("bdi[dir=rtl]").first
    assert name.evaluate("element => getComputedStyle(element).direction") == "rtl"
    assert name.evaluate("element => element.closest('dd').scrollWidth") <= 400


def test_language_switch_keeps_the_person(visit: Open) -> None:
    page = visit("/az/people/nizami-gencevi")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/people/nizami-gencevi")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nizami Ganjavi")


def test_related_people_have_their_medallions(visit: Open) -> None:
    page = visit("/ru/people/uzeyir-hacibeyov")
    pictures = page.locator("section .card img")
    assert pictures.count() > 5
    pictures.last.scroll_into_view_if_needed()
    expect(pictures.last).to_have_js_property("naturalWidth", 64)


def test_print_hides_controls(visit: Open) -> None:
    page = visit("/en/people/uzeyir-hacibeyov")
    page.emulate_media(media="print")
    expect(page.locator("form.field")).to_be_hidden()
    expect(page.locator("#language-switch")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
