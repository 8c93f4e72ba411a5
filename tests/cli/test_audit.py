"""`biobank audit`: export of the audit log, and verification of its hash chain."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from biobank import settings
from biobank.accounts.audit import record_for
from biobank.accounts.identity import Identity
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


def test_network_addresses_are_erased_on_request(bank: Run) -> None:
    actor = Identity("editor", "session", "Nigar", 1, "nigar@example.az", ip_address="203.0.113.7")
    other = replace(actor, user_id=7, ip_address="2001:db8::1")
    assert bank("users", "add", actor.email, "--role", "editor").exit_code == 0
    database = Database(settings.load().database_url)
    with database.write() as session:
        for identity in (actor, other):
            record_for(session, identity, "published", "person", "p")
    database.dispose()
    by_user = bank("audit", "erase-addresses", "--user", actor.email, "--json")
    assert json.loads(by_user.stdout)["erased"] == 1
    by_address = bank("audit", "erase-addresses", "--address", "2001:DB8:0::1")
    assert by_address.output == "1 network address erased.\n"
    exported = bank("audit", "export", "--format", "jsonl", "-o", "-").stdout
    assert not any(address in exported for address in (actor.ip_address, other.ip_address))
    assert bank("audit", "verify").exit_code == 0
    for arguments in ((), ("--address", "nowhere"), ("--user", "nobody@b.az", "--address", "::1")):
        assert bank("audit", "erase-addresses", *arguments).exit_code == 2


def test_an_export_can_be_verified_without_the_bank(bank: Run) -> None:
    """As docs/explanation/security.md describes it."""
    for name in ("nigar", "rasul"):
        assert bank("users", "add", f"{name}@example.az", "--role", "editor").exit_code == 0
    assert bank("users", "erase", "nigar@example.az").exit_code == 0
    lines = bank("audit", "export", "--format", "jsonl", "-o", "-").stdout.splitlines()
    previous = ""

    def sha(*parts: str) -> str:
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def canonical(value: object) -> str:
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    for row in map(json.loads, lines):
        digests, salts, own = row.pop("digests"), row.pop("salts"), row.pop("hash")
        assert row.pop("chain_version") == 2
        del row["id"]
        row["at"] = datetime.fromisoformat(row["at"]).isoformat(timespec="microseconds")
        row |= {name: sha(salt, canonical(row[name])) for name, salt in salts.items()} | digests
        assert own == sha(previous, canonical(row))
        previous = own
    assert len(lines) == 5
