"""Exports can be parsed again, whatever the names of people contain."""

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from biobank.bootstrap import Services
from biobank.exchange.answers import atom, csv_table
from biobank.exchange.answers.edition import Edition, records_of
from biobank.exchange.answers.formats import FORMATS
from biobank.exchange.answers.references import write_bibtex, write_ris
from biobank.exchange.citing.bibtex import ESCAPES
from biobank.exchange.csv_rows import defused
from biobank.exchange.xml_text import xml_text
from biobank.records.catalogue import Catalogue
from biobank.records.dates import parse_date
from biobank.records.days import day_of, iso_day
from biobank.records.people import queries
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.store.session import Database
from tests.support import records as strategies
from tests.support import seed
from tests.support.jsonl import import_lines
from tests.support.references import check_atom, read_bibtex, read_ris

Record = dict[str, Any]
ADDRESS = "https://bank.example/people/"
HOSTILE = (
    "Ə\nER  - \nTY  - BOOK",
    "Ə\r\n\r\nTY  - BOOK",
    "Ə},\n  author = {Nobody",
    "Ə{ \\{ } \\input{/etc/passwd}",
    "Ə & 100 % $x_1^2$ #1 ~",
    'Ə "quoted", and; more | still',
    "Ə ]]> <script>&amp;",
    "Ə\u2028TY  - BOOK\u0085ER  - ",
)


@pytest.fixture(scope="module")
def edition(services: Services) -> Edition:
    return _edition(services.catalogue(), "az")


@pytest.fixture(scope="module")
def everybody(services: Services) -> list[Record]:
    with services.database.read() as session:
        return [record for step in queries.walk(session) for record in step.values()]


def _edition(catalogue: Catalogue, lang: str) -> Edition:
    bank = "Azərbaycan Bioqrafiya Bankı"
    return Edition(catalogue, lang, bank, lambda id_: ADDRESS + id_, date(2026, 11, 25))


def _called(*texts: str) -> list[Record]:
    return [
        {
            "id": f"person-{number}",
            "names": [{"text": text, "lang": "az", "kind": "preferred"}],
            "headline": {"az": text},
        }
        for number, text in enumerate(texts)
    ]


def _rows(records: Iterable[Record], edition: Edition) -> list[dict[str, str]]:
    text = "".join(csv_table.write(records, edition))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))


def test_csv_has_a_row_a_person_with_all_that_is_told(
    services: Services, everybody: list[Record], edition: Edition
) -> None:
    rows = _rows(everybody, edition)
    assert [row["id"] for row in rows] == [record["id"] for record in everybody]
    for row, record in zip(rows, everybody, strict=True):
        assert None not in row
        assert row["url"] == ADDRESS + record["id"]
        texts = {name["text"] for name in record["names"]}
        told = {row["name_az"], row["name_en"], row["name_ru"], *row["other_names"].split(" | ")}
        assert told - {""} == texts
        assert row["profession_ids"].split(" | ") == record["professions"]
        assert row["sources"] == str(len(record["sources"]))
        assert row["birth_date"] == (record.get("birth") or {}).get("date", "")


def test_csv_dates_are_told_as_written_and_as_days(edition: Edition) -> None:
    (record,) = _called("Ə")
    record |= {"birth": {"date": "1141~"}, "death": {"date": "[1209..]"}}
    (row,) = _rows([record], edition)
    assert (row["birth_date"], row["death_date"]) == ("1141~", "[1209..]")
    assert (row["birth_earliest"], row["birth_latest"]) == ("1136-01-01", "1146-12-31")
    assert (row["death_earliest"], row["death_latest"]) == ("1209-01-01", "")


def test_csv_tells_labels_in_the_language_of_the_page(services: Services) -> None:
    record = {**seed.person("uzeyir-hacibeyov"), "identifiers": {"wikidata": "Q317397"}}
    found = {
        lang: _rows([record], _edition(services.catalogue(), lang))[0]
        for lang in ("az", "en", "ru")
    }
    assert found["az"]["name"] == "Üzeyir Hacıbəyov"
    assert found["en"]["birth_place"] == "Aghjabadi"
    assert found["ru"]["professions"].startswith("композитор | ")
    assert found["en"]["wikidata"] == "Q317397"
    assert found["az"]["death_place"] == "Bakı"


def test_csv_lines_end_as_the_standard_says(everybody: list[Record], edition: Edition) -> None:
    for line in csv_table.write(everybody, edition):
        assert line.endswith("\r\n")
        assert "\n" not in line.removesuffix("\r\n")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1",
        "-2003 ə",
        "-",
        "'=1",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_defused(edition: Edition, text: str) -> None:
    assert defused(text) == f"'{text}"
    (row,) = _rows(_called(text), edition)
    assert row["name"] == row["headline"] == f"'{text}"


def test_a_date_before_our_era_stays_a_date(edition: Edition) -> None:
    (record,) = _called("Ə")
    for text in ("-0043", "-0043-03-15", "-01XX", "-0043/-0027", "-0043~"):
        record["birth"] = {"date": text}
        (row,) = _rows([record], edition)
        assert row["birth_date"] == text
        assert row["birth_earliest"].startswith(("-0", "0"))
        assert parse_date(row["birth_date"]).text == text


