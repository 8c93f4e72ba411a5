"""Rows of an import report on the page: the first of every kind, or one kind with paging."""

from flask.testing import FlaskClient

from biobank.bootstrap import Services
from tests.support.pages import text_of
from tests.support.users import submit_form
from tests.web.desk.imports.uploads import LINES, process_imports, upload


def test_show_argument_limits_the_page_to_one_list(
    editor_client: FlaskClient, own_services: Services
) -> None:
    address = upload(editor_client, LINES)
    process_imports(own_services)
    full_page = editor_client.get(address).text
    assert 'id="duplicates"' in full_page
    assert 'id="refusals"' in full_page
    refusals = editor_client.get(f"{address}?show=refusals").text
    assert 'id="refusals"' in refusals
    assert 'id="duplicates"' not in refusals
    assert "Full report" in text_of(refusals)
    assert editor_client.get(f"{address}?show=nonsense").text.count('id="refusals"') == 1


def test_duplicates_offer_merging_once_both_are_saved(
    editor_client: FlaskClient, own_services: Services
) -> None:
    address = upload(editor_client, LINES)
    process_imports(own_services)
    assert "Merge…" not in text_of(editor_client.get(address).text)
    submit_form(editor_client, address, do="keep")
    process_imports(own_services)
    page = editor_client.get(address).text
    assert "Merge…" in text_of(page)
    assert "gone=another" in page
