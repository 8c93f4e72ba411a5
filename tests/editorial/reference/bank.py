"""Helpers of the reference tests: a small bank with duplicate reference records."""

from typing import Any

from sqlalchemy import select

from biobank.accounts.identity import OPERATOR, Identity
from biobank.editorial import saving, workflow
from biobank.editorial.models import Revision, TextAge
from biobank.editorial.publishing import save_many
from biobank.editorial.reference import keeping
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.records.reference.kinds import (
    KINDS,
    ORGANISATION,
    PLACE,
    SOURCE,
    TERM,
    Kind,
    all_records,
    one_record,
)
from biobank.records.reference.redirects import load_redirects
from biobank.store import outbox
from biobank.store.session import Database

EDITOR = Identity("editor", "session", "an editor", user_id=1)
WRITER = Identity("contributor", "session", "a contributor", user_id=2)

#: The survivor and the duplicate of each kind.
PAIRS = {
    TERM: ("profession/test-bard", "profession/test-minstrel"),
    PLACE: ("test-town", "test-toun"),
    ORGANISATION: ("test-theatre", "test-playhouse"),
    SOURCE: ("test-book", "test-buch"),
}


def term(id_: str, **more: Any) -> dict[str, Any]:
    return {"vocabulary": "profession", "id": id_, "labels": {"en": id_, "az": id_}, **more}


def place(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "kind": "town", "names": [{"text": id_, "lang": "en"}], **more}


def organisation(id_: str, **more: Any) -> dict[str, Any]:
    names = [{"text": id_, "lang": "en", "kind": "preferred"}]
    return {"id": id_, "kind": "theatre", "names": names, **more}


def source(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "csl": {"type": "book", "title": id_, **more}}


MADE: tuple[tuple[Kind, dict[str, Any]], ...] = (
    (TERM, term("test-bard")),
    (TERM, term("test-minstrel", alt={"en": ["test singer"]})),
    (TERM, term("test-young-minstrel", broader=["test-minstrel"])),
    (PLACE, place("test-town")),
    (PLACE, place("test-toun")),
    (PLACE, place("test-quarter", broader="test-toun")),
    (ORGANISATION, organisation("test-theatre", place="test-town")),
    (ORGANISATION, organisation("test-playhouse", place="test-toun")),
    (SOURCE, source("test-book", note="kept as it is")),
    (SOURCE, source("test-buch")),
)


def fill(database: Database) -> None:
    """Add the reference records, and two people who use all of them."""
    for kind, record in MADE:
        keeping.add(database, EDITOR, kind, record)
    publish(database, person("test-first"), person("test-second", professions=["test-bard"]))


def person(id_: str, **more: Any) -> dict[str, Any]:
    """Return a person who uses the duplicate records in every possible field."""
    data = {
        "id": id_,
        "names": [{"text": "Test Person", "lang": "en", "kind": "preferred"}],
        "birth": {"date": "1900", "place": "test-toun", "cites": [{"source": "test-buch"}]},
        "professions": ["test-minstrel", "test-bard"],
        "biography": {
            "en": "Sang [@test-buch, p. 3; @test-book].",
            "ru": "Пел.",
        },
        "events": [{"date": "1920", "place": "test-quarter", "type": "premiere"}],
        "memberships": [
            {"organisation": "test-playhouse", "date": "1930"},
            {"organisation": "test-theatre", "date": "1930"},
        ],
        "sources": ["test-buch", "test-book"],
        "checked": {"on": "2026-01-01", "against": ["test-buch"]},
    }
    return load(person_schema, {**data, **more})


def publish(database: Database, *records: dict[str, Any]) -> None:
    with database.write() as session:
        save_many(session, records, OPERATOR, "", publish=True)


def draft(database: Database, record: dict[str, Any], *, review: bool = False) -> int:
    """Save a draft as the contributor, and submit it if `review` is set."""
    with database.read() as session:
        newest = saving.head(session, record["id"])
    saved = saving.save_draft(database, WRITER, record, newest.number if newest else None)
    if review:
        workflow.submit(database, WRITER, saved.person_id, saved.number)
    return saved.number


def public(database: Database, person_id: str) -> dict[str, Any]:
    with database.read() as session:
        found = queries.record(session, person_id)
    assert found is not None
    return found


def head(database: Database, person_id: str) -> Revision:
    with database.read() as session:
        found = saving.head(session, person_id)
    assert found is not None
    return found


def record_of(database: Database, kind: Kind, key: str) -> dict[str, Any] | None:
    with database.read() as session:
        return one_record(session, kind, key)


def indexed(database: Database) -> set[str]:
    """Return and clear the ids of people queued for reindexing."""
    with database.write() as session:
        rows = outbox.pending(session, 10_000)
        outbox.mark_done(session, [row.id for row in rows])
        return {row.person_id for row in rows}


def state(database: Database) -> dict[str, Any]:
    """Return all contents visible to readers and editors, without numbers, times and history."""
    with database.read() as session:
        ids = list(session.scalars(select(Person.id).order_by(Person.id)))
        newest = {id_: saving.head(session, id_) for id_ in ids}
        ages = {
            (it.person_id, it.lang): it.agrees < it.changed
            for it in session.scalars(select(TextAge))
        }
        return {
            "records": {kind.name: all_records(session, kind) for kind in KINDS},
            "redirects": {name: moved for name, moved in load_redirects(session).items() if moved},
            "public": queries.records(session, ids),
            "newest": {
                id_: (it.record, it.state, it.author, it.credit)
                if it.state != "published"
                else None
                for id_, it in newest.items()
                if it
            },
            "stale": ages,
        }
