"""Reference records at the desk by keyboard on a small screen, and accessibility."""

from collections.abc import Iterator

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.reference import service
from biobank.records.reference.kinds import PLACE_KIND
from tests.browser.conftest import Open, serving
from tests.browser.sign_in_helper import sign_in
from tests.browser.test_accessibility import _violations, _violations_in_both, _width
from tests.support.users import add_user

EMAIL = "nigar@example.az"
DUPLICATE_PLACE = {
    "id": "test-toun",
    "kind": "town",
    "names": [{"text": "<script>alert(1)</script>", "lang": "en"}],
    "broader": "baku",
}
PATHS = (
    "terms",
    "terms?new=1",
    "terms/profession/composer",
    "places/test-toun",
    "places/baku?merge=test-toun",
    "organisations/mit",
    "sources?q=hacıbəyov",
    "sources?new=1",
)


@pytest.fixture
def address(own_services: Services) -> Iterator[str]:
    """Serve a bank with one editor and a duplicate place."""
    add_user(own_services.database, "Nigar", "editor")
    service.add_record(own_services.database, OPERATOR, PLACE_KIND, DUPLICATE_PLACE)
    with serving(own_services) as address:
        yield address


def test_place_is_edited_merged_and_split_by_keyboard(visit: Open) -> None:
    page = visit("/az/desk/places/test-toun", width=360, height=740)
    sign_in(page, EMAIL)
    page.locator("#names-1-text").focus()
    page.keyboard.type("Sınaqkənd")
    page.keyboard.press("Tab")
    page.keyboard.type("az")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Sınaqkənd')")
    page.goto("/az/desk/places/baku")
    page.locator("#merge").focus()
    page.keyboard.type("test-toun")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Birləşdir").press("Enter")
    page.get_by_role("button", name="Birləşdirməni geri qaytar").press("Enter")
    page.wait_for_url("**/places/test-toun")
    assert page.locator("#names-1-text").input_value() == "Sınaqkənd"


def test_references_are_selected_by_name(visit: Open) -> None:
    page = visit("/ru/desk/terms/profession/ashug", width=360)
    sign_in(page, EMAIL)
    assert page.locator("#broader-0").input_value() == "музыкант (musician)"
    assert page.locator("#broader-2").get_attribute("list") is None
    page.locator("#broader-2").focus()
    # Typed at once: on a busy machine, a prefix would get its own response.
    page.keyboard.insert_text("рома")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#broader-2").input_value() == "романист (novelist)"


def test_reference_pages_have_no_axe_violations(visit: Open) -> None:
    page = visit("/ru/desk/places/baku", bypass_csp=True)
    sign_in(page, EMAIL)
    for path in PATHS:
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"/ru/desk/{path}")
            assert _width(page) <= width, (path, width)
            assert _violations_in_both(page) == [], (path, width)
    page.goto("/ru/desk/places/baku")
    page.locator("#lat").fill("north")
    page.locator("#lat").press("Enter")
    page.get_by_role("alert").wait_for()
    assert _violations(page) == []
