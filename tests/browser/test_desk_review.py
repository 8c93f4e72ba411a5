"""Review of a record: submitted, returned, corrected, published, merged with another edit."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from biobank.bootstrap import Services
from biobank.editorial.revisions import history
from tests.browser.conftest import Open, serving
from tests.browser.sign_in_helper import sign_in
from tests.browser.test_accessibility import _violations_in_both, _width
from tests.support.users import add_user

RECORD = "/az/desk/people/uzeyir-hacibeyov"
LONG = "A master whose works were sung in many towns of his time and are sung there to this day"


@pytest.fixture
def address(own_services: Services) -> Iterator[str]:
    """Serve a bank with a contributor and two editors."""
    add_user(own_services.database, "Aysel", "contributor")
    add_user(own_services.database, "Nigar", "editor")
    add_user(own_services.database, "Murad", "admin")
    with serving(own_services) as base_url:
        yield base_url


def test_record_is_returned_corrected_published_and_merged(visit: Open, own_services: Services) -> None:
    writer = _signed_in(visit, "aysel", f"{RECORD}/edit")
    second_page = _signed_in(visit, "murad", f"{RECORD}/edit")
    writer.locator("#headline-en").fill(LONG)
    _press(writer, "submit")
    writer.wait_for_url("**done=submit")
    reviewer = _signed_in(visit, "nigar", "/az/desk/reviews")
    _check_accessibility(reviewer)
    reviewer.locator(".desk-rows a").first.press("Enter")
    reviewer.wait_for_url(f"**{RECORD}")
    _check_accessibility(reviewer)
    _press(reviewer, "give_back")
    expect(reviewer.get_by_role("alert")).to_be_visible()
    reviewer.locator("#text").fill("Nəyin ustadı?")
    _press(reviewer, "give_back")
    expect(reviewer.get_by_role("status").first).to_contain_text("qaytarıldı")

    writer.goto("/az/desk")
    expect(writer.locator("main")).to_contain_text("Nəyin ustadı?")
    _check_accessibility(writer)
    writer.goto(f"{RECORD}/edit")
    writer.locator("#headline-en").fill("A master of opera")
    _press(writer, "submit")
    writer.wait_for_url("**done=submit")
    reviewer.goto(RECORD)
    _press(reviewer, "publish")
    reviewer.wait_for_url("**done=publish")
    reviewer.goto("/en/people/uzeyir-hacibeyov")
    expect(reviewer.locator(".person-headline")).to_contain_text("A master of opera")

    second_page.locator("#headline-en").fill("A composer of operas")
    second_page.locator("#headline-ru").fill("Мастер оперы")
    _press(second_page, "save")
    second_page.wait_for_url("**/conflict?copy=*")
    _check_accessibility(second_page)
    # Editing the merged text selects it.
    second_page.locator("[name='text-headline.en']").fill("A master and composer of operas")
    expect(second_page.locator("[value=text]")).to_be_checked()
    second_page.locator(".conflict button").press("Enter")
    second_page.wait_for_url("**done=saved")
    with own_services.database.read() as session:
        joined = history.get_revision(session, "uzeyir-hacibeyov", 4, public=False).record
    assert joined["headline"]["en"] == "A master and composer of operas"
    assert joined["headline"]["ru"] == "Мастер оперы"
    for path in ("", "/blame", "/revisions/4", "/revisions/4/changes", "/revisions/2/redaction"):
        second_page.goto(f"{RECORD}{path}")
        _check_accessibility(second_page)
    # The checkbox of a multi-line label is aligned to its first line.
    boxes = second_page.locator("label:has([name=what])")
    boxes_and_words = [_box_and_words(box) for box in boxes.all() if LONG in box.inner_text()]
    assert boxes_and_words
    for box, words in boxes_and_words:
        assert words["height"] > 2 * box["height"]
        assert words["top"] <= box["top"] < words["top"] + box["height"]


def _box_and_words(label: Locator) -> tuple[dict[str, float], dict[str, float]]:
    read = "it => it.getBoundingClientRect().toJSON()"
    return label.locator("input").evaluate(read), label.locator("span").first.evaluate(read)


def _signed_in(visit: Open, name: str, path: str) -> Page:
    page = visit(path, bypass_csp=True)
    sign_in(page, f"{name}@example.az")
    return page


def _press(page: Page, button: str) -> None:
    page.locator(f"button[name=do][value={button}]").last.press("Enter")


def _check_accessibility(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true; })")
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert _width(page) <= width, (page.url, width)
        assert _violations_in_both(page) == [], (page.url, width)
