"""Possible duplicates of new people, in the bank or in the file, are reported with reasons."""

import io
from typing import Any

from biobank.accounts.identity import OPERATOR
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.reading import jsonl_items
from biobank.exchange.importing.report import DUPLICATES_KEPT, Report
from biobank.store.session import Database
from tests.support.jsonl import import_lines, stream

RUSSIAN = {"names": [{"text": "Узеир Гаджибеков", "lang": "ru", "kind": "preferred"}]}
ENGLISH = {"names": [{"text": "Uzeyir Hajibeyov", "lang": "en", "kind": "preferred"}]}
BORN, OTHERWISE = {"birth": {"date": "1885-09-18"}}, {"birth": {"date": "1985"}}


def bring(database: Database, lines: list[dict[str, Any]], *, dry_run: bool = False) -> Report:
    data: io.BytesIO = stream(lines)
    return import_people(
        database,
        jsonl_items(data),
        file="f",
        who=OPERATOR,
        publish=False,
        dry_run=dry_run,
        duplicates=True,
    )


def told(report: Report) -> list[tuple[str, str, str | None]]:
    return [(it["at"], it["like"], it["like_at"]) for it in report.duplicates or ()]


def test_somebody_of_the_bank_is_known_in_another_script(database: Database) -> None:
    import_lines(database, [{"id": "uzeyir", **ENGLISH, **BORN}], publish=False)
    report = bring(database, [{**RUSSIAN, **BORN}])
    assert told(report) == [("line 1", "uzeyir", None)]
    pair = (report.duplicates or [])[0]
    assert {"kind": "birth_day", "value": "1885-09-18"} in pair["reasons"]
    assert set(pair["why"]) == {"az", "en", "ru"}
    assert report.duplicates_found == 1


def test_two_lines_of_one_file_are_told(database: Database) -> None:
    report = bring(database, [{"id": "a", **ENGLISH, **BORN}, {"id": "b", **RUSSIAN, **BORN}])
    assert told(report) == [("line 2", "a", "line 1")]


def test_namesakes_of_another_age_are_not(database: Database) -> None:
    report = bring(database, [{"id": "a", **ENGLISH, **BORN}, {"id": "b", **RUSSIAN, **OTHERWISE}])
    assert told(report) == []


def test_who_is_known_already_is_not_told_again(database: Database) -> None:
    lines = [{"id": "a", **ENGLISH, **BORN}, {"id": "b", **RUSSIAN, **BORN}]
    bring(database, lines)
    again = bring(database, lines)
    assert (again.same, told(again)) == (2, [])


def test_a_dry_run_tells_the_same(database: Database) -> None:
    lines = [{"id": "a", **ENGLISH, **BORN}, {"id": "b", **RUSSIAN, **BORN}]
    dry = bring(database, lines, dry_run=True)
    assert dry.duplicates == bring(database, lines).duplicates


def test_without_looking_nothing_is_said_of_duplicates(database: Database) -> None:
    assert import_lines(database, [{"id": "a", **ENGLISH}]).duplicates is None


def test_a_file_of_one_person_many_times_is_looked_through_within_bounds(
    database: Database,
) -> None:
    report = bring(database, [{"id": f"a-{number}", **ENGLISH, **BORN} for number in range(100)])
    assert report.new == 100
    assert report.duplicates_found > 100
    assert len(report.duplicates or ()) <= DUPLICATES_KEPT
