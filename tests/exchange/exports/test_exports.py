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
from biobank.exchange.exports.context import ExportContext, iter_records
from biobank.exchange.exports.formats import EXPORT_FORMATS
from biobank.exchange.formats import atom
from biobank.exchange.formats.citations.reference_managers import TEX_ESCAPES
from biobank.exchange.formats.csv import escape_formula, write_csv
from biobank.exchange.formats.xml import strip_invalid_xml
from biobank.records.catalogue import Catalogue
from biobank.records.dates import parse_date
from biobank.records.people import queries
from biobank.records.people.schemas import person_schema
from biobank.records.proleptic_calendar import format_iso, to_ordinal
from biobank.records.validation import load_validated
from biobank.store.session import Database
from tests.support import records as strategies
from tests.support import seed
from tests.support.jsonl import import_lines
from tests.support.profiles import scaled
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
def context(services: Services) -> ExportContext:
    return make_context(services.catalogue(), "az")


@pytest.fixture(scope="module")
def all_people(services: Services) -> list[Record]:
    with services.database.read() as session:
        return [record for step in queries.iter_chunks(session) for record in step.values()]


def make_context(catalogue: Catalogue, lang: str) -> ExportContext:
    return ExportContext(catalogue, lang, lambda id_: ADDRESS + id_, date(2026, 11, 25))


def people_named(*texts: str) -> list[Record]:
    return [
        {
            "id": f"person-{number}",
            "names": [{"text": text, "lang": "az", "kind": "preferred"}],
            "headline": {"az": text},
        }
        for number, text in enumerate(texts)
    ]


def _rows(records: Iterable[Record], context: ExportContext) -> list[dict[str, str]]:
    text = "".join(write_csv(records, context))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))


def test_csv_has_one_complete_row_per_person(
    services: Services, all_people: list[Record], context: ExportContext
) -> None:
    rows = _rows(all_people, context)
    assert [row["id"] for row in rows] == [record["id"] for record in all_people]
    for row, record in zip(rows, all_people, strict=True):
        assert None not in row
        assert row["url"] == ADDRESS + record["id"]
        texts = {name["text"] for name in record["names"]}
        row_names = {row["name_az"], row["name_en"], row["name_ru"], *row["other_names"].split(" | ")}
        assert row_names - {""} == texts
        assert row["profession_ids"].split(" | ") == record["professions"]
        assert row["sources"] == str(len(record["sources"]))
        assert row["birth_date"] == (record.get("birth") or {}).get("date", "")


def test_csv_has_dates_as_written_and_as_days(context: ExportContext) -> None:
    (record,) = people_named("Ə")
    record |= {"birth": {"date": "1141~"}, "death": {"date": "[1209..]"}}
    (row,) = _rows([record], context)
    assert (row["birth_date"], row["death_date"]) == ("1141~", "[1209..]")
    assert (row["birth_earliest"], row["birth_latest"]) == ("1136-01-01", "1146-12-31")
    assert (row["death_earliest"], row["death_latest"]) == ("1209-01-01", "")


def test_csv_labels_are_in_the_export_language(services: Services) -> None:
    record = {**seed.person("uzeyir-hacibeyov"), "identifiers": {"wikidata": "Q317397"}}
    rows = {lang: _rows([record], make_context(services.catalogue(), lang))[0] for lang in ("az", "en", "ru")}
    assert rows["az"]["name"] == "Üzeyir Hacıbəyov"
    assert rows["en"]["birth_place"] == "Aghjabadi"
    assert rows["ru"]["professions"].startswith("композитор | ")
    assert rows["en"]["wikidata"] == "Q317397"
    assert rows["az"]["death_place"] == "Bakı"


def test_csv_lines_end_with_crlf(all_people: list[Record], context: ExportContext) -> None:
    for line in write_csv(all_people, context):
        assert line.endswith("\r\n")
        assert "\n" not in line.removesuffix("\r\n")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", "＝1", "-2003 ə", "-", "'=1"]
)
def test_formula_cells_are_escaped(context: ExportContext, text: str) -> None:
    assert escape_formula(text) == f"'{text}"
    (row,) = _rows(people_named(text), context)
    assert row["name"] == row["headline"] == f"'{text}"


def test_bce_dates_are_not_escaped(context: ExportContext) -> None:
    (record,) = people_named("Ə")
    for text in ("-0043", "-0043-03-15", "-01XX", "-0043/-0027", "-0043~"):
        record["birth"] = {"date": text}
        (row,) = _rows([record], context)
        assert row["birth_date"] == text
        assert row["birth_earliest"].startswith(("-0", "0"))
        assert parse_date(row["birth_date"]).text == text


@given(st.integers(to_ordinal(-3000, 1, 1), to_ordinal(3000, 1, 1)))
def test_iso_day_round_trips(day: int) -> None:
    parsed = parse_date(format_iso(day))
    assert (parsed.earliest, parsed.latest) == (day, day)


def test_json_lines_are_importable(all_people: list[Record], context: ExportContext) -> None:
    lines = list(EXPORT_FORMATS["jsonl"].write(all_people, context))
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in lines)
    read = [json.loads(line) for line in lines]
    assert read == all_people
    assert [load_validated(person_schema, record) for record in read] == all_people


