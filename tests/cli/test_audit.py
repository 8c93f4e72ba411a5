"""`biobank audit`: export of the audit log, and verification of its hash chain."""

import csv
import io
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from biobank import settings
from biobank.store.session import Database
from tests.cli.conftest import Run


def test_the_audit_log_is_exported_in_both_formats_and_by_date(bank: Run) -> None:
    assert bank("users", "add", "nigar@example.az", "--role", "editor").exit_code == 0
    result = bank("audit", "export", "-o", "audit.csv", "--json")
    assert result.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(Path("audit.csv").read_text("utf-8-sig"), newline="")))
    assert json.loads(result.output)["written"] == len(rows)
    assert ("invited", "nigar@example.az") in {(row["what"], row["subject"]) for row in rows}
    printed = bank("audit", "export", "--format", "jsonl", "-o", "-").output
    lines = [json.loads(line) for line in printed.splitlines()]
    # The previous export is recorded as well.
    assert [line["what"] for line in lines][len(rows) :] == ["exported"]
    none = bank("audit", "export", "--until", "2001-01-01", "-o", "none.csv")
    assert "0 events" in none.output


@pytest.mark.parametrize("arguments", [(), ("-o", "no/folder.csv"), ("-o", "a.csv", "--since", "yesterday")])
def test_invalid_arguments_are_usage_errors(bank: Run, arguments: tuple[str, ...]) -> None:
    assert bank("audit", "export", *arguments).exit_code == 2


def test_a_changed_line_is_reported(bank: Run) -> None:
    for name in ("nigar", "rasul", "sevda"):
        assert bank("users", "add", f"{name}@example.az", "--role", "editor").exit_code == 0
    bank("audit", "export", "--format", "jsonl", "-o", "audit.jsonl")
    last = json.loads(Path("audit.jsonl").read_text().splitlines()[-1])
    intact = bank("audit", "verify", "--json", "--holds", last["hash"])
    assert (intact.exit_code, json.loads(intact.output)["broken_at"]) == (0, None)
    missing = bank("audit", "verify", "--holds", "0" * 64)
    assert missing.exit_code == 1
    assert "events are missing" in missing.output
    database = Database(settings.load().database_url)
    with database.write() as session:
        session.execute(text("DROP TRIGGER audit_events_update"))
        change = "UPDATE audit_events SET what = 'nothing' WHERE subject LIKE 'rasul%'"
        session.execute(text(change))
        changed = session.scalar(text("SELECT id FROM audit_events WHERE what = 'nothing'"))
    database.dispose()
    broken = bank("audit", "verify")
    assert broken.exit_code == 1
    assert f"Event {changed} does not match" in broken.output
    assert "rasul@example.az" in broken.output
