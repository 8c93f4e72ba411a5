"""The audit log: filters, export and access."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from biobank.accounts import audit, audit_reading
from biobank.accounts.audit_reading import Narrowing
from biobank.accounts.identity import OPERATOR, Identity, anonymous
from biobank.accounts.models import AuditEvent
from biobank.errors import Forbidden, NotSignedIn
from biobank.exchange.audit_export import FORMATS, as_csv, as_json_lines
from biobank.store.session import Database
from tests.accounts.conftest import member

DAY = date(2025, 3, 5)


def happened(store: Database) -> None:
    """Add one event per day on three days; the last contains a spreadsheet formula."""
    who = Identity("editor", "session", "Nigar", 7, "Nigar@example.az", address="203.0.113.7")
    with store.write() as session:
        audit.note_about(session, who, "published", "person", "yazili-yazilov", revision=3)
        audit.note_about(session, OPERATOR, "added", "term", "award/100_%")
        audit.note_about(session, who, "removed", "source", '=cmd|" /C calc"!A0', why="+1")
    with store.write() as session:
        rows = session.query(AuditEvent).order_by(AuditEvent.id.desc()).limit(3).all()
        days = [datetime(2025, 3, 5, 23, 59, tzinfo=UTC) - timedelta(days=n) for n in range(3)]
        made = [(row.what, row.kind, row.subject, row.actor, row.detail) for row in rows]
        # Audit rows are immutable, so events of other days are added as new rows.
        for day, (what, kind, subject, actor, detail) in zip(days, made, strict=True):
            session.add(
                AuditEvent(
                    at=day,
                    what=f"{what}_then",
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
        (Narrowing(kind="person"), {"published", "published_then"}),
        (Narrowing(what="added"), {"added"}),
        (Narrowing(who="NIGAR@"), {"published", "removed", "published_then", "removed_then"}),
        (Narrowing(about="Yazilov"), {"published", "published_then"}),
        (Narrowing(about="0_%"), {"added", "added_then"}),
        (Narrowing(about="%"), {"added", "added_then"}),
        (Narrowing(until=DAY, since=DAY), {"removed_then"}),
        (Narrowing(until=DAY - timedelta(days=1)), {"added_then", "published_then"}),
        (Narrowing(kind="term", who="nigar"), set()),
        (Narrowing(until=date.max, what="added"), {"added"}),
    ],
)
def test_events_are_narrowed(store: Database, narrowing: Narrowing, expected: set[str]) -> None:
    happened(store)
    page, total = audit_reading.events(store, OPERATOR, narrowing=narrowing)
    assert {event.what for event in page} == expected
    assert total == len(expected)
    walked = list(audit_reading.walk(store, OPERATOR, narrowing))
    assert [event.id for event in walked] == sorted(event.id for event in page)


def test_it_says_what_there_is_to_choose_from(store: Database) -> None:
    happened(store)
    said = audit_reading.said(store, OPERATOR)
    assert said.kinds == ("person", "source", "term")
    assert said.whats[:2] == ("added", "added_then")


def test_every_form_holds_every_event_and_no_formula(
    store_on_disk: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_reading, "CHUNK", 2)
    happened(store_on_disk)
    events = list(audit_reading.walk(store_on_disk, OPERATOR))
    assert [event.what for event in events][-1] == "exported"
    assert len(events) == 7
    lines = [json.loads(line) for line in as_json_lines(events)]
    assert [line["id"] for line in lines] == [event.id for event in events]
    assert lines[0]["at"].endswith("+00:00")
    assert lines[0]["detail"] == {"revision": 3}
    table = "".join(as_csv(events)).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [row["what"] for row in rows] == [event.what for event in events]
    assert rows[2]["subject"] == '\'=cmd|" /C calc"!A0'
    assert json.loads(rows[2]["detail"]) == {"why": "+1"}
    assert set(rows[0]) == set(lines[0])
    assert set(FORMATS) == {"csv", "jsonl"}


def test_it_is_for_administrators_alone_and_taking_it_away_is_noted(store: Database) -> None:
    editor = member(store).who
    for read in (audit_reading.events, audit_reading.walk, audit_reading.said):
        with pytest.raises(Forbidden):
            read(store, editor)
        with pytest.raises(NotSignedIn):
            read(store, anonymous())
    admin = member(store, "rasul@example.az", "admin").who
    audit_reading.walk(store, admin)
    newest = audit_reading.events(store, admin)[0][0]
    assert (newest.what, newest.kind, newest.actor) == ("exported", "audit", "rasul@example.az")
