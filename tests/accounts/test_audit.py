"""The audit log: filters, export and access."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from biobank.accounts import audit, audit_queries
from biobank.accounts.audit_queries import AuditFilter
from biobank.accounts.identity import OPERATOR, Identity, anonymous
from biobank.accounts.models import AuditEvent
from biobank.errors import Forbidden, NotSignedIn
from biobank.exchange.exports.formats import AUDIT_FORMATS
from biobank.store.session import Database
from tests.accounts.conftest import create_member

DAY = date(2025, 3, 5)


def add_events(store: Database) -> None:
    """Add one event per day on three days; the last contains a spreadsheet formula."""
    editor = Identity("editor", "session", "Nigar", 7, "Nigar@example.az", ip_address="203.0.113.7")
    with store.write() as session:
        audit.record_for(session, editor, "published", "person", "yazili-yazilov", revision=3)
        audit.record_for(session, OPERATOR, "added", "term", "award/100_%")
        audit.record_for(session, editor, "removed", "source", '=cmd|" /C calc"!A0', why="+1")
    with store.write() as session:
        rows = session.query(AuditEvent).order_by(AuditEvent.id.desc()).limit(3).all()
        days = [datetime(2025, 3, 5, 23, 59, tzinfo=UTC) - timedelta(days=n) for n in range(3)]
        originals = [(row.what, row.kind, row.subject, row.actor, row.detail) for row in rows]
        # Audit rows are immutable, so events of other days are added as new rows.
        for day, (action, kind, subject, actor, detail) in zip(days, originals, strict=True):
            session.add(
                AuditEvent(
                    at=day,
                    what=f"{action}_then",
                    kind=kind,
                    subject=subject,
                    actor=actor,
                    detail=detail,
                    address="",
                )
            )


@pytest.mark.parametrize(
    ("narrowing", "expected"),
    [
        (AuditFilter(kind="person"), {"published", "published_then"}),
        (AuditFilter(action="added"), {"added"}),
        (AuditFilter(actor="NIGAR@"), {"published", "removed", "published_then", "removed_then"}),
        (AuditFilter(subject="Yazilov"), {"published", "published_then"}),
        (AuditFilter(subject="0_%"), {"added", "added_then"}),
        (AuditFilter(subject="%"), {"added", "added_then"}),
        (AuditFilter(until=DAY, since=DAY), {"removed_then"}),
        (AuditFilter(until=DAY - timedelta(days=1)), {"added_then", "published_then"}),
        (AuditFilter(kind="term", actor="nigar"), set()),
        (AuditFilter(until=date.max, action="added"), {"added"}),
    ],
)
def test_events_are_filtered(store: Database, narrowing: AuditFilter, expected: set[str]) -> None:
    add_events(store)
    page, total = audit_queries.list_events(store, OPERATOR, audit_filter=narrowing)
    assert {event.what for event in page} == expected
    assert total == len(expected)
    exported = list(audit_queries.iter_events(store, OPERATOR, narrowing))
    assert [event.id for event in exported] == sorted(event.id for event in page)


def test_facets_list_existing_kinds_and_actions(store: Database) -> None:
    add_events(store)
    facets = audit_queries.load_facets(store, OPERATOR)
    assert facets.kinds == ("person", "source", "term")
    assert facets.actions[:2] == ("added", "added_then")


def test_every_format_exports_all_events_without_formulas(
    store_on_disk: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_queries, "EXPORT_CHUNK_ROWS", 2)
    add_events(store_on_disk)
    events = list(audit_queries.iter_events(store_on_disk, OPERATOR))
    assert [event.what for event in events][-1] == "exported"
    assert len(events) == 7
    lines = [json.loads(line) for line in AUDIT_FORMATS["jsonl"].write(events)]
    assert [line["id"] for line in lines] == [event.id for event in events]
    assert lines[0]["at"].endswith("+00:00")
    assert lines[0]["detail"] == {"revision": 3}
    table = "".join(AUDIT_FORMATS["csv"].write(events)).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [row["what"] for row in rows] == [event.what for event in events]
    assert rows[2]["subject"] == '\'=cmd|" /C calc"!A0'
    assert json.loads(rows[2]["detail"]) == {"why": "+1"}
    assert set(rows[0]) == set(lines[0])
    assert set(AUDIT_FORMATS) == {"csv", "jsonl"}


def test_only_administrators_read_it_and_exports_are_recorded(store: Database) -> None:
    editor = create_member(store).identity
    for read in (audit_queries.list_events, audit_queries.iter_events, audit_queries.load_facets):
        with pytest.raises(Forbidden):
            read(store, editor)
        with pytest.raises(NotSignedIn):
            read(store, anonymous())
    admin = create_member(store, "rasul@example.az", "admin").identity
    audit_queries.iter_events(store, admin)
    latest = audit_queries.list_events(store, admin)[0][0]
    assert (latest.what, latest.kind, latest.actor) == ("exported", "audit", "rasul@example.az")
