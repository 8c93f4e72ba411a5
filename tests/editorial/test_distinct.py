"""Pairs marked as different people: stored in either order, removable and audited."""

import pytest
from sqlalchemy import select

from biobank.accounts.identity import OPERATOR, Identity, anonymous
from biobank.accounts.models import AuditEvent
from biobank.editorial.distinct import (
    AT_ONCE_MOST,
    distinct_from,
    distinct_pairs,
    forget_distinct,
    said,
    say_distinct,
    say_distinct_from,
)
from biobank.editorial.publishing import save_many
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
        save_many(session, records, OPERATOR, "", publish=False)


def pairs(database: Database) -> set[tuple[str, str]]:
    with database.read() as session:
        return distinct_pairs(session)


def noted(database: Database) -> list[tuple[str, str, dict[str, str]]]:
    with database.read() as session:
        found = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        return [(event.what, event.subject, event.detail) for event in found]


def test_a_pair_is_remembered_once_in_either_order(database: Database) -> None:
    say_distinct(database, WRITER, "second", "first")
    say_distinct(database, WRITER, "first", "second")
    assert pairs(database) == {("first", "second")}
    assert noted(database) == [("said distinct", "first", {"other": "second"})]
    with database.read() as session:
        [row] = said(session, 5)
        assert (row.said_by, row.said_by_id) == ("a writer", 7)
        assert distinct_from(session, "second") == {"first"}
        assert distinct_from(session, "third") == set()


def test_it_is_taken_back_and_the_audit_keeps_both(database: Database) -> None:
    say_distinct(database, WRITER, "first", "second")
    forget_distinct(database, WRITER, "second", "first")
    forget_distinct(database, WRITER, "second", "third")
    assert pairs(database) == set()
    assert [what for what, _, _ in noted(database)] == ["said distinct", "forgot distinct"]


def test_what_was_said_of_a_record_without_an_id_is_kept_once_it_has_one(
    database: Database,
) -> None:
    strangers = [f"nobody-{number}" for number in range(AT_ONCE_MOST)]
    say_distinct_from(database, WRITER, "third", ["first", "third", "second", *strangers])
    assert pairs(database) == {("first", "third"), ("second", "third")}


def test_a_pair_is_of_two_people_of_the_bank(database: Database) -> None:
    with pytest.raises(BadQuery):
        say_distinct(database, WRITER, "first", "first")
    with pytest.raises(NotFound):
        say_distinct(database, WRITER, "first", "nobody")
    with pytest.raises(NotFound):
        say_distinct_from(database, WRITER, "nobody", ["first"])
    assert pairs(database) == set()


def test_only_those_who_write_say_so(database: Database) -> None:
    for service in (say_distinct, forget_distinct):
        with pytest.raises(NotSignedIn):
            service(database, anonymous(), "first", "second")
    with pytest.raises(NotSignedIn):
        say_distinct_from(database, anonymous(), "first", ["second"])
    assert pairs(database) == set()
