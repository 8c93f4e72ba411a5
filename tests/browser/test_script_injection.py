"""Script injection: hostile texts of an imported file are escaped on every page."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.items import ImportItem
from biobank.web.browse.entries import OTHER_WORD
from tests.browser.conftest import Open, serving
from tests.support.payloads import MARK, hostile_record

PERSON = "zererveren"
PAGES = (
    f"search?q={MARK}",
    f"search/list?q={MARK}",
    f"search/advanced?q={MARK}",
    f"people/{PERSON}",
    f"people/{PERSON}/history",
    f"people/{PERSON}/revisions/1",
    f"people/{PERSON}/revisions/2/changes",
)
#: The list that names the person: a name in Latin script is among "other scripts" on Russian pages.
LETTER_PAGES = {"az": "browse/letter/Z", "en": "browse/letter/Z", "ru": f"browse/letter/{OTHER_WORD}"}


@pytest.fixture
def address(own_services: Services) -> Iterator[str]:
    """Serve a bank with a hostile file imported twice, so that there is a difference."""
    for headline in ("first", "second"):
        record: dict[str, Any] = hostile_record(PERSON)
        record["headline"]["en"] += headline
        record["works"][0]["title"]["az"] += headline
        items = [ImportItem("1", record)]
        report = import_people(own_services.database, items, file="hostile", actor=OPERATOR, publish=True)
        assert not report.refusals
    own_services.indexer.sync()
    with serving(own_services) as base_url:
        yield base_url


def ran(page: Page) -> bool:
    return bool(page.evaluate("'ran' in window"))


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_no_text_of_a_file_runs_on_any_page(visit: Open, lang: str) -> None:
    # Console messages, including policy violations, fail at teardown.
    page = visit(f"/{lang}/")
    for path in (*PAGES, LETTER_PAGES[lang]):
        response = page.goto(f"/{lang}/{path}")
        assert response
        assert response.status == 200, path
        assert MARK in page.content(), path
        assert not ran(page), path


def test_no_text_runs_in_suggestions(visit: Open) -> None:
    page = visit("/en/")
    page.get_by_role("combobox").fill(MARK)
    page.get_by_role("option").first.wait_for()
    assert not ran(page)
