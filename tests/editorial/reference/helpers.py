"""Helpers of the reference tests: a small bank with duplicate reference records."""

from typing import Any

import pytest
from sqlalchemy import select

from biobank.accounts.identity import OPERATOR, Identity
from biobank.editorial.models import Revision, TextAge
from biobank.editorial.reference import merge, service, undo
from biobank.editorial.review import workflow
from biobank.editorial.revisions import drafts
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.reference.kinds import (
    ORGANISATION_KIND,
    PLACE_KIND,
    REFERENCE_KINDS,
    SOURCE_KIND,
    TERM_KIND,
    ReferenceKind,
    load_all_records,
    load_record_by_key,
)
from biobank.records.reference.redirects import load_redirects
from biobank.records.validation import load_validated
from biobank.store import outbox
from biobank.store.session import Database

EDITOR = Identity("editor", "session", "an editor", user_id=1)
WRITER = Identity("contributor", "session", "a contributor", user_id=2)

#: The survivor and the duplicate of each kind.
PAIRS = {
    TERM_KIND: ("profession/test-bard", "profession/test-minstrel"),
    PLACE_KIND: ("test-town", "test-toun"),
    ORGANISATION_KIND: ("test-theatre", "test-playhouse"),
    SOURCE_KIND: ("test-book", "test-buch"),
}


def set_batch_size(monkeypatch: pytest.MonkeyPatch, people: int) -> None:
    """Rewrite so many people in a transaction of a merge or an undo, without pauses between them."""
    for module in (merge, undo):
        monkeypatch.setattr(module, "REWRITE_BATCH_SIZE", people)
        monkeypatch.setattr(module, "PAUSE_SECONDS", 0)


def term(id_: str, **fields: Any) -> dict[str, Any]:
    return {"vocabulary": "profession", "id": id_, "labels": {"en": id_, "az": id_}, **fields}


def place(id_: str, **fields: Any) -> dict[str, Any]:
    return {"id": id_, "kind": "town", "names": [{"text": id_, "lang": "en"}], **fields}


def organisation(id_: str, **fields: Any) -> dict[str, Any]:
    names = [{"text": id_, "lang": "en", "kind": "preferred"}]
    return {"id": id_, "kind": "theatre", "names": names, **fields}


def source(id_: str, **fields: Any) -> dict[str, Any]:
    return {"id": id_, "csl": {"type": "book", "title": id_, **fields}}


RECORDS: tuple[tuple[ReferenceKind, dict[str, Any]], ...] = (
    (TERM_KIND, term("test-bard")),
    (TERM_KIND, term("test-minstrel", alt={"en": ["test singer"]})),
    (TERM_KIND, term("test-young-minstrel", broader=["test-minstrel"])),
    (PLACE_KIND, place("test-town")),
    (PLACE_KIND, place("test-toun")),
    (PLACE_KIND, place("test-quarter", broader="test-toun")),
    (ORGANISATION_KIND, organisation("test-theatre", place="test-town")),
    (ORGANISATION_KIND, organisation("test-playhouse", place="test-toun")),
    (SOURCE_KIND, source("test-book", note="kept as it is")),
    (SOURCE_KIND, source("test-buch")),
)


def add_test_records(database: Database) -> None:
    """Add the reference records, and two people who use all of them."""
    for kind, record in RECORDS:
        service.add_record(database, EDITOR, kind, record)
    publish(database, person("test-first"), person("test-second", professions=["test-bard"]))


def person(id_: str, **fields: Any) -> dict[str, Any]:
    """Return a person who uses the duplicate records in every possible field."""
    data = {
        "id": id_,
        "names": [{"text": "Test Person", "lang": "en", "kind": "preferred"}],
        "birth": {"date": "1900", "place": "test-toun", "cites": [{"source": "test-buch"}]},
        "professions": ["test-minstrel", "test-bard"],
        "biography": {"en": "Sang [@test-buch, p. 3; @test-book].", "ru": "Пел."},
        "events": [{"date": "1920", "place": "test-quarter", "type": "premiere"}],
        "memberships": [
            {"organisation": "test-playhouse", "date": "1930"},
            {"organisation": "test-theatre", "date": "1930"},
        ],
        "sources": ["test-buch", "test-book"],
        "checked": {"on": "2026-01-01", "against": ["test-buch"]},
    }
    return load_validated(person_schema, {**data, **fields})


def publish(database: Database, *records: dict[str, Any]) -> None:
    with database.write() as session:
        save_records(session, records, OPERATOR, "", publish=True)


def save_draft(database: Database, record: dict[str, Any], *, review: bool = False) -> int:
    """Save a draft as the contributor, and submit it if `review` is set."""
    with database.read() as session:
        latest = latest_revision(session, record["id"])
    saved = drafts.save_draft(database, WRITER, record, latest.number if latest else None)
    if review:
        workflow.submit(database, WRITER, saved.person_id, saved.number)
    return saved.number


def public_record(database: Database, person_id: str) -> dict[str, Any]:
    with database.read() as session:
        result = queries.load_record(session, person_id)
    assert result is not None
    return result


def stored_revision(database: Database, person_id: str) -> Revision:
    with database.read() as session:
        revision = latest_revision(session, person_id)
    assert revision is not None
    return revision


def get_record(database: Database, kind: ReferenceKind, key: str) -> dict[str, Any] | None:
    with database.read() as session:
        return load_record_by_key(session, kind, key)


def pop_reindexed(database: Database) -> set[str]:
    """Return and clear the ids of people queued for reindexing."""
    with database.write() as session:
        rows = outbox.pending(session, 10_000)
        outbox.mark_applied(session, [row.id for row in rows])
        return {row.person_id for row in rows}


def snapshot(database: Database) -> dict[str, Any]:
    """Return all contents visible to readers and editors, without numbers, times and history."""
    with database.read() as session:
        ids = list(session.scalars(select(Person.id).order_by(Person.id)))
        latest = {id_: latest_revision(session, id_) for id_ in ids}
        ages = {
            (item.person_id, item.lang): item.agrees < item.changed
            for item in session.scalars(select(TextAge))
        }
        return {
            "records": {kind.name: load_all_records(session, kind) for kind in REFERENCE_KINDS},
            "redirects": {name: moved for name, moved in load_redirects(session).items() if moved},
            "public": queries.load_records(session, ids),
            "newest": {
                id_: (item.record, item.state, item.author, item.credit)
                if item.state != "published"
                else None
                for id_, item in latest.items()
                if item
            },
            "stale": ages,
        }
