"""Exports of the report of an import."""

import csv
import io
import json
import re

import pytest
from flask.testing import FlaskClient

from biobank.bootstrap import Services
from biobank.i18n import LANGUAGES
from tests.support.users import send
from tests.web.desk.imports.sending import LINES, PATH, UZEYIR, sent, work


def test_the_report_is_taken_away_as_json_and_as_a_table_without_formulas(
    editors: FlaskClient, own_services: Services
) -> None:
    address = sent(editors, LINES)
    work(own_services)
    report = json.loads(editors.get(f"{address}/report.json").text)
    assert (report["new"], report["refused"], report["duplicates_found"]) == (2, 2, 1)
    assert report["duplicates"][0]["like"] == UZEYIR
    table = editors.get(f"{address}/report.csv")
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert [row["kind"] for row in rows] == ["refusal", "refusal", "duplicate"]
    assert rows[1]["id"] == "'=bad"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_examples_that_the_page_offers_are_read_as_they_are(
    editors: FlaskClient, own_services: Services, lang: str
) -> None:
    """Import the examples, which repeat people of the bank to show probable duplicates."""
    page = editors.get(f"/{lang}/desk/imports").text
    links = re.findall(r'href="(/static/examples/[^"]+)" download', page)
    files = []
    for link in links:
        with editors.get(link) as answer:
            name = link.rpartition("/")[2].partition("?")[0]
            files.append((io.BytesIO(answer.data), name))
    table, mapping = files
    address = str(send(editors, PATH, file=table, map=mapping).headers["Location"])
    work(own_services)
    report = json.loads(editors.get(f"{address}/report.json").text)
    assert (report["new"], report["refused"], report["notices"]) == (3, 0, [])
    assert {it["like"] for it in report["duplicates"]} == {
        UZEYIR,
        "nizami-gencevi",
        "xursidbanu-natevan",
    }
