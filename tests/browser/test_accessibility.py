"""Accessibility: no axe violations and no horizontal scrolling on every kind of page."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.support.profiles import every

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
PAGES = (
    "",
    "search?q=hacibeyov",
    "search?profession=poet&profession=-ashug&q=gence",
    "search?q=qqqxyzzy&profession=poet",
    "search?q=who+wrote+the+music+of+the+anthem",
    "search?q=когда+родился+Муслим+Магомаев",
    "search/list?profession=poet",
    "search/values/place?q=poet&place=-moscow",
    "search/help",
    "search/advanced",
    "search/advanced?ask=1&birthplace=Şuşya&not_profession=poet&born_from=long+ago",
    "people/uzeyir-hacibeyov",
    "people/nizami-gencevi",
    "people/nizami-gencevi/cite",
    "people/nizami-gencevi/history",
    "people/nizami-gencevi/revisions/1",
    "people/nizami-gencevi/revisions/1/changes",
    "organisations/baku-music-academy",
    "browse/",
    "browse/letter/M",
    "browse/profession/musician",
    "browse/place/baku",
    "browse/century/20",
    "on-this-day?month=9&day=18",
    "about",
    "embed",
    "embed?kind=person&own=1",
    "embed/search?q=hacibeyov",
    "embed/people/nizami-gencevi",
    "data",
    "people/nobody",
)
#: No rule of these tags needs the style sheets, which axe would otherwise load a second time.
RUN = """axe => axe.run(document, {resultTypes: ["violations"], preload: {assets: ["media"]},
runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}})"""
#: The rules about colours; the others do not depend on the colour scheme.
RUN_COLOURS = """axe => axe.run(document, {resultTypes: ["violations"], preload: false,
runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]}})"""


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_the_screen_and_have_no_axe_violations(visit: Open, path: str, lang: str) -> None:
    # Colours do not depend on the language, names and lengths do.
    scheme = "light" if lang == "ru" else "dark"
    # The content security policy forbids foreign scripts such as axe.
    page = visit(f"/{lang}/{path}", width=360, height=740, color_scheme=scheme, bypass_csp=True)
    assert _width(page) <= 360
    page.set_viewport_size({"width": 720, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert _width(page) <= 720
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": 1280, "height": 900})
    if lang == "az":
        assert _violations_in_both(page) == []
    elif every() == 1 or lang == ("en", "ru")[PAGES.index(path) % 2]:
        # Markup does not depend on the language, labels do.
        assert _violations(page) == []


def test_opened_controls_have_no_axe_violations(visit: Open) -> None:
    page = visit("/en/", bypass_csp=True)
    page.get_by_role("combobox").fill("mu")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert _violations_in_both(page) == []
    page = visit("/az/search?profession=poet", width=360, bypass_csp=True)
    page.locator(".sheet-open").click()
    assert _violations_in_both(page) == []
    for width in (360, 1440):
        page = visit("/en/search?q=poet", width=width, bypass_csp=True)
        page.locator(".export summary").click()
        assert _violations_in_both(page) == []
        assert _width(page) <= width
        page = visit("/ru/search/advanced", width=width, bypass_csp=True)
        page.locator("#near").fill("нахич")
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("ArrowDown")
        assert _violations_in_both(page) == []
        assert _width(page) <= width
    for width in (360, 1440):
        address = "/en/search?q=%22hacibeyof+profession:poett&born=1880..1889&sort=birth&place=baku"
        page = visit(address, width=width, bypass_csp=True)
        if width == 360:
            assert _violations_in_both(page) == []
            page.locator(".sheet-open").click()
        page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
        assert _violations_in_both(page) == []
        assert _width(page) <= width
    for width in (360, 1440):
        page = visit("/az/people/nizami-gencevi", width=width, bypass_csp=True)
        page.locator(".share summary").click()
        assert _violations_in_both(page) == []
        assert _width(page) <= width
    page = visit("/ru/people/uzeyir-hacibeyov", bypass_csp=True)
    page.locator(".prose a.cite").first.click()
    assert _violations_in_both(page) == []


def test_first_tab_skips_to_content(visit: Open) -> None:
    page = visit("/en/people/nizami-gencevi")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def _violations_in_both(page: Page) -> list[str]:
    """Return all axe violations in the light scheme and colour violations in the dark one."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    in_light = _violations(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return [*in_light, *(f"dark: {violation}" for violation in _violations(page, RUN_COLOURS))]


def _violations(page: Page, run: str = RUN) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    result = page.evaluate(f"({run})(axe)")
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def _width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))
