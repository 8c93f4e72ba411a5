"""Import: valid records are stored, invalid ones reported by line, nothing is half-written."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from biobank.editorial.models import Revision
from biobank.exchange.importing.report import Report
from biobank.records.people import queries
from biobank.records.sources.models import Source
from biobank.store.session import Database
from tests.support import seed
from tests.support.contents import contents
from tests.support.jsonl import Line, counts, import_lines

UZEYIR, CEYHUN, NIZAMI = "uzeyir-hacibeyov", "ceyhun-hacibeyli", "nizami-gencevi"
SIBLING = {"type": "sibling", "person": CEYHUN}
CSL = {"type": "book", "title": "Musiqi lüğəti"}


class Interrupted(Exception):
    """An error that interrupts an import."""


def interrupt_after_a_batch(step: str, _done: int, _total: int | None) -> None:
    if step == "kept":
        raise Interrupted


def public(database: Database) -> dict[str, dict[str, Any]]:
    with database.read() as session:
        return {id_: record for step in queries.walk(session) for id_, record in step.items()}


def told(report: Report) -> dict[str, list[str]]:
    """Return the problems of refused records by label."""
    return {
        refusal["at"]: [f"{p['path']}: {p['message']}" for p in refusal["problems"]]
        for refusal in report.refusals
    }


def with_relations(person_id: str, *relations: dict[str, str]) -> dict[str, Any]:
    return {**seed.alone(person_id), "relations": list(relations)}


def test_good_records_are_kept_and_bad_lines_told_with_their_numbers(database: Database) -> None:
    report = import_lines(
        database,
        [
            seed.alone(UZEYIR),
            "{no json",
            {**seed.alone(NIZAMI), "birth": {"place": "gance"}},
            "",
            b"\xff",
            {"id": "nobody"},
            seed.alone(CEYHUN),
            '{"names": ' + "[" * 100_000,
        ],
    )
    assert counts(report) == (2, 0, 0, 5)
    assert report.read == 7
    refused = told(report)
    assert list(refused) == ["line 2", "line 3", "line 5", "line 6", "line 8"]
    assert refused["line 3"] == [
        "birth.place: There is no place 'gance' in the bank. Did you mean 'gence'?"
    ]
    assert refused["line 6"] == ["names: Is required."]
    assert public(database).keys() == {UZEYIR, CEYHUN}


def test_a_refused_record_leaves_nothing(database: Database) -> None:
    before = contents(database)
    refused: list[Line] = [
        {**seed.alone(UZEYIR), "sources": [{"id": "new", "csl": CSL}], "professions": ["x"]},
        {**with_relations(NIZAMI, SIBLING), "sources": [{"id": "other", "csl": CSL}]},
    ]
    assert counts(import_lines(database, refused)) == (0, 0, 0, 2)
    assert contents(database) == before


def test_what_is_kept_is_what_was_read(database: Database) -> None:
    import_lines(database, [seed.alone(UZEYIR)])
    record = public(database)[UZEYIR]
    assert record["biography"] == {
        lang: text.strip() for lang, text in seed.person(UZEYIR)["biography"].items()
    }
    assert counts(import_lines(database, [record])) == (0, 0, 1, 0)


def test_the_same_file_again_changes_nothing(database: Database) -> None:
    lines = [seed.alone(UZEYIR), seed.alone(NIZAMI), with_relations(CEYHUN, {**SIBLING})]
    lines[2]["relations"][0]["person"] = UZEYIR
    assert counts(import_lines(database, lines)) == (3, 0, 0, 0)
    before = contents(database)
    assert counts(import_lines(database, lines)) == (0, 0, 3, 0)
    assert contents(database) == before


def test_without_publish_records_are_drafts(database: Database) -> None:
    assert counts(import_lines(database, [seed.alone(UZEYIR)], publish=False)) == (1, 0, 0, 0)
    assert public(database) == {}
    assert counts(import_lines(database, [seed.alone(UZEYIR)], publish=False)) == (0, 0, 1, 0)
    assert counts(import_lines(database, [seed.alone(UZEYIR)])) == (0, 1, 0, 0)
    assert public(database).keys() == {UZEYIR}


def test_a_birth_given_as_a_span_is_told_in_the_report(database: Database) -> None:
    record = {**seed.alone(NIZAMI), "birth": {"date": "1140/1146"}, "death": {"date": "1209/1210"}}
    report = import_lines(database, [seed.alone(UZEYIR), record])
    assert [(notice["at"], notice["path"]) for notice in report.notices] == [
        ("line 2", "birth.date"),
        ("line 2", "death.date"),
    ]
    assert "[1140..1146]" in report.notices[0]["message"]
    assert public(database)[NIZAMI]["birth"] == {"date": "[1140..1146]"}


def test_relations_may_point_forward_and_at_each_other(database: Database) -> None:
    lines = [
        with_relations(UZEYIR, SIBLING),
        with_relations(CEYHUN, {"type": "sibling", "person": UZEYIR}),
    ]
    assert counts(import_lines(database, lines)) == (2, 0, 0, 0)
    assert public(database)[UZEYIR]["relations"] == [SIBLING]


def test_relations_may_point_at_people_of_another_batch(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.exchange.importing.importer.BATCH", 5)
    people = seed.some(40)
    ids = {person["id"] for person in people}
    assert any(person["relations"] for person in people)
    assert counts(import_lines(database, people)) == (len(people), 0, 0, 0)
    assert public(database).keys() == ids


def test_relations_may_point_at_people_who_are_in_the_bank(database: Database) -> None:
    import_lines(database, [seed.alone(CEYHUN)], publish=False)
    assert counts(import_lines(database, [with_relations(UZEYIR, SIBLING)])) == (1, 0, 0, 0)


def test_a_relation_that_dangles_at_the_end_of_the_file_refuses_its_record(
    database: Database,
) -> None:
    report = import_lines(database, [with_relations(UZEYIR, SIBLING), seed.alone(NIZAMI)])
    assert told(report) == {
        "line 1": [f"relations[0].person: There is no person '{CEYHUN}' in the bank."]
    }
    assert public(database).keys() == {NIZAMI}


def test_whoever_points_at_a_refused_record_is_refused_too(database: Database) -> None:
    lines = [
        with_relations(NIZAMI, {"type": "teacher", "person": UZEYIR}),
        with_relations(UZEYIR, SIBLING),
        {**seed.alone(CEYHUN), "professions": ["no-such-term"]},
        seed.alone("mehseti-gencevi"),
    ]
    report = import_lines(database, lines)
    assert counts(report) == (1, 0, 0, 3)
    assert set(told(report)) == {"line 1", "line 2", "line 3"}
    assert public(database).keys() == {"mehseti-gencevi"}


def test_a_relation_to_oneself_is_refused(database: Database) -> None:
    report = import_lines(database, [with_relations(CEYHUN, SIBLING)])
    assert told(report) == {"line 1": ["relations[0].person: A person has no relation to itself."]}


def test_an_id_that_stands_twice_is_refused_the_second_time(database: Database) -> None:
    second = {**seed.alone(UZEYIR), "gender": "other"}
    report = import_lines(database, [seed.alone(UZEYIR), seed.alone(NIZAMI), second])
    assert told(report) == {"line 3": [f"id: '{UZEYIR}' stands in this file already, at line 1."]}
    assert public(database)[UZEYIR]["gender"] == "male"


def test_a_source_told_in_full_is_known_to_the_lines_behind_it(database: Database) -> None:
    first = {**seed.alone(UZEYIR), "sources": [{"id": "new", "csl": CSL}]}
    second = {**seed.alone(NIZAMI), "sources": ["new"]}
    assert counts(import_lines(database, [first, second])) == (2, 0, 0, 0)
    with database.read() as session:
        assert session.get_one(Source, "new").csl == CSL


def test_a_source_whose_record_was_refused_is_kept_for_those_who_cite_it(
    database: Database,
) -> None:
    first = {**with_relations(UZEYIR, SIBLING), "sources": [{"id": "new", "csl": CSL}]}
    second = {**seed.alone(NIZAMI), "sources": ["new"]}
    assert counts(import_lines(database, [first, second])) == (1, 0, 0, 1)
    assert "new" in public(database)[NIZAMI]["sources"]


def test_two_different_sources_of_one_id_are_refused(database: Database) -> None:
    first = {**seed.alone(UZEYIR), "sources": [{"id": "new", "csl": CSL}]}
    second = {**seed.alone(NIZAMI), "sources": [{"id": "new", "csl": {**CSL, "title": "X"}}]}
    report = import_lines(database, [first, second])
    assert told(report) == {
        "line 2": ["sources[0]: The bank holds another source under 'new'; choose another id."]
    }


@pytest.mark.parametrize("publish", [True, False])
def test_a_dry_run_reports_the_same_and_writes_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch, publish: bool
) -> None:
    monkeypatch.setattr("biobank.exchange.importing.importer.BATCH", 1)
    changed = {**seed.alone(NIZAMI), "gender": "other"}
    import_lines(database, [seed.alone(NIZAMI)])
    lines: list[Line] = [
        with_relations(UZEYIR, SIBLING),
        {**seed.alone("mehseti-gencevi"), "sources": [{"id": "new", "csl": CSL}]},
        {**seed.alone(CEYHUN), "sources": ["new"]},
        changed,
        "{no json",
        {key: value for key, value in seed.alone("niyazi").items() if key != "id"},
    ]
    before = contents(database)
    dry = import_lines(database, lines, dry_run=True, publish=publish)
    assert contents(database) == before
    wet = import_lines(database, lines, publish=publish)
    assert contents(database) != before
    assert counts(dry) == counts(wet) == (4, 1, 0, 1)
    assert {**_said(dry), "dry_run": False} == _said(wet)


def _said(report: Report) -> dict[str, Any]:
    """Return the report without its time, duration and run."""
    passing = ("at", "seconds", "rate", "run")
    return {name: value for name, value in report.as_dict().items() if name not in passing}


def test_an_import_that_dies_keeps_whole_batches_and_ends_the_same_when_it_runs_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.exchange.importing.importer.BATCH", 2)
    lines = [with_relations(UZEYIR, SIBLING), *map(seed.alone, (NIZAMI, "niyazi", CEYHUN))]
    with pytest.raises(Interrupted):
        import_lines(database, lines, progress=interrupt_after_a_batch)
    with database.read() as session:
        kept = session.scalars(select(Revision.person_id).order_by(Revision.person_id)).all()
    assert kept == [NIZAMI, UZEYIR]
    assert public(database).keys() == {NIZAMI, UZEYIR}
    assert counts(import_lines(database, lines)) == (2, 0, 2, 0)
    assert public(database).keys() == {NIZAMI, UZEYIR, "niyazi", CEYHUN}


def test_the_report_can_be_written_as_json_whatever_was_sent(database: Database) -> None:
    report = import_lines(
        database,
        ['{"\\ud800": 1}', '{"id": "\\ud800", "names": []}', '{"names": [{"kind": "\\u0000"}]}'],
    )
    assert report.refused == 3
    text = json.dumps(report.as_dict(), ensure_ascii=False)
    text.encode("utf-8")
    assert "\\u0000" not in text