@given(st.integers(day_of(-3000, 1, 1), day_of(3000, 1, 1)))
def test_a_day_as_iso_writes_it_is_that_day(day: int) -> None:
    found = parse_date(iso_day(day))
    assert (found.earliest, found.latest) == (day, day)


def test_json_lines_are_records_that_import_reads(
    everybody: list[Record], edition: Edition
) -> None:
    lines = list(FORMATS["jsonl"].write(everybody, edition))
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in lines)
    read = [json.loads(line) for line in lines]
    assert read == everybody
    assert [load(person_schema, record) for record in read] == everybody


def test_ris_has_an_article_of_an_encyclopaedia_a_person(
    everybody: list[Record], edition: Edition
) -> None:
    entries = read_ris("".join(write_ris(everybody, edition)))
    assert [entry["UR"] for entry in entries] == [[ADDRESS + one["id"]] for one in everybody]
    uzeyir = next(entry for entry in entries if entry["ID"] == ["uzeyir-hacibeyov"])
    assert uzeyir["TY"] == ["ENCYC"]
    assert uzeyir["TI"] == ["Üzeyir Hacıbəyov (1885–1948)"]
    assert uzeyir["T2"] == ["Azərbaycan Bioqrafiya Bankı"]
    assert uzeyir["LA"] == ["az"]
    assert uzeyir["KW"][:2] == ["bəstəkar", "dirijor"]
    assert uzeyir["Y2"] == ["2026/11/25"]
    assert "Koroğlu" in uzeyir["AB"][0]


def test_bibtex_has_an_entry_a_person(everybody: list[Record], edition: Edition) -> None:
    entries = read_bibtex("".join(write_bibtex(everybody, edition)))
    assert list(entries) == [record["id"] for record in everybody]
    uzeyir = entries["uzeyir-hacibeyov"]
    assert uzeyir["title"] == "{Üzeyir Hacıbəyov (1885–1948)}"
    assert uzeyir["url"] == ADDRESS + "uzeyir-hacibeyov"
    assert uzeyir["howpublished"] == "Azərbaycan Bioqrafiya Bankı"
    assert uzeyir["urldate"] == "2026-11-25"
    assert uzeyir["langid"] == "azerbaijani"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_name_breaks_out_of_its_entry(edition: Edition, text: str) -> None:
    records = _called("Ə", text, "Z")
    plain = " ".join(text.split())
    assert [row["name"] for row in _rows(records, edition)] == ["Ə", text, "Z"]
    entries = read_ris("".join(write_ris(records, edition)))
    assert [entry["TI"] for entry in entries] == [["Ə"], [plain], ["Z"]]
    fields = read_bibtex("".join(write_bibtex(records, edition)))
    assert [*fields] == ["person-0", "person-1", "person-2"]
    assert _unescaped(fields["person-1"]["title"][1:-1]) == plain
    assert not re.search(r"(?<!\\)[&%$#_]", fields["person-1"]["abstract"])


@settings(max_examples=60)
@given(strategies.records())
def test_any_record_can_be_taken_away(services: Services, record: Record) -> None:
    for lang in ("az", "en", "ru"):
        edition = _edition(services.catalogue(), lang)
        (row,) = _rows([record], edition)
        name = edition.name(record)
        assert row["name"] in (name, f"'{name}")
        (entry,) = read_ris("".join(write_ris([record], edition)))
        assert entry["TI"][0].startswith(" ".join(name.split()))
        assert [*read_bibtex("".join(write_bibtex([record], edition)))] == [record["id"]]


def test_everybody_is_read_in_steps_that_hold_nothing_between(database: Database) -> None:
    number = queries.CHUNK * 2 + 50
    people = _called(*(f"Ə {number}" for number in range(number)))
    assert not import_lines(database, people).refusals
    ids = [person["id"] for person in reversed(people)]
    reads: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM people" in statement:
            reads.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    found = records_of(database, ids)
    assert next(found)["id"] == ids[0]
    assert len(reads) == 1
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert [record["id"] for record in found] == ids[1:]
    assert len(reads) == 3


@pytest.mark.parametrize("text", [*HOSTILE, "Ə\x00\x0b\ufffe\ud800"])
def test_a_feed_is_what_the_standard_asks_for(text: str) -> None:
    moment = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    entries = [
        atom.Entry(f"{ADDRESS}{number}", text, text, moment, f"{ADDRESS}{number}?<&>")
        for number in range(2)
    ]
    feed = atom.Feed(f"{ADDRESS}?q=a&b", text, "az", text, ADDRESS, ADDRESS, ADDRESS, entries)
    root = ElementTree.fromstring(atom.as_xml(feed))
    check_atom(root)
    shown = xml_text(text).replace("\r\n", "\n")
    assert root.findtext("{*}title") == shown
    assert [one.findtext("{*}title") for one in root.findall("{*}entry")] == [shown, shown]
    assert root.findtext("{*}updated") == "2026-11-25T09:30:00Z"


def test_a_feed_of_nobody_is_a_feed() -> None:
    feed = atom.Feed(ADDRESS, "Ə", "az", "Ə", ADDRESS, ADDRESS, ADDRESS, ())
    check_atom(ElementTree.fromstring(atom.as_xml(feed)))


def _unescaped(text: str) -> str:
    for letter, written in ESCAPES.items():
        if letter != ord("\\"):
            text = text.replace(str(written), chr(letter))
    return text.replace(r"\textbackslash{}", "\\")
