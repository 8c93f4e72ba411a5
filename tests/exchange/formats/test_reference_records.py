"""Import of reference records: any order, rejected individually, audited."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from biobank.accounts.identity import OPERATOR
from biobank.accounts.models import AuditEvent
from biobank.exchange.formats.jsonl import (
    REFERENCE_KINDS_BY_NAME,
    export_references,
    import_references,
    read_jsonl,
)
from biobank.exchange.imports.runs import ImportReport
from biobank.records.reference.kinds import load_record_by_key
from biobank.records.reference.models import ReferenceEdit
from biobank.store.session import Database
from tests.support.jsonl import stream

Record = Mapping[str, Any]


def place(id_: str, broader: str = "") -> dict[str, Any]:
    record = {"id": id_, "kind": "village", "names": [{"text": "Kənd", "lang": "az"}]}
    return {**record, "broader": broader} if broader else record


def import_records(
    database: Database, kind: str, *lines: Record | str, publish: bool = True, dry_run: bool = False
) -> ImportReport:
    items = read_jsonl(stream(lines))
    return import_references(
        database,
        items,
        REFERENCE_KINDS_BY_NAME[kind],
        file="file",
        actor=OPERATOR,
        publish=publish,
        dry_run=dry_run,
    )


def error_codes(report: ImportReport) -> dict[str, str]:
    return {refusal["id"]: refusal["problems"][0]["code"] for refusal in report.refusals}


def load_record(database: Database, kind: str, key: str) -> dict[str, Any] | None:
    with database.read() as session:
        return load_record_by_key(session, REFERENCE_KINDS_BY_NAME[kind], key)


def test_places_may_precede_their_broader_place(database: Database) -> None:
    report = import_records(database, "places", place("x-a", "x-b"), place("x-b", "x-c"), place("x-c"))
    assert (report.new, report.refused) == (3, 0)
    assert load_record(database, "places", "x-a") == place("x-a", "x-b")


def test_terms_may_be_mutually_inverse(database: Database) -> None:
    term = {"vocabulary": "relation", "labels": {"en": "x"}}
    first, second = ({**term, "id": "x-a", "inverse": "x-b"}, {**term, "id": "x-b", "inverse": "x-a"})
    assert import_records(database, "terms", first, second).new == 2


def test_dangling_references_are_rejected_transitively(database: Database) -> None:
    lines = (place("x-a", "x-b"), place("x-b", "nowhere"), place("x-c"), place("x-d", "x-d"))
    report = import_records(database, "places", *lines)
    assert report.new == 1
    assert error_codes(report) == {"x-a": "unknown_place", "x-b": "unknown_place", "x-d": "cycle"}
    assert load_record(database, "places", "x-a") is None


def test_cycles_with_existing_records_are_rejected(database: Database) -> None:
    import_records(database, "places", place("x-a"), place("x-b", "x-a"))
    report = import_records(database, "places", place("x-a", "x-b"))
    assert error_codes(report) == {"x-a": "cycle"}
    assert load_record(database, "places", "x-a") == place("x-a")


def test_invalid_lines_are_reported_with_their_position(database: Database) -> None:
    report = import_records(database, "places", "{", place("x-a"), place("x-a"), {"id": "x-b"})
    assert report.new == 1
    assert [refusal["at"] for refusal in report.refusals] == ["line 1", "line 3", *["line 4"]]
    assert report.refusals[1]["problems"][0]["code"] == "repeated"


def test_without_publish_records_await_review_and_none_change(database: Database) -> None:
    changed = {**place("x-a"), "kind": "town"}
    assert import_records(database, "places", place("x-a"), publish=False).new == 1
    lines = [
        line for line in export_references(database, REFERENCE_KINDS_BY_NAME["places"]) if '"x-a"' in line
    ]
    assert lines == []
    assert any(
        '"x-a"' in text_line
        for text_line in export_references(database, REFERENCE_KINDS_BY_NAME["places"], with_drafts=True)
    )
    assert error_codes(import_records(database, "places", changed, publish=False)) == {"x-a": "differs"}
    assert load_record(database, "places", "x-a") == place("x-a")
    assert import_records(database, "places", place("x-a")).same == 1
    assert any('"x-a"' in line for line in export_references(database, REFERENCE_KINDS_BY_NAME["places"]))
    assert import_records(database, "places", changed).changed == 1
    assert any('"x-a"' in line for line in export_references(database, REFERENCE_KINDS_BY_NAME["places"]))


def test_reimport_changes_nothing_and_dry_run_saves_nothing(database: Database) -> None:
    assert import_records(database, "places", place("x-a"), dry_run=True).new == 1
    assert load_record(database, "places", "x-a") is None
    assert import_records(database, "places", place("x-a")).new == 1
    repeated = import_records(database, "places", place("x-a"))
    assert (repeated.new, repeated.changed, repeated.same) == (0, 0, 1)


def test_import_is_audited_and_recorded_as_edits(database: Database) -> None:
    import_records(database, "places", place("x-a"))
    with database.read() as session:
        edits = session.scalars(select(ReferenceEdit).where(ReferenceEdit.key == "x-a")).all()
        events = session.scalars(select(AuditEvent).where(AuditEvent.what == "imported")).all()
    assert [(edit.what, edit.before) for edit in edits] == [("added", None)]
    assert [(event.subject, event.detail["brought"]) for event in events] == [("file", 1)]
