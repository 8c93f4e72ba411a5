"""Pairs marked as different people: stored in either order, removable and audited."""

import pytest
from sqlalchemy import select

from biobank.accounts.identity import OPERATOR, Identity, anonymous
from biobank.accounts.models import AuditEvent
from biobank.editorial.duplicates.not_duplicates import (
    MAX_MARKED_PEOPLE,
    distinct_from,
    distinct_pairs,
    mark_distinct,
    mark_distinct_from,
    recent_distinct_pairs,
    unmark_distinct,
)
from biobank.editorial.revisions.bulk_save import save_records
from biobank.errors import BadQuery, NotFound, NotSignedIn
from biobank.store.session import Database

WRITER = Identity("contributor", "session", "a writer", user_id=7)


@pytest.fixture(autouse=True)
def people(database: Database) -> None:
    records = [
        {"id": id_, "names": [{"text": f"Sınaq {id_}", "lang": "az", "kind": "preferred"}]}
        for id_ in ("first", "second", "third")
    ]
    with database.write() as session:
        save_records(session, records, OPERATOR, "", publish=False)


def pairs(database: Database) -> set[tuple[str, str]]:
    with database.read() as session:
        return distinct_pairs(session)


def audit_entries(database: Database) -> list[tuple[str, str, dict[str, str]]]:
    with database.read() as session:
        events = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        return [(event.what, event.subject, event.detail) for event in events]


def test_pair_is_stored_once_in_either_order(database: Database) -> None:
    mark_distinct(database, WRITER, "second", "first")
    mark_distinct(database, WRITER, "first", "second")
    assert pairs(database) == {("first", "second")}
    assert audit_entries(database) == [("said distinct", "first", {"other": "second"})]
    with database.read() as session:
        [row] = recent_distinct_pairs(session, 5)
        assert (row.said_by, row.said_by_id) == ("a writer", 7)
        assert distinct_from(session, "second") == {"first"}
        assert distinct_from(session, "third") == set()


def test_mark_is_removed_and_both_actions_are_audited(database: Database) -> None:
    mark_distinct(database, WRITER, "first", "second")
    unmark_distinct(database, WRITER, "second", "first")
    unmark_distinct(database, WRITER, "second", "third")
    assert pairs(database) == set()
    assert [what for what, _, _ in audit_entries(database)] == ["said distinct", "forgot distinct"]


def test_marks_of_new_record_are_stored_after_saving(database: Database) -> None:
    unknown_ids = [f"nobody-{number}" for number in range(MAX_MARKED_PEOPLE)]
    mark_distinct_from(database, WRITER, "third", ["first", "third", "second", *unknown_ids])
    assert pairs(database) == {("first", "third"), ("second", "third")}


def test_pair_requires_two_existing_people(database: Database) -> None:
    with pytest.raises(BadQuery):
        mark_distinct(database, WRITER, "first", "first")
    with pytest.raises(NotFound):
        mark_distinct(database, WRITER, "first", "nobody")
    with pytest.raises(NotFound):
        mark_distinct_from(database, WRITER, "nobody", ["first"])
    assert pairs(database) == set()


def test_marking_requires_contributor(database: Database) -> None:
    for service in (mark_distinct, unmark_distinct):
        with pytest.raises(NotSignedIn):
            service(database, anonymous(), "first", "second")
    with pytest.raises(NotSignedIn):
        mark_distinct_from(database, anonymous(), "first", ["second"])
    assert pairs(database) == set()
