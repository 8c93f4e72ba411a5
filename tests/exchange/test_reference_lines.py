"""Import of reference records: any order, rejected individually, audited."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from biobank.accounts.identity import OPERATOR
from biobank.accounts.models import AuditEvent
from biobank.exchange.importing.reading import jsonl_items
from biobank.exchange.importing.report import Report
from biobank.exchange.reference_lines import KINDS, import_references, reference_lines
from biobank.records.reference.kinds import one_record
from biobank.records.reference.models import ReferenceEdit
from biobank.store.session import Database
from tests.support.jsonl import stream

Record = Mapping[str, Any]


def place(id_: str, broader: str = "") -> dict[str, Any]:
    record = {"id": id_, "kind": "village", "names": [{"text": "Kənd", "lang": "az"}]}
    return {**record, "broader": broader} if broader else record


def bring(
    database: Database, kind: str, *lines: Record | str, publish: bool = True, dry_run: bool = False
) -> Report:
    items = jsonl_items(stream(lines))
    return import_references(
        database,
        items,
        KINDS[kind],
        file="file",
        who=OPERATOR,
        publish=publish,
        dry_run=dry_run,
    )


def codes(report: Report) -> dict[str, str]:
    return {it["id"]: it["problems"][0]["code"] for it in report.refusals}


def kept(database: Database, kind: str, key: str) -> dict[str, Any] | None:
    with database.read() as session:
        return one_record(session, KINDS[kind], key)


def test_what_lies_in_another_may_come_before_it(database: Database) -> None:
    report = bring(database, "places", place("x-a", "x-b"), place("x-b", "x-c"), place("x-c"))
    assert (report.new, report.refused) == (3, 0)
    assert kept(database, "places", "x-a") == place("x-a", "x-b")


def test_terms_may_be_each_others_inverse(database: Database) -> None:
    term = {"vocabulary": "relation", "labels": {"en": "x"}}
    one, two = ({**term, "id": "x-a", "inverse": "x-b"}, {**term, "id": "x-b", "inverse": "x-a"})
    assert bring(database, "terms", one, two).new == 2


def test_what_refers_to_nothing_falls_with_all_that_leans_on_it(database: Database) -> None:
    lines = (place("x-a", "x-b"), place("x-b", "nowhere"), place("x-c"), place("x-d", "x-d"))
    report = bring(database, "places", *lines)
    assert report.new == 1
    assert codes(report) == {"x-a": "unknown_place", "x-b": "unknown_place", "x-d": "cycle"}
    assert kept(database, "places", "x-a") is None


def test_a_ring_is_refused_also_with_what_the_bank_has(database: Database) -> None:
    bring(database, "places", place("x-a"), place("x-b", "x-a"))
    report = bring(database, "places", place("x-a", "x-b"))
    assert codes(report) == {"x-a": "cycle"}
    assert kept(database, "places", "x-a") == place("x-a")


def test_bad_lines_are_told_with_their_place(database: Database) -> None:
    report = bring(database, "places", "{", place("x-a"), place("x-a"), {"id": "x-b"})
    assert report.new == 1
    assert [it["at"] for it in report.refusals] == ["line 1", "line 3", *["line 4"]]
    assert report.refusals[1]["problems"][0]["code"] == "repeated"


def test_without_publish_new_ones_wait_and_none_is_changed(database: Database) -> None:
    other = {**place("x-a"), "kind": "town"}
    assert bring(database, "places", place("x-a"), publish=False).new == 1
    lines = [line for line in reference_lines(database, KINDS["places"]) if '"x-a"' in line]
    assert lines == []
    assert any('"x-a"' in it for it in reference_lines(database, KINDS["places"], with_drafts=True))
    assert codes(bring(database, "places", other, publish=False)) == {"x-a": "differs"}
    assert kept(database, "places", "x-a") == place("x-a")
    assert bring(database, "places", place("x-a")).same == 1
    assert any('"x-a"' in line for line in reference_lines(database, KINDS["places"]))
    assert bring(database, "places", other).changed == 1
    assert any('"x-a"' in line for line in reference_lines(database, KINDS["places"]))


def test_the_same_again_changes_nothing_and_a_dry_run_keeps_nothing(database: Database) -> None:
    assert bring(database, "places", place("x-a"), dry_run=True).new == 1
    assert kept(database, "places", "x-a") is None
    assert bring(database, "places", place("x-a")).new == 1
    again = bring(database, "places", place("x-a"))
    assert (again.new, again.changed, again.same) == (0, 0, 1)


def test_what_came_in_stands_in_the_audit_and_in_the_edits(database: Database) -> None:
    bring(database, "places", place("x-a"))
    with database.read() as session:
        edits = session.scalars(select(ReferenceEdit).where(ReferenceEdit.key == "x-a")).all()
        events = session.scalars(select(AuditEvent).where(AuditEvent.what == "imported")).all()
    assert [(edit.what, edit.before) for edit in edits] == [("added", None)]
    assert [(event.subject, event.detail["brought"]) for event in events] == [("file", 1)]
