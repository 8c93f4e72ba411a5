"""Embedded data of pages in a browser: no policy violation, and readable."""

import pytest

from tests.browser.conftest import Open

READ = """JSON.parse(
    document.querySelector('script[type="application/ld+json"]').textContent)["@graph"][0]["@type"]"""


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("", "WebSite"),
        ("people/uzeyir-hacibeyov", "Person"),
        ("organisations/baku-music-academy", "Organization"),
    ],
)
def test_a_block_of_data_is_no_script_to_the_strict_policy(visit: Open, path: str, type_: str) -> None:
    """Check that the data is readable; policy violations fail at teardown."""
    for lang in ("az", "en", "ru"):
        assert visit(f"/{lang}/{path}").evaluate(READ) == type_


def test_the_page_about_data_reads_without_scripts(visit: Open) -> None:
    page = visit("/az/data", width=360, java_script_enabled=False)
    assert page.get_by_role("heading", level=1).inner_text() == "Açıq məlumatlar"
    assert page.get_by_role("link", name="VoID").is_visible()
