"""The report of an import as a file."""

import csv
import io
import json

from flask.testing import FlaskClient

from biobank.bootstrap import Services
from tests.web.desk.imports.sending import LINES, UZEYIR, sent, work


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
