"""Import: valid records are stored, invalid ones reported by line, nothing is half-written."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from biobank.editorial.models import Revision
from biobank.exchange.imports.runs import ImportReport
from biobank.records.people import queries
from biobank.records.sources.models import Source
from biobank.store.session import Database
from tests.support import seed
from tests.support.database_contents import database_contents
from tests.support.jsonl import Line, counts, import_lines

UZEYIR, CEYHUN, NIZAMI = "uzeyir-hacibeyov", "ceyhun-hacibeyli", "nizami-gencevi"
SIBLING = {"type": "sibling", "person": CEYHUN}
CSL = {"type": "book", "title": "Musiqi lüğəti"}


class SimulatedCrash(Exception):
    """An error that interrupts an import."""


def interrupt_after_a_batch(step: str, _done: int, _total: int | None) -> None:
    if step == "kept":
        raise SimulatedCrash


def public(database: Database) -> dict[str, dict[str, Any]]:
    with database.read() as session:
        return {id_: record for step in queries.iter_chunks(session) for id_, record in step.items()}


def refusals_by_label(report: ImportReport) -> dict[str, list[str]]:
    """Return the problems of refused records by label."""
    return {
        refusal["at"]: [f"{p['path']}: {p['message']}" for p in refusal["problems"]]
        for refusal in report.refusals
    }


def with_relations(person_id: str, *relations: dict[str, str]) -> dict[str, Any]:
    return {**seed.person_without_relations(person_id), "relations": list(relations)}


def test_valid_records_are_stored_and_invalid_lines_reported(database: Database) -> None:
    report = import_lines(
        database,
        [
            seed.person_without_relations(UZEYIR),
            "{no json",
            {**seed.person_without_relations(NIZAMI), "birth": {"place": "gance"}},
            "",
            b"\xff",
            {"id": "nobody"},
            seed.person_without_relations(CEYHUN),
            '{"names": ' + "[" * 100_000,
        ],
    )
    assert counts(report) == (2, 0, 0, 5)
    assert report.read == 7
    refused = refusals_by_label(report)
    assert list(refused) == ["line 2", "line 3", "line 5", "line 6", "line 8"]
    assert refused["line 3"] == ["birth.place: Unknown place 'gance'. Did you mean 'gence'?"]
    assert refused["line 6"] == ["names: Required."]
    assert public(database).keys() == {UZEYIR, CEYHUN}


def test_a_refused_record_leaves_no_trace(database: Database) -> None:
    before = database_contents(database)
    refused: list[Line] = [
        {
            **seed.person_without_relations(UZEYIR),
            "sources": [{"id": "new", "csl": CSL}],
            "professions": ["x"],
        },
        {**with_relations(NIZAMI, SIBLING), "sources": [{"id": "other", "csl": CSL}]},
    ]
    assert counts(import_lines(database, refused)) == (0, 0, 0, 2)
    assert database_contents(database) == before


def test_stored_records_equal_the_input(database: Database) -> None:
    import_lines(database, [seed.person_without_relations(UZEYIR)])
    record = public(database)[UZEYIR]
    assert record["biography"] == {
        lang: text.strip() for lang, text in seed.person(UZEYIR)["biography"].items()
    }
    assert counts(import_lines(database, [record])) == (0, 0, 1, 0)


def test_a_repeated_import_changes_nothing(database: Database) -> None:
    lines = [
        seed.person_without_relations(UZEYIR),
        seed.person_without_relations(NIZAMI),
        with_relations(CEYHUN, {**SIBLING}),
    ]
    lines[2]["relations"][0]["person"] = UZEYIR
    assert counts(import_lines(database, lines)) == (3, 0, 0, 0)
    before = database_contents(database)
    assert counts(import_lines(database, lines)) == (0, 0, 3, 0)
    assert database_contents(database) == before


def test_without_publish_records_are_drafts(database: Database) -> None:
    assert counts(import_lines(database, [seed.person_without_relations(UZEYIR)], publish=False)) == (
        1,
        0,
        0,
        0,
    )
    assert public(database) == {}
    assert counts(import_lines(database, [seed.person_without_relations(UZEYIR)], publish=False)) == (
        0,
        0,
        1,
        0,
    )
    assert counts(import_lines(database, [seed.person_without_relations(UZEYIR)])) == (0, 1, 0, 0)
    assert public(database).keys() == {UZEYIR}


def test_a_birth_interval_is_reported(database: Database) -> None:
    record = {
        **seed.person_without_relations(NIZAMI),
        "birth": {"date": "1140/1146"},
        "death": {"date": "1209/1210"},
    }
    report = import_lines(database, [seed.person_without_relations(UZEYIR), record])
    assert [(notice["at"], notice["path"]) for notice in report.notices] == [
        ("line 2", "birth.date"),
        ("line 2", "death.date"),
    ]
    assert "[1140..1146]" in report.notices[0]["message"]
    assert public(database)[NIZAMI]["birth"] == {"date": "[1140..1146]"}


def test_relations_may_point_forward_and_at_each_other(database: Database) -> None:
    lines = [with_relations(UZEYIR, SIBLING), with_relations(CEYHUN, {"type": "sibling", "person": UZEYIR})]
    assert counts(import_lines(database, lines)) == (2, 0, 0, 0)
    assert public(database)[UZEYIR]["relations"] == [SIBLING]


def test_relations_may_point_at_people_of_another_batch(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biobank.exchange.imports.importer.IMPORT_BATCH_RECORDS", 5)
    people = seed.first_people(40)
    ids = {person["id"] for person in people}
    assert any(person["relations"] for person in people)
    assert counts(import_lines(database, people)) == (len(people), 0, 0, 0)
    assert public(database).keys() == ids


def test_relations_can_refer_to_stored_people(database: Database) -> None:
    import_lines(database, [seed.person_without_relations(CEYHUN)], publish=False)
    assert counts(import_lines(database, [with_relations(UZEYIR, SIBLING)])) == (1, 0, 0, 0)


def test_a_relation_that_dangles_at_the_end_of_the_file_refuses_its_record(database: Database) -> None:
    report = import_lines(database, [with_relations(UZEYIR, SIBLING), seed.person_without_relations(NIZAMI)])
    assert refusals_by_label(report) == {"line 1": [f"relations[0].person: Unknown person '{CEYHUN}'."]}
    assert public(database).keys() == {NIZAMI}


def test_records_referring_to_a_refused_record_are_refused(database: Database) -> None:
    lines = [
        with_relations(NIZAMI, {"type": "teacher", "person": UZEYIR}),
        with_relations(UZEYIR, SIBLING),
        {**seed.person_without_relations(CEYHUN), "professions": ["no-such-term"]},
        seed.person_without_relations("mehseti-gencevi"),
    ]
    report = import_lines(database, lines)
    assert counts(report) == (1, 0, 0, 3)
    assert set(refusals_by_label(report)) == {"line 1", "line 2", "line 3"}
    assert public(database).keys() == {"mehseti-gencevi"}


def test_a_relation_to_oneself_is_refused(database: Database) -> None:
    report = import_lines(database, [with_relations(CEYHUN, SIBLING)])
    assert refusals_by_label(report) == {
        "line 1": ["relations[0].person: A person cannot be related to themselves."]
    }


def test_a_repeated_id_is_refused(database: Database) -> None:
    second = {**seed.person_without_relations(UZEYIR), "gender": "other"}
    report = import_lines(
        database, [seed.person_without_relations(UZEYIR), seed.person_without_relations(NIZAMI), second]
    )
    assert refusals_by_label(report) == {"line 3": [f"id: “{UZEYIR}” is already in the file: line 1."]}
    assert public(database)[UZEYIR]["gender"] == "male"


def test_a_full_source_is_known_to_later_records(database: Database) -> None:
    first = {**seed.person_without_relations(UZEYIR), "sources": [{"id": "new", "csl": CSL}]}
    second = {**seed.person_without_relations(NIZAMI), "sources": ["new"]}
    assert counts(import_lines(database, [first, second])) == (2, 0, 0, 0)
    with database.read() as session:
        assert session.get_one(Source, "new").csl == CSL


def test_a_source_of_a_refused_record_remains_citable(database: Database) -> None:
    first = {**with_relations(UZEYIR, SIBLING), "sources": [{"id": "new", "csl": CSL}]}
    second = {**seed.person_without_relations(NIZAMI), "sources": ["new"]}
    assert counts(import_lines(database, [first, second])) == (1, 0, 0, 1)
    assert "new" in public(database)[NIZAMI]["sources"]


def test_two_different_sources_of_one_id_are_refused(database: Database) -> None:
    first = {**seed.person_without_relations(UZEYIR), "sources": [{"id": "new", "csl": CSL}]}
    second = {
        **seed.person_without_relations(NIZAMI),
        "sources": [{"id": "new", "csl": {**CSL, "title": "X"}}],
    }
    report = import_lines(database, [first, second])
    assert refusals_by_label(report) == {
        "line 2": ["sources[0]: The ID 'new' belongs to another source. Choose another ID."]
    }


@pytest.mark.parametrize("publish", [True, False])
def test_a_dry_run_reports_the_same_and_writes_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch, publish: bool
) -> None:
    monkeypatch.setattr("biobank.exchange.imports.importer.IMPORT_BATCH_RECORDS", 1)
    changed = {**seed.person_without_relations(NIZAMI), "gender": "other"}
    import_lines(database, [seed.person_without_relations(NIZAMI)])
    lines: list[Line] = [
        with_relations(UZEYIR, SIBLING),
        {**seed.person_without_relations("mehseti-gencevi"), "sources": [{"id": "new", "csl": CSL}]},
        {**seed.person_without_relations(CEYHUN), "sources": ["new"]},
        changed,
        "{no json",
        {key: value for key, value in seed.person_without_relations("niyazi").items() if key != "id"},
    ]
    before = database_contents(database)
    dry = import_lines(database, lines, dry_run=True, publish=publish)
    assert database_contents(database) == before
    saved_report = import_lines(database, lines, publish=publish)
    assert database_contents(database) != before
    assert counts(dry) == counts(saved_report) == (4, 1, 0, 1)
    assert {**_stable_fields(dry), "dry_run": False} == _stable_fields(saved_report)


def _stable_fields(report: ImportReport) -> dict[str, Any]:
    """Return the report without its time, duration and run."""
    passing = ("at", "seconds", "rate", "run")
    return {name: value for name, value in report.as_dict().items() if name not in passing}


def test_an_interrupted_import_can_be_repeated(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("biobank.exchange.imports.importer.IMPORT_BATCH_RECORDS", 2)
    lines = [with_relations(UZEYIR, SIBLING), *map(seed.person_without_relations, (NIZAMI, "niyazi", CEYHUN))]
    with pytest.raises(SimulatedCrash):
        import_lines(database, lines, progress=interrupt_after_a_batch)
    with database.read() as session:
        stored_ids = session.scalars(select(Revision.person_id).order_by(Revision.person_id)).all()
    assert stored_ids == [NIZAMI, UZEYIR]
    assert public(database).keys() == {NIZAMI, UZEYIR}
    assert counts(import_lines(database, lines)) == (2, 0, 2, 0)
    assert public(database).keys() == {NIZAMI, UZEYIR, "niyazi", CEYHUN}


def test_the_report_is_always_valid_json(database: Database) -> None:
    report = import_lines(
        database, ['{"\\ud800": 1}', '{"id": "\\ud800", "names": []}', '{"names": [{"kind": "\\u0000"}]}']
    )
    assert report.refused == 3
    text = json.dumps(report.as_dict(), ensure_ascii=False)
    text.encode("utf-8")
    assert "\\u0000" not in text
