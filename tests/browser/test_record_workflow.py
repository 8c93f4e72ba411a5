"""The workflow of a record across its users, in their browsers.

A contributor writes it in three languages with a source and a portrait; an editor requests
changes, then publishes it; a Russian spelling matches it; the edits of two editors are merged; a
duplicate is merged and unmerged; a public correction is published with credit.
"""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from biobank.bootstrap import Services
from biobank.web.public import forms
from tests.browser.conftest import Open, serving
from tests.browser.sign_in_helper import sign_in
from tests.support.pictures import jpeg_with_metadata
from tests.support.users import add_user

PERSON = "sinaqci-uydurmazade"
NAMES = (("Sınaqçı Uydurmazadə", "az"), ("Sinagchi Uydurmazade", "en"), ("Сынагчы Уйдурмазаде", "ru"))
#: A spelling that differs from the record.
RUSSIAN = "Сынагчи Уйдурмазадэ"
TEXTS = {
    "headline-az": "uydurma bəstəkar",
    "headline-en": "made-up composer",
    "headline-ru": "вымышленный композитор",
    "biography-az": "Sınaqçı Uydurmazadə Bakıda doğulub [@science-gov-az-hacibeyli].",
    "biography-en": "Sinagchi Uydurmazade was born in Baku [@science-gov-az-hacibeyli].",
    "biography-ru": "Сынагчы Уйдурмазаде родился в Баку [@science-gov-az-hacibeyli].",
}


ROLES = {"Aygun": "contributor", "Nigar": "editor", "Sevda": "editor", "Leyla": "editor"}


@pytest.fixture
def address(own_services: Services) -> Iterator[str]:
    """Serve a bank with its indexer, as `biobank serve` does."""
    for name, role in ROLES.items():
        add_user(own_services.database, name, role)
    ended = threading.Event()
    indexer = threading.Thread(target=own_services.indexer.follow, args=(ended.is_set,))
    indexer.start()
    with serving(own_services) as base_url:
        yield base_url
    ended.set()
    indexer.join()


