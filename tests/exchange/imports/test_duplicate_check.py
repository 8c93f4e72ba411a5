"""Possible duplicates of new people, in the bank or in the file, are reported with reasons."""

import io
from typing import Any

from biobank.accounts.identity import OPERATOR
from biobank.exchange.formats.jsonl import read_jsonl
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.runs import MAX_REPORT_DUPLICATES, ImportReport
from biobank.store.session import Database
from tests.support.jsonl import import_lines, stream

RUSSIAN = {"names": [{"text": "Узеир Гаджибеков", "lang": "ru", "kind": "preferred"}]}
ENGLISH = {"names": [{"text": "Uzeyir Hajibeyov", "lang": "en", "kind": "preferred"}]}
BORN, OTHERWISE = {"birth": {"date": "1885-09-18"}}, {"birth": {"date": "1985"}}


def import_with_check(
    database: Database, lines: list[dict[str, Any]], *, dry_run: bool = False
) -> ImportReport:
    data: io.BytesIO = stream(lines)
    return import_people(
        database, read_jsonl(data), file="f", actor=OPERATOR, publish=False, dry_run=dry_run, duplicates=True
    )


def reported_pairs(report: ImportReport) -> list[tuple[str, str, str | None]]:
    return [(entry["at"], entry["like"], entry["like_at"]) for entry in report.duplicates or ()]


def test_a_stored_person_is_matched_in_another_script(database: Database) -> None:
    import_lines(database, [{"id": "uzeyir", **ENGLISH, **BORN}], publish=False)
    report = import_with_check(database, [{**RUSSIAN, **BORN}])
    assert reported_pairs(report) == [("line 1", "uzeyir", None)]
    pair = (report.duplicates or [])[0]
    assert {"kind": "birth_day", "value": "1885-09-18"} in pair["reasons"]
    assert set(pair["why"]) == {"az", "en", "ru"}
    assert report.duplicate_count == 1


def test_duplicates_within_a_file_are_reported(database: Database) -> None:
    report = import_with_check(database, [{"id": "a", **ENGLISH, **BORN}, {"id": "b", **RUSSIAN, **BORN}])
    assert reported_pairs(report) == [("line 2", "a", "line 1")]


def test_namesakes_of_another_age_are_not(database: Database) -> None:
    report = import_with_check(
        database, [{"id": "a", **ENGLISH, **BORN}, {"id": "b", **RUSSIAN, **OTHERWISE}]
    )
    assert reported_pairs(report) == []


def test_existing_people_are_not_reported(database: Database) -> None:
    lines = [{"id": "a", **ENGLISH, **BORN}, {"id": "b", **RUSSIAN, **BORN}]
    import_with_check(database, lines)
    repeated = import_with_check(database, lines)
    assert (repeated.same, reported_pairs(repeated)) == (2, [])


def test_a_dry_run_reports_the_same_duplicates(database: Database) -> None:
    lines = [{"id": "a", **ENGLISH, **BORN}, {"id": "b", **RUSSIAN, **BORN}]
    dry = import_with_check(database, lines, dry_run=True)
    assert dry.duplicates == import_with_check(database, lines).duplicates


def test_duplicates_are_absent_without_the_check(database: Database) -> None:
    assert import_lines(database, [{"id": "a", **ENGLISH}]).duplicates is None


def test_a_file_of_repeated_people_is_checked_within_limits(database: Database) -> None:
    report = import_with_check(database, [{"id": f"a-{number}", **ENGLISH, **BORN} for number in range(100)])
    assert report.new == 100
    assert report.duplicate_count > 100
    assert len(report.duplicates or ()) <= MAX_REPORT_DUPLICATES
