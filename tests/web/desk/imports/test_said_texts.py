"""Import reports in the language of the page, wherever the run was executed."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.exchange.importing import desk
from biobank.exchange.importing.desk import Sent
from biobank.exchange.importing.english import ENGLISH
from biobank.exchange.importing.faults import FAULTS
from biobank.exchange.importing.models import ImportLine, ImportRun
from biobank.exchange.importing.said import Said, say
from biobank.web.desk.imports.fault_texts import FAULTS as FAULT_WORDS
from biobank.web.desk.imports.form_texts import FORMS
from biobank.web.desk.imports.places import at_words
from biobank.web.desk.imports.said_texts import FORMED, WORDS
from biobank.web.desk.imports.said_words import said_words
from biobank.web.desk.review.message import message_words
from tests.support.pages import text_of
from tests.support.users import send
from tests.web.desk.imports.sending import sent, work

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
def speaking(app: Flask, lang: str) -> Iterator[None]:
    """Enter the request context of a page in the language."""
    with app.test_request_context():
        g.lang = lang
        yield


def filled(code: str) -> Said:
    """Return the message of `code` with a value for each placeholder."""
    names = re.findall(r"{(\w+)", ENGLISH[code])
    numbers = re.findall(r"{(\w+):", ENGLISH[code])
    values: dict[str, Any] = {name: 7 if name in numbers else name.upper() for name in names}
    if "fault" in values:
        values["fault"] = "cut"
    said = say(code, **values)
    if "problems" in values:
        problems = [{"path": "PROBLEMS", "message": "Must be a list."}]
        said = replace(said, values={**values, "problems": problems})
    return said


def report_of(services: Services, who: Identity, file: Sent) -> int:
    """Return the number of a run that was checked outside a request."""
    run = desk.take(services.database, services.uploads, who, file)
    assert work(services) == 1
    return run


@pytest.mark.parametrize("lang", ["az", "ru"])
def test_every_code_has_words_in_every_language(app: Flask, lang: str) -> None:
    assert WORDS.keys() == ENGLISH.keys() - FORMED
    for code in sorted(WORDS):
        told = filled(code).as_dict()
        with speaking(app, lang):
            words = said_words(told)
        with speaking(app, "en"):
            assert words != said_words(told), code
        assert not ENGLISH_WORDS.search(words), words
        names = set(re.findall(r"%\((\w+)\)s", WORDS[code]._args[0]))
        assert names <= told.get("values", {}).keys(), code
        plain = names - {"fault"}
        assert all(name.upper() in words for name in plain if told["values"][name] != 7), code
    with speaking(app, lang):
        for form, words in FORMS.items():
            assert str(words) not in (form, words._args[0])


@pytest.mark.parametrize("lang", ["az", "ru"])
def test_a_run_made_beside_the_server_is_read_in_the_language_of_the_page(
    editors: FlaskClient, own_services: Services, editor: Identity, lang: str
) -> None:
    file = Sent("people.csv", TABLE, mapping_name="map.yaml", mapping=MAPPING)
    address = f"/{lang}/desk/imports/{report_of(own_services, editor, file)}"
    report = editors.get(address).text
    told = text_of(report[report.index('id="refusals"') :])
    line = {"az": "sətir", "ru": "строка"}[lang]
    assert [f"{line} {number}" in told for number in (2, 3, 4, 5)] == [True, True, True, False]
    assert not ENGLISH_WORDS.search(told), told
    for field in ("gender", "birth.date", "birth.place"):
        assert f"<code>{field}</code>" in report
    table = editors.get(f"{address}/report.csv").text
    assert not ENGLISH_WORDS.search(table)
    kept = json.loads(editors.get(f"{address}/report.json").text)
    assert [it["problems"][0]["code"] for it in kept["refusals"]] == ["no_year", "place_unknown"]
    assert kept["refusals"][1]["problems"][0]["message"] == "There is no place 'Nowhere'."
    assert [it["code"] for it in kept["notices"]] == ["value_unknown", "passed_over"]
    assert kept["notices"][1]["values"] == {"count": 1}


def test_why_a_run_failed_is_told_in_the_language_of_the_page(
    editors: FlaskClient, own_services: Services, editor: Identity
) -> None:
    file = Sent("people.xlsx", b"no workbook", mapping_name="map.yaml", mapping=MAPPING)
    address = f"desk/imports/{report_of(own_services, editor, file)}"
    english = text_of(editors.get(f"/en/{address}").text)
    assert "It failed: The XLSX file is broken; save it anew" in english
    assert "XLSX faylı zədələnib" in text_of(editors.get(f"/az/{address}").text)
    kept = json.loads(editors.get(f"/az/{address}/report.json").text)
    assert kept["trouble"]["code"] == "xlsx_broken"


def test_mistakes_of_a_mapping_are_told_at_their_place_in_the_language_of_the_page(
    editors: FlaskClient,
) -> None:
    wrong = b"record: {names: [{text: {from: a}}], birth: {plcae: x}, gender: {from: [], a: b}}"
    form = {"file": (io.BytesIO(TABLE), "people.csv"), "map": (io.BytesIO(wrong), "map.yaml")}
    page = text_of(send(editors, "/ru/desk/imports", **form).text)
    assert "record.birth.plcae: Такого поля в записи нет." in page
    assert "record.gender.a: Такого ключа в файле соответствий нет." in page


def test_reports_from_before_there_were_codes_stand_as_they_were_kept(
    editors: FlaskClient, own_services: Services
) -> None:
    address = sent(editors, [{"names": []}])
    work(own_services)
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
        rows = [{"run_id": run, "kind": kind, "place": "", "told": told} for kind, told in old]
        session.execute(insert(ImportLine), rows)
        mine = update(ImportRun).where(ImportRun.id == run)
        session.execute(mine.values(state="failed", trouble="The file is odd."))
    told = text_of(editors.get(f"/az/desk/imports/{run}").text)
    assert "gender: 'r' is not known; left out" in told
    assert "JSON kimi oxunmur: bad at character 3." in told
    assert "Həmin şəxs faylda artıq var" in told
    assert "The file is odd." in told
    assert editors.get(f"/az/desk/imports/{run}/report.csv").status_code == 200


@pytest.mark.parametrize("lang", ["az", "ru"])
def test_every_fault_that_a_parser_finds_has_words_in_every_language(app: Flask, lang: str) -> None:
    assert FAULT_WORDS.keys() == FAULTS.keys()
    for kind in FAULTS:
        told = say("no_json", fault=kind, at=7).as_dict()
        with speaking(app, lang):
            words = said_words(told)
        assert str(FAULT_WORDS[kind]._args[0]) not in words
        assert not ENGLISH_WORDS.search(words), words


def test_that_a_revision_was_brought_in_is_told_in_the_language_of_the_page(app: Flask) -> None:
    with speaking(app, "az"):
        assert message_words("import of people.jsonl") == "İdxal: people.jsonl"
        assert message_words("the import of a word") == "the import of a word"


def test_places_in_a_file_are_told_in_words(app: Flask) -> None:
    with speaking(app, "ru"):
        assert at_words("line 3") == "строка 3"
        assert at_words("line 3 (Q42)") == "строка 3 (Q42)"
        assert at_words("folder/a.xml, record 2") == "folder/a.xml, запись 2"
        assert at_words("row 3.xml") == "row 3.xml"
        assert at_words("persons[3]") == "persons[3]"
        assert at_words("the file") == "файл"
