"""Citations by keyboard, with and without scripts, on narrow screens."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open

PERSON = "uzeyir-hacibeyov"


def test_other_style_opens_by_keyboard_and_is_copied(visit: Open) -> None:
    page = visit(f"/en/people/{PERSON}")
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    expect(page.locator("#cite-apa")).to_be_visible()
    page.locator("summary", has_text="MLA 9").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cite-mla")).to_be_visible()
    # One style is open at a time.
    expect(page.locator("#cite-apa")).to_be_hidden()
    page.get_by_role("button", name="Copy").click()
    copied = str(page.wait_for_function("window.copied").json_value())
    assert copied.startswith("“Uzeyir Hajibeyov (1885–1948).” Azerbaijani Biography Bank, revision")
    assert re.search(r"/people/uzeyir-hacibeyov/revisions/\d+\.$", copied)


def test_page_without_scripts_on_a_narrow_screen(visit: Open) -> None:
    page = visit(f"/ru/people/{PERSON}", width=360, java_script_enabled=False)
    expect(page.locator("#cite-gost")).to_be_visible()
    page.locator("summary", has_text="Chicago 17").click()
    expect(page.locator("#cite-chicago")).to_be_visible()
    assert page.locator(".cite-section button:visible").count() == 0
    page.get_by_role("link", name="Все стили цитирования").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Как цитировать")
    page.locator("summary", has_text="BibTeX").click()
    expect(page.locator("#cite-bibtex")).to_contain_text(f"@misc{{{PERSON},")
    page.get_by_role("link", name="MLA 9").click()
    expect(page.locator(".cite-styles [aria-current]")).to_have_text("MLA 9")


def test_bibliography_is_copied_line_by_line(visit: Open) -> None:
    page = visit(f"/az/people/{PERSON}/cite?style=chicago")
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.get_by_role("button", name="Siyahını köçür").click()
    lines = str(page.wait_for_function("window.copied").json_value()).split("\n")
    assert [line.strip() for line in lines] == page.locator("#bibliography li").all_inner_texts()
