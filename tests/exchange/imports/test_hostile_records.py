"""Malicious records are refused with a reason, and their messages are bounded."""

import io
import json

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.exchange.formats.jsonl import read_jsonl
from biobank.exchange.formats.popolo import read_popolo
from biobank.exchange.formats.wikidata.people import read_wikidata
from biobank.exchange.imports.decompression import open_decompressed
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.messages import import_message
from biobank.exchange.imports.place_resolver import PlaceResolver
from biobank.exchange.imports.record_checker import MAX_RECORD_VALUES
from biobank.exchange.imports.runs import MAX_ENTRY_PROBLEMS, ImportReport
from biobank.store.session import Database
from tests.support.jsonl import stream

GOOD = {"id": "good", "names": [{"text": "Aysu", "lang": "az", "kind": "preferred"}]}
#: Half of a character, as `\\ud800` in JSON makes it.
HALF = "\ud800"


def import_items(database: Database, items: object) -> ImportReport:
    return import_people(
        database,
        items,  # type: ignore[arg-type]
        file="people.jsonl",
        actor=OPERATOR,
        publish=False,
    )


def codes(report: ImportReport) -> list[list[str]]:
    return [[problem["code"] for problem in refusal["problems"]] for refusal in report.refusals]


def test_a_record_with_too_many_values_is_refused_first(database: Database) -> None:
    record = {"id": "many", "names": [0] * (MAX_RECORD_VALUES + 1)}
    report = import_items(database, read_jsonl(stream([record, GOOD])))
    assert (report.new, codes(report)) == (1, [["values_of_record"]])


def test_excess_problems_of_a_record_are_counted(database: Database) -> None:
    report = import_items(database, read_jsonl(stream([{"id": "many", "names": [0] * 200}, GOOD])))
    [problem_codes] = codes(report)
    assert len(problem_codes) == MAX_ENTRY_PROBLEMS + 1
    assert problem_codes[-1] == "more_problems"
    last = report.refusals[0]["problems"][-1]
    assert last["message"] == f"… and {200 - MAX_ENTRY_PROBLEMS} more errors in this record."


def test_a_too_long_list_is_one_problem(database: Database) -> None:
    report = import_items(database, read_jsonl(stream([{"id": "many", "names": [0] * 201}, GOOD])))
    [refusal] = report.refusals
    assert [(problem["path"], problem["message"]) for problem in refusal["problems"]] == [
        ("names", "A person must have between 1 and 200 names.")
    ]


@pytest.mark.parametrize(
    "record",
    [
        {"id": f"s{HALF}", "names": [{"text": "A", "lang": "az", "kind": "preferred"}]},
        {"id": "s", "names": [{"text": f"A{HALF}", "lang": "az", "kind": "preferred"}]},
        {"id": "s", "names": [{"text": "A", "lang": HALF, "kind": HALF}], HALF: 1},
        {**GOOD, "id": "s", "identifiers": {HALF: "x", "viaf": HALF}},
    ],
)
def test_lone_surrogates_are_refused_everywhere(database: Database, record: dict[str, object]) -> None:
    report = import_items(database, read_jsonl(stream([json.dumps(record), GOOD])))
    assert (report.new, report.refused) == (1, 1)
    json.dumps(report.as_dict(), ensure_ascii=False).encode()


def test_messages_of_other_formats_omit_lone_surrogates(database: Database) -> None:
    people = [
        {"id": f"p{HALF}", "name": "Aysu", "gender": HALF, "birth_date": f"19{HALF}"},
        {"id": f"p{HALF}", "name": f"Aysu{HALF}"},
    ]
    content = json.dumps({"persons": people}).encode()
    from_popolo = import_items(database, read_popolo(open_decompressed(io.BytesIO(content)), PlaceResolver()))
    assert (from_popolo.new, from_popolo.refused) == (1, 1)
    entities = {"entities": {"Q1": {"id": f"Q{HALF}1", "claims": {}}}}
    content = json.dumps(entities).encode()
    from_wikidata = import_items(
        database, read_wikidata(open_decompressed(io.BytesIO(content)), PlaceResolver())
    )
    assert codes(from_wikidata) == [["wikidata_no_item"]]
    for report in (from_popolo, from_wikidata):
        json.dumps(report.as_dict(), ensure_ascii=False).encode()


def test_messages_are_truncated_and_displayable() -> None:
    message = import_message("no_year", text=f"a\0b\n{HALF}" + "x" * 10_000)
    assert len(str(message)) < 1_000
    assert message.values["text"].startswith("a�b �x")
    str(message).encode()
