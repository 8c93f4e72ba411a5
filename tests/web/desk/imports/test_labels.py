"""Import reports in the language of the page, wherever the run was executed."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.exchange.imports import service
from biobank.exchange.imports.message_texts import IMPORT_MESSAGES, PARSER_ERRORS
from biobank.exchange.imports.messages import ImportMessage, import_message
from biobank.exchange.imports.models import ImportLine, ImportRun
from biobank.exchange.imports.service import SubmittedFile
from biobank.web.desk.imports.labels import RECORD_VALIDATION_MESSAGES, location_label, message_text
from biobank.web.desk.review.labels import message_label
from tests.support.pages import text_of, texts
from tests.support.users import submit_form
from tests.web.desk.imports.uploads import process_imports, upload

#: A mapping whose table produces many problems.
MAPPING = b"""
where: {country: [AZ]}
record:
  names:
    - {text: {from: name}, lang: az, kind: preferred}
  gender: {from: sex, values: {K: male}, unknown: notice}
  birth: {date: {from: born, date: year}, place: {from: town, place: {}}}
"""
TABLE = b"""name,sex,born,town,country
Aysu Quliyeva,?,1901,baku,AZ
Nigar Quliyeva,K,nineteen,baku,AZ
Ilqar Quliyev,K,1901,Nowhere,AZ
Somebody,K,1901,baku,TR
"""
#: English words that no page of another language contains.
ENGLISH_WORDS = re.compile(r"\b(the|is no|was left|There|of the|write it)\b")


@contextmanager
def page_language(app: Flask, lang: str) -> Iterator[None]:
    """Enter the request context of a page in the language."""
    with app.test_request_context():
        g.lang = lang
        yield


def filled_message(code: str) -> ImportMessage:
    """Return the message of `code` with a value for each placeholder."""
    names = re.findall(r"%\((\w+)\)s", IMPORT_MESSAGES[code])
    values: dict[str, Any] = {name: 7 if name in ("count", "most") else name.upper() for name in names}
    special = {"fault": "cut", "problems": [{"path": "PROBLEMS", "message": "Must be a list."}]}
    return import_message(code, **values | {name: special[name] for name in special if name in values})


def checked_run(services: Services, actor: Identity, file: SubmittedFile) -> int:
    """Return the number of a run that was checked outside a request."""
    run = service.submit_file(services.database, services.uploads, actor, file)
    assert process_imports(services) == 1
    return run


@pytest.mark.parametrize("lang", ["az", "ru"])
def test_every_code_is_translated(app: Flask, lang: str) -> None:
    for code in sorted(code for code, text in IMPORT_MESSAGES.items() if text != "%(why)s"):
        entry = filled_message(code).to_dict()
        with page_language(app, lang):
            words = message_text(entry)
        with page_language(app, "en"):
            assert words != message_text(entry), code
        assert not ENGLISH_WORDS.search(words), words
        plain = entry.get("values", {}).keys() - {"fault"}
        assert all(name.upper() in words for name in plain if entry["values"][name] != 7), code
    with page_language(app, lang):
        for form, words in RECORD_VALIDATION_MESSAGES.items():
            assert str(words) not in (form, words._args[0])


@pytest.mark.parametrize("lang", ["az", "ru"])
def test_report_is_shown_in_the_page_language(
    editor_client: FlaskClient, own_services: Services, editor: Identity, lang: str
) -> None:
    file = SubmittedFile("people.csv", TABLE, mapping_name="map.yaml", mapping=MAPPING)
    address = f"/{lang}/desk/imports/{checked_run(own_services, editor, file)}"
    report = editor_client.get(address).text
    text = " ".join(texts(report, "[aria-labelledby=refusals], [aria-labelledby=notices]"))
    line = {"az": "sətir", "ru": "строка"}[lang]
    assert [f"{line} {number}" in text for number in (2, 3, 4, 5)] == [True, True, True, False]
    assert not ENGLISH_WORDS.search(text), text
    for field in ("gender", "birth.date", "birth.place"):
        assert field in texts(report, ".import-part code")
    table = editor_client.get(f"{address}/report.csv").text
    assert not ENGLISH_WORDS.search(table)
    report_json = json.loads(editor_client.get(f"{address}/report.json").text)
    assert [item["problems"][0]["code"] for item in report_json["refusals"]] == ["no_year", "place_unknown"]
    assert (
        report_json["refusals"][1]["problems"][0]["message"] == "Place not found in the database: “Nowhere”."
    )
    assert [item["code"] for item in report_json["notices"]] == ["value_unknown", "passed_over"]
    assert report_json["notices"][1]["values"] == {"count": 1}


def test_failure_is_shown_in_the_page_language(
    editor_client: FlaskClient, own_services: Services, editor: Identity
) -> None:
    file = SubmittedFile("people.xlsx", b"no workbook", mapping_name="map.yaml", mapping=MAPPING)
    address = f"desk/imports/{checked_run(own_services, editor, file)}"
    english = text_of(editor_client.get(f"/en/{address}").text)
    assert "Import failed: The XLSX file is damaged. Save it again" in english
    assert "XLSX faylı zədələnib" in text_of(editor_client.get(f"/az/{address}").text)
    report_json = json.loads(editor_client.get(f"/az/{address}/report.json").text)
    assert report_json["trouble"]["code"] == "xlsx_broken"


def test_mapping_errors_are_shown_in_the_page_language(editor_client: FlaskClient) -> None:
    invalid = b"record: {names: [{text: {from: a}}], birth: {plcae: x}, gender: {from: [], a: b}}"
    form = {"file": (io.BytesIO(TABLE), "people.csv"), "map": (io.BytesIO(invalid), "map.yaml")}
    page = text_of(submit_form(editor_client, "/ru/desk/imports", **form).text)
    assert "record.birth.plcae: Неизвестное поле." in page
    assert "record.gender.a: Неизвестный ключ в файле соответствий." in page


def test_reports_without_codes_are_shown_as_stored(
    editor_client: FlaskClient, own_services: Services
) -> None:
    address = upload(editor_client, [{"names": []}])
    process_imports(own_services)
    run = int(address.rpartition("/")[2])
    problems = [
        {"path": "", "code": "unreadable", "message": "Is no JSON: bad at character 3."},
        {"path": "id", "code": "repeated", "message": "'a' stands in this file already."},
    ]
    old = [
        ("notice", {"at": "line 1", "message": "gender: 'r' is not known; left out"}),
        ("refusal", {"at": "line 2", "id": "a", "problems": problems}),
    ]
    with own_services.database.write() as session:
        rows = [{"run_id": run, "kind": kind, "place": "", "told": text} for kind, text in old]
        session.execute(insert(ImportLine), rows)
        own_run = update(ImportRun).where(ImportRun.id == run)
        session.execute(own_run.values(state="failed", trouble="The file is odd."))
    text = text_of(editor_client.get(f"/az/desk/imports/{run}").text)
    assert "gender: 'r' is not known; left out" in text
    assert "JSON düzgün deyil: bad at character 3." in text
    assert "Bu şəxs faylda artıq var." in text
    assert "The file is odd." in text
    assert editor_client.get(f"/az/desk/imports/{run}/report.csv").status_code == 200


@pytest.mark.parametrize("lang", ["az", "ru"])
def test_every_parse_error_is_translated(app: Flask, lang: str) -> None:
    for kind in PARSER_ERRORS:
        entry = import_message("no_json", fault=kind, at=7).to_dict()
        with page_language(app, lang):
            words = message_text(entry)
        assert PARSER_ERRORS[kind] not in words
        assert not ENGLISH_WORDS.search(words), words


def test_import_message_of_a_revision_is_translated(app: Flask) -> None:
    with page_language(app, "az"):
        assert message_label("import of people.jsonl") == "İdxal: people.jsonl"
        assert message_label("the import of a word") == "the import of a word"


def test_locations_in_a_file_are_translated(app: Flask) -> None:
    with page_language(app, "ru"):
        assert location_label("line 3") == "строка 3"
        assert location_label("line 3 (Q42)") == "строка 3 (Q42)"
        assert location_label("folder/a.xml, record 2") == "folder/a.xml, запись 2"
        assert location_label("row 3.xml") == "row 3.xml"
        assert location_label("persons[3]") == "persons[3]"
        assert location_label("the file") == "файл"
