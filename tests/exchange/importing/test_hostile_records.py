"""Malicious records are refused with a reason, and their messages are bounded."""

import io
import json

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.exchange.importing.bank import Bank
from biobank.exchange.importing.checking import VALUES_MOST
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.opening import opened
from biobank.exchange.importing.popolo.items import popolo_items
from biobank.exchange.importing.reading import jsonl_items
from biobank.exchange.importing.report import PROBLEMS_KEPT, Report
from biobank.exchange.importing.said import say
from biobank.exchange.importing.wikidata.items import wikidata_items
from biobank.store.session import Database
from tests.support.jsonl import stream

GOOD = {"id": "good", "names": [{"text": "Aysu", "lang": "az", "kind": "preferred"}]}
#: Half of a character, as `\\ud800` in JSON makes it.
HALF = "\ud800"


def brought_in(database: Database, items: object) -> Report:
    return import_people(
        database,
        items,  # type: ignore[arg-type]
        file="people.jsonl",
        who=OPERATOR,
        publish=False,
    )


def codes(report: Report) -> list[list[str]]:
    return [[it["code"] for it in refusal["problems"]] for refusal in report.refusals]


def test_a_record_of_more_values_than_any_has_is_refused_before_they_are_looked_at(
    database: Database,
) -> None:
    many = {"id": "many", "names": [0] * (VALUES_MOST + 1)}
    report = brought_in(database, jsonl_items(stream([many, GOOD])))
    assert (report.new, codes(report)) == (1, [["values_of_record"]])


def test_of_many_mistakes_in_one_record_the_first_are_told_and_the_rest_counted(
    database: Database,
) -> None:
    report = brought_in(database, jsonl_items(stream([{"id": "many", "names": [0] * 200}, GOOD])))
    [told] = codes(report)
    assert len(told) == PROBLEMS_KEPT + 1
    assert told[-1] == "more_problems"
    last = report.refusals[0]["problems"][-1]
    assert last["message"] == f"… and {200 - PROBLEMS_KEPT} more mistakes in this record."


def test_a_list_that_is_too_long_is_refused_as_one_mistake(database: Database) -> None:
    report = brought_in(database, jsonl_items(stream([{"id": "many", "names": [0] * 201}, GOOD])))
    [refusal] = report.refusals
    assert [(it["path"], it["message"]) for it in refusal["problems"]] == [
        ("names", "A person has one name or more, up to 200.")
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
def test_half_a_character_is_refused_wherever_it_stands(
    database: Database, record: dict[str, object]
) -> None:
    report = brought_in(database, jsonl_items(stream([json.dumps(record), GOOD])))
    assert (report.new, report.refused) == (1, 1)
    json.dumps(report.as_dict(), ensure_ascii=False).encode()


def test_what_half_a_character_names_in_other_formats_is_told_without_it(
    database: Database,
) -> None:
    people = [
        {"id": f"p{HALF}", "name": "Aysu", "gender": HALF, "birth_date": f"19{HALF}"},
        {"id": f"p{HALF}", "name": f"Aysu{HALF}"},
    ]
    content = json.dumps({"persons": people}).encode()
    from_popolo = brought_in(database, popolo_items(opened(io.BytesIO(content)), Bank()))
    assert (from_popolo.new, from_popolo.refused) == (1, 1)
    entities = {"entities": {"Q1": {"id": f"Q{HALF}1", "claims": {}}}}
    content = json.dumps(entities).encode()
    from_wikidata = brought_in(database, wikidata_items(opened(io.BytesIO(content)), Bank()))
    assert codes(from_wikidata) == [["wikidata_no_item"]]
    for report in (from_popolo, from_wikidata):
        json.dumps(report.as_dict(), ensure_ascii=False).encode()


def test_what_is_told_repeats_little_of_what_was_sent_and_nothing_that_no_page_can_show() -> None:
    said = say("no_year", text=f"a\0b\n{HALF}" + "x" * 10_000)
    assert len(str(said)) < 1_000
    assert said.values["text"].startswith("a�b �x")
    str(said).encode()
