"""The result map by mouse, by keyboard and without JavaScript, and accessibility."""

import re
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.test_accessibility import RUN

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def _count(page: Page) -> int:
    return int(page.locator("#count").inner_text().split()[0])


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(120):
        if page.evaluate("it => document.activeElement?.matches(it)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} is not reached by keyboard")


def test_area_drawn_on_the_map_is_searched(visit: Open) -> None:
    page = visit("/en/search/map?profession=poet&tie=birth", width=1440)
    before = _count(page)
    box = page.locator("#map").bounding_box()
    assert box
    page.get_by_role("button", name="Draw a search area").click()
    expect(page.locator("#announcer")).to_contain_text("Draw a rectangle")
    expect(page.locator("#draw-hint")).to_be_visible()
    # A click selects no area, and Escape cancels drawing.
    page.mouse.click(box["x"] + 300, box["y"] + 200)
    page.keyboard.press("Escape")
    expect(page.locator("#draw")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#draw-hint")).to_be_hidden()
    page.keyboard.press("Enter")
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.8)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.3, steps=4)
    expect(page.locator(".map-drawn")).to_be_visible()
    with page.expect_navigation(url=re.compile("bbox=")):
        page.mouse.up()
    arguments = parse_qs(urlsplit(page.url).query)
    assert arguments["profession"] == ["poet"]
    assert arguments["tie"] == ["birth"]
    west, south, east, north = map(float, arguments["bbox"][0].split(","))
    assert west < east
    assert south < north
    assert 0 < _count(page) < before
    expect(page.locator(".map-area")).to_be_visible()
    expect(page.get_by_label("West")).to_have_value(re.compile(r"^\d"))
    page.get_by_role("link", name="Show all results").click()
    expect(page.locator("#count")).to_contain_text(f"{before} people")


def test_circles_are_keyboard_accessible_and_labelled(visit: Open) -> None:
    page = visit("/en/search/map?tie=birth", width=1440)
    _tab_to(page, ".map-wide .marker")
    first = page.locator(".map-wide .marker").first
    expect(first).to_be_focused()
    name = str(first.get_attribute("aria-label"))
    count = re.search(r": (\d+) people$", name)
    assert count
    page.keyboard.press("Enter")
    page.wait_for_url("**bbox=**" if "more" in name else "**birthplace=**")
    expect(page.locator("#count")).to_contain_text(f"{count[1]} people")


@pytest.mark.parametrize("width", [360, 1440])
def test_map_without_javascript(visit: Open, width: int) -> None:
    page = visit("/en/search/map?profession=poet", width=width, java_script_enabled=False)
    expect(page.get_by_role("button", name="Draw a search area")).to_be_hidden()
    # Only one picture is visible and focusable at a time.
    assert [page.locator(f".map-{name}").is_visible() for name in ("narrow", "middle", "wide")] == [
        width == 360,
        False,
        width == 1440,
    ]
    page.get_by_role("link", name="Places of birth").click()
    page.wait_for_url("**tie=birth")
    for edge, value in (("West", "44"), ("South", "38"), ("East", "51"), ("North", "x")):
        page.get_by_label(edge).fill(value)
    page.get_by_role("button", name="Search this area").click()
    expect(page.get_by_role("alert")).to_contain_text("North")
    page.get_by_label("North").fill("42")
    page.get_by_role("button", name="Search this area").click()
    page.wait_for_url("**bbox=44,38,51,42**")
    count = _count(page)
    page.get_by_role("link", name="List view").click()
    expect(page.locator("#count")).to_contain_text(f"{count} results")


@pytest.mark.parametrize("width", [360, 1440])
def test_map_has_no_axe_violations_or_horizontal_scroll(visit: Open, width: int) -> None:
    for address in ("/ru/search/map?tie=death", "/az/search/map?bbox=44,38,51&q=şair"):
        page = visit(address, width=width, bypass_csp=True)
        page.evaluate(AXE)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            violations = page.evaluate(f"({RUN})(axe)")["violations"]
            assert [
                f"{each['id']}: {node['html'][:160]} {node['failureSummary']}"
                for each in violations
                for node in each["nodes"]
            ] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= max(width, 720)
