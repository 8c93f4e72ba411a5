"""The report of an import: rows on the page, with paging, and exports."""

import csv
import io
import json

import pytest
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from tests.support.pages import attributes, select, select_one, text_of
from tests.support.users import submit_form
from tests.web.desk.imports.uploads import LINES, PATH, UZEYIR, process_imports, upload


def test_show_argument_limits_the_page_to_one_list(
    editor_client: FlaskClient, own_services: Services
) -> None:
    address = upload(editor_client, LINES)
    process_imports(own_services)
    lists = "#duplicates, #refusals"
    assert attributes(editor_client.get(address).text, lists, "id") == ["duplicates", "refusals"]
    refusals = editor_client.get(f"{address}?show=refusals").text
    assert attributes(refusals, lists, "id") == ["refusals"]
    assert "Full report" in text_of(refusals)
    assert select_one(editor_client.get(f"{address}?show=nonsense").text, "#refusals") is not None


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
    assert select(page, "a[href*='gone=another']")


def test_report_is_exported_as_json_and_as_csv_without_formulas(
    editor_client: FlaskClient, own_services: Services
) -> None:
    address = upload(editor_client, LINES)
    process_imports(own_services)
    report = json.loads(editor_client.get(f"{address}/report.json").text)
    assert (report["new"], report["refused"], report["duplicates_found"]) == (2, 2, 1)
    assert report["duplicates"][0]["like"] == UZEYIR
    table = editor_client.get(f"{address}/report.csv")
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert [row["kind"] for row in rows] == ["refusal", "refusal", "duplicate"]
    assert rows[1]["id"] == "'=bad"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_offered_example_files_are_importable(
    editor_client: FlaskClient, own_services: Services, lang: str
) -> None:
    """Import the examples, which repeat people of the bank to show probable duplicates."""
    page = editor_client.get(f"/{lang}/desk/imports").text
    links = attributes(page, "a[download][href^='/static/examples/']", "href")
    files = []
    for link in links:
        with editor_client.get(link) as response:
            name = link.rpartition("/")[2].partition("?")[0]
            files.append((io.BytesIO(response.data), name))
    table, mapping = files
    address = str(submit_form(editor_client, PATH, file=table, map=mapping).headers["Location"])
    process_imports(own_services)
    report = json.loads(editor_client.get(f"{address}/report.json").text)
    assert (report["new"], report["refused"], report["notices"]) == (3, 0, [])
    assert {duplicate["like"] for duplicate in report["duplicates"]} == {
        UZEYIR,
        "nizami-gencevi",
        "xursidbanu-natevan",
    }
