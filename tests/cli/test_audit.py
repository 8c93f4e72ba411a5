"""`biobank audit export`: who did what when, as a file."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_the_audit_is_written_in_both_forms_and_by_days(bank: Run) -> None:
    assert bank("users", "add", "nigar@example.az", "--role", "editor").exit_code == 0
    done = bank("audit", "export", "-o", "audit.csv", "--json")
    assert done.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(Path("audit.csv").read_text("utf-8-sig"), newline="")))
    assert json.loads(done.output)["written"] == len(rows)
    assert ("invited", "nigar@example.az") in {(row["what"], row["subject"]) for row in rows}
    printed = bank("audit", "export", "--format", "jsonl", "-o", "-").output
    lines = [json.loads(line) for line in printed.splitlines()]
    # That it was taken away before stands there too.
    assert [line["what"] for line in lines][len(rows) :] == ["exported"]
    none = bank("audit", "export", "--until", "2001-01-01", "-o", "none.csv")
    assert "0 lines" in none.output


@pytest.mark.parametrize(
    "arguments", [(), ("-o", "no/folder.csv"), ("-o", "a.csv", "--since", "yesterday")]
)
def test_what_cannot_be_done_is_usage(bank: Run, arguments: tuple[str, ...]) -> None:
    assert bank("audit", "export", *arguments).exit_code == 2
