"""Frames for hosts without scripts; record texts run no scripts."""

from collections.abc import Iterator

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.items import ImportItem
from tests.browser.conftest import serving
from tests.browser.widget.conftest import Host, Visitor
from tests.support.host_site import FRAMES, host_site
from tests.support.payloads import MARK, hostile_record


def test_frames_work_where_no_script_is_allowed(host: Host) -> None:
    host.site.policy, host.site.head = FRAMES, ""
    body = (
        f'<iframe title="Search" src="{host.bank}/az/embed/search?profession=composer"></iframe>'
        f'<iframe title="Card" src="{host.bank}/ru/embed/people/uzeyir-hacibeyov"></iframe>'
    )
    page = host.open(body, java_script_enabled=False)
    frame = page.frame_locator("iframe[title=Search]")
    frame.get_by_role("searchbox").fill("haci")
    frame.get_by_role("button").click()
    link = frame.get_by_role("link", name="Soltan Hacıbəyov")
    link.wait_for()
    with page.context.expect_page() as opened:
        link.click()
    opened.value.wait_for_url(f"{host.bank}/az/people/soltan-hacibeyov")
    card = page.frame_locator("iframe[title=Card]")
    card.get_by_role("link", name="Узеир Гаджибеков").wait_for()


def test_frames_load_in_isolated_pages(host: Host) -> None:
    host.site.policy, host.site.head = FRAMES, ""
    host.site.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    page = host.open(f'<iframe src="{host.bank}/en/embed/people/nizami-gencevi"></iframe>')
    page.frame_locator("iframe").get_by_role("link", name="Nizami Ganjavi").wait_for()


@pytest.fixture
def hostile(own_services: Services) -> Iterator[str]:
    """Serve a bank with an imported hostile file."""
    items = [ImportItem("1", hostile_record())]
    report = import_people(own_services.database, items, file="hostile", actor=OPERATOR, publish=True)
    assert not report.refusals
    own_services.indexer.sync()
    with serving(own_services) as base_url:
        yield base_url


def test_record_text_runs_no_script_in_elements_or_frames(visitor: Visitor, hostile: str) -> None:
    with host_site(hostile) as site:
        site.policy += "; frame-src {bank}"
        page = visitor.open(
            site,
            '<biobank-search lang="en"></biobank-search>'
            '<biobank-person person="zererveren" lang="az"></biobank-person>'
            f'<iframe title="s" src="{hostile}/en/embed/search?q={MARK}"></iframe>'
            f'<iframe title="p" src="{hostile}/ru/embed/people/zererveren"></iframe>',
        )
        page.get_by_role("combobox").focus()
        page.keyboard.insert_text(MARK)
        page.get_by_role("option").first.wait_for()
        page.locator("biobank-person").get_by_role("link").wait_for()
        for title in "sp":
            page.frame_locator(f"iframe[title={title}]").locator("main", has_text=MARK).wait_for()
        for frame in page.frames:
            assert not frame.evaluate("'ran' in window")
        assert visitor.console == []
        page.goto(f"{hostile}/en/embed?kind=person&person=zererveren")
        page.locator("biobank-person").get_by_role("link").wait_for()
        assert not page.evaluate("'ran' in window")