def test_ris_has_one_encyclopaedia_entry_per_person(all_people: list[Record], context: ExportContext) -> None:
    entries = read_ris("".join(EXPORT_FORMATS["ris"].write(all_people, context)))
    assert [entry["UR"] for entry in entries] == [[ADDRESS + person["id"]] for person in all_people]
    uzeyir = next(entry for entry in entries if entry["ID"] == ["uzeyir-hacibeyov"])
    assert uzeyir["TY"] == ["ENCYC"]
    assert uzeyir["TI"] == ["Üzeyir Hacıbəyov (1885–1948)"]
    assert uzeyir["T2"] == ["Azərbaycan Bioqrafiya Bankı"]
    assert uzeyir["LA"] == ["az"]
    assert uzeyir["KW"][:2] == ["bəstəkar", "dirijor"]
    assert uzeyir["Y2"] == ["2026/11/25"]
    assert "Koroğlu" in uzeyir["AB"][0]


def test_bibtex_has_one_entry_per_person(all_people: list[Record], context: ExportContext) -> None:
    entries = read_bibtex("".join(EXPORT_FORMATS["bib"].write(all_people, context)))
    assert list(entries) == [record["id"] for record in all_people]
    uzeyir = entries["uzeyir-hacibeyov"]
    assert uzeyir["title"] == "{Üzeyir Hacıbəyov (1885–1948)}"
    assert uzeyir["url"] == ADDRESS + "uzeyir-hacibeyov"
    assert uzeyir["howpublished"] == "Azərbaycan Bioqrafiya Bankı"
    assert uzeyir["urldate"] == "2026-11-25"
    assert uzeyir["langid"] == "azerbaijani"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_escaped(context: ExportContext, text: str) -> None:
    records = people_named("Ə", text, "Z")
    plain = " ".join(text.split())
    assert [row["name"] for row in _rows(records, context)] == ["Ə", text, "Z"]
    entries = read_ris("".join(EXPORT_FORMATS["ris"].write(records, context)))
    assert [entry["TI"] for entry in entries] == [["Ə"], [plain], ["Z"]]
    fields = read_bibtex("".join(EXPORT_FORMATS["bib"].write(records, context)))
    assert [*fields] == ["person-0", "person-1", "person-2"]
    assert _unescape_tex(fields["person-1"]["title"][1:-1]) == plain
    assert not re.search(r"(?<!\\)[&%$#_]", fields["person-1"]["abstract"])


@settings(max_examples=scaled(60))
@given(strategies.records())
def test_any_record_can_be_exported(services: Services, record: Record) -> None:
    for lang in ("az", "en", "ru"):
        context = make_context(services.catalogue(), lang)
        (row,) = _rows([record], context)
        name = context.name(record)
        assert row["name"] in (name, f"'{name}")
        (entry,) = read_ris("".join(EXPORT_FORMATS["ris"].write([record], context)))
        assert entry["TI"][0].startswith(" ".join(name.split()))
        assert [*read_bibtex("".join(EXPORT_FORMATS["bib"].write([record], context)))] == [record["id"]]


def test_records_are_read_in_chunks_without_holding_a_connection(database: Database) -> None:
    number = queries.CHUNK_PEOPLE * 2 + 50
    people = people_named(*(f"Ə {number}" for number in range(number)))
    assert not import_lines(database, people).refusals
    ids = [person["id"] for person in reversed(people)]
    reads: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM people" in statement:
            reads.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    records = iter_records(database, ids)
    assert next(records)["id"] == ids[0]
    assert len(reads) == 1
    assert database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert [record["id"] for record in records] == ids[1:]
    assert len(reads) == 3


@pytest.mark.parametrize("text", [*HOSTILE, "Ə\x00\x0b\ufffe\ud800"])
def test_atom_feed_is_valid(text: str) -> None:
    timestamp = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    entries = [
        atom.FeedEntry(f"{ADDRESS}{number}", text, text, timestamp, f"{ADDRESS}{number}?<&>")
        for number in range(2)
    ]
    feed = atom.Feed(f"{ADDRESS}?q=a&b", text, "az", text, ADDRESS, ADDRESS, ADDRESS, entries)
    root = ElementTree.fromstring(atom.serialize(feed))
    check_atom(root)
    clean_text = strip_invalid_xml(text).replace("\r\n", "\n")
    assert root.findtext("{*}title") == clean_text
    assert [entry.findtext("{*}title") for entry in root.findall("{*}entry")] == [clean_text, clean_text]
    assert root.findtext("{*}updated") == "2026-11-25T09:30:00Z"


def test_empty_atom_feed_is_valid() -> None:
    feed = atom.Feed(ADDRESS, "Ə", "az", "Ə", ADDRESS, ADDRESS, ADDRESS, ())
    check_atom(ElementTree.fromstring(atom.serialize(feed)))


def _unescape_tex(text: str) -> str:
    for char, written in TEX_ESCAPES.items():
        if char != ord("\\"):
            text = text.replace(str(written), chr(char))
    return text.replace(r"\textbackslash{}", "\\")
