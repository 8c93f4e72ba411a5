"""Imports: upload, report, and accessibility."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from biobank.bootstrap import Services
from biobank.exchange.imports.worker import process_pending_runs
from tests.browser.conftest import Open, serving
from tests.browser.sign_in_helper import sign_in
from tests.browser.test_accessibility import _violations, _violations_in_both, _width
from tests.support.users import add_user

EMAIL = "nigar@example.az"
LINES = (
    {
        "names": [{"text": "Узеир Гаджибеков", "lang": "ru", "kind": "preferred"}],
        "birth": {"date": "1885-09-18"},
    },
    {"names": [{"text": "Nobody", "lang": "en", "kind": "preferred"}], "professions": ["x"]},
)


@pytest.fixture
def address(own_services: Services) -> Iterator[str]:
    """Serve a bank with one editor."""
    add_user(own_services.database, "Nigar", "editor")
    with serving(own_services) as base_url:
        yield base_url


def test_file_is_uploaded_processed_and_imported(visit: Open, own_services: Services, tmp_path: Path) -> None:
    file = tmp_path / "people.jsonl"
    file.write_text("\n".join(map(json.dumps, LINES)), encoding="utf-8")
    page = visit("/az/sign-in?next=/az/desk/imports", width=360, bypass_csp=True)
    sign_in(page, EMAIL)
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Faylı yoxla").click()
    page.locator("[data-progress]").wait_for()
    pages = [page.url.rpartition("/")[0]]
    assert _violations(page) == []
    # The page script polls until the run is finished.
    process_pending_runs(own_services.database, own_services.uploads)
    page.get_by_role("button", name="Qaralama kimi saxla").wait_for(timeout=60_000)
    pages.append(page.url)
    for url in pages:
        page.goto(url)
        for width in (360, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert _violations_in_both(page) == [], (url, width)
            assert _width(page) <= width, (url, width)