def test_record_workflow(visit: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MIN_FORM_AGE_SECONDS", 0)
    aygun, nigar, sevda, leyla = (_signed_in(visit, name.lower()) for name in ROLES)
    _write(aygun)
    _add_portrait(aygun, tmp_path / "portrait.jpg")
    _decide(aygun, "submit")
    _decide(nigar, "give_back", "Which year was he born?")
    _fix_and_resubmit(aygun)
    _decide(nigar, "publish", "Well done")
    _assert_searchable(visit("/ru/"))
    _edit_concurrently(nigar, sevda, leyla)
    _merge_and_undo(nigar)
    _correct(visit, sevda, nigar)


def _signed_in(visit: Open, name: str) -> Page:
    page = visit("/en/sign-in")
    sign_in(page, f"{name}@example.az")
    return page


def _open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")


def _press(page: Page, do: str) -> None:
    page.locator(f"button[name=do][value='{do}']").last.click()


def _fill(page: Page, **fields: str) -> None:
    for name, text in fields.items():
        page.locator(f"[name='{name}']").fill(text)


def _write(page: Page) -> None:
    page.goto("/en/desk/people/new")
    _open_all(page)
    for row, (text, lang) in enumerate(NAMES):
        if row:
            _press(page, "add-names")
        _fill(page, **{f"names-{row}-text": text, f"names-{row}-lang": lang})
        page.locator(f"[name='names-{row}-kind']").select_option("preferred")
    _press(page, "add-professions")
    _fill(page, **{"professions-0": "composer", **TEXTS})
    _fill(page, **{"birth-place": "baku", "sources-0": "science-gov-az-hacibeyli"})
    page.locator("[name=gender]").select_option("male")
    _press(page, "save")
    page.wait_for_url(f"**/desk/people/{PERSON}/edit?saved=1")


def _add_portrait(page: Page, file: Path) -> None:
    file.write_bytes(jpeg_with_metadata())
    page.goto(f"/en/desk/people/{PERSON}")
    page.get_by_role("link", name="Add a picture").click()
    page.locator("#file").set_input_files(file)
    page.locator("#licence").select_option("CC BY 4.0")
    _fill(page, author="Uydurma Rəssam", source="https://pictures.example/1")
    for lang in ("az", "en", "ru"):
        page.locator(f"#alt-{lang}").fill("Four squares")
    page.locator(".desk-form button[type=submit]").click()
    page.locator(".picture-attach button").first.click()
    page.wait_for_url(f"**/desk/people/{PERSON}")


def _decide(page: Page, step: str, text: str = "") -> None:
    page.goto(f"/en/desk/people/{PERSON}")
    if text:
        page.locator("#comment textarea").fill(text)
    page.locator(f"#comment button[value={step}]").click()
    page.locator(".notice[role=status]").first.wait_for()


def _fix_and_resubmit(page: Page) -> None:
    page.goto("/en/desk")
    expect(page.locator("q.desk-note").first).to_have_text("Which year was he born?")
    page.goto(f"/en/desk/people/{PERSON}/edit")
    _open_all(page)
    _fill(page, **{"birth-date": "1885-09-18"})
    _press(page, "submit")
    page.wait_for_url("**?done=submit*")


def _assert_searchable(page: Page) -> None:
    """Assert that the record becomes searchable; `benchmarks.publishing` measures how soon."""
    page.locator("#q").fill(RUSSIAN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ru/search*")
    first = page.locator(".hit").first
    for _ in range(60):
        if first.count() and "Сынагчы Уйдурмазаде" in first.inner_text():
            break
        time.sleep(0.5)
        page.reload()
    expect(first).to_contain_text("Сынагчы Уйдурмазаде")
    assert "-square.webp" in str(first.locator("img").first.get_attribute("src"))
    page.goto(f"/ru/people/{PERSON}")
    expect(page.locator("main")).to_contain_text("родился в Баку")


def _edit_concurrently(first: Page, second: Page, reader: Page) -> None:
    """Edit the same revision twice; the second editor merges both edits."""
    for page in (first, second):
        page.goto(f"/en/desk/people/{PERSON}/edit")
        _open_all(page)
    _fill(first, **{"headline-en": "composer who is made up", "birth-date": "1885"})
    _fill(second, **{"headline-en": "invented composer", "headline-ru": "придуманный композитор"})
    _press(first, "save")
    first.wait_for_url("**?saved=*")
    _press(second, "save")
    second.wait_for_url("**/conflict?copy=*")
    second.locator("textarea[name^=text-]").first.fill("invented composer, made up")
    second.locator("input[value=text]").first.check()
    second.get_by_role("button", name="Save combined version").click()
    second.wait_for_url(f"**/desk/people/{PERSON}*")
    _decide(second, "submit")
    # Neither author may publish the merged text.
    _decide(reader, "publish")
    first.goto(f"/en/people/{PERSON}")
    expect(first.locator(".person-headline")).to_contain_text("invented composer, made up")
    expect(first.locator("main")).to_contain_text("1885")
    first.goto(f"/ru/people/{PERSON}")
    expect(first.locator(".person-headline")).to_contain_text("придуманный композитор")


def _merge_and_undo(page: Page) -> None:
    page.goto(f"/en/desk/merge?kept=uzeyir-hacibeyov&gone={PERSON}")
    page.locator("[value=merge]").click()
    page.wait_for_url("**/desk/merges?done=*")
    page.goto(f"/en/people/{PERSON}")
    assert page.url.endswith("/en/people/uzeyir-hacibeyov")
    page.goto("/en/desk/merges/1")
    page.locator("main form button").click()
    page.wait_for_url("**/desk/merges?done=*")
    page.goto(f"/en/people/{PERSON}")
    expect(page.locator("h1")).to_have_text("Sinagchi Uydurmazade")


def _correct(visit: Open, drafts: Page, publishes: Page) -> None:
    page = visit(f"/en/people/{PERSON}/suggest?field=headline")
    page.locator("#text").fill("composer of the imagination")
    page.locator("#source").fill("A dictionary, p. 3")
    page.locator("#name").fill("A Careful Reader")
    page.locator(".public-actions button").click()
    page.wait_for_url("**/en/sent/*")
    drafts.goto("/en/desk/inbox")
    drafts.locator(".desk-rows a").first.click()
    _press(drafts, "apply")
    drafts.locator("#done-title").wait_for()
    _decide(drafts, "submit")
    _decide(publishes, "publish")
    page.goto(f"/en/people/{PERSON}")
    expect(page.locator(".person-headline")).to_contain_text("composer of the imagination")
    page.goto(f"/en/people/{PERSON}/history")
    expect(page.locator("main")).to_contain_text("A Careful Reader")
