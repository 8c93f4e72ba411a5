"""Bulk saving writes revision, published rows and outbox row together or not at all."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from biobank.accounts.identity import OPERATOR, Identity
from biobank.editorial.models import Revision
from biobank.editorial.revisions.bulk_save import SaveOutcome, find_known_ids, iter_drafts, save_records
from biobank.records.people import queries
from biobank.records.people.models import Person, PersonName
from biobank.records.people.schemas import person_schema
from biobank.records.sources.models import Source
from biobank.records.validation import load_validated
from biobank.store import outbox
from biobank.store.session import Database
from tests.support import seed

UZEYIR, NIZAMI = "uzeyir-hacibeyov", "nizami-gencevi"

EDITOR = Identity("editor", "session", "an editor")


def record(person_id: str, **changes: Any) -> dict[str, Any]:
    return load_validated(person_schema, {**seed.person_without_relations(person_id), **changes})


def save(database: Database, *records: dict[str, Any], publish: bool, message: str = "") -> list[SaveOutcome]:
    with database.write() as session:
        return save_records(session, records, OPERATOR, message, publish=publish)


def public(database: Database, person_id: str) -> dict[str, Any] | None:
    with database.read() as session:
        return queries.load_record(session, person_id)


def revisions(database: Database, person_id: str) -> list[tuple[int, str]]:
    """Return numbers and states, oldest first."""
    query = select(Revision).where(Revision.person_id == person_id).order_by(Revision.number)
    with database.read() as session:
        return [(row.number, row.state) for row in session.scalars(query)]


def outbox_ids(database: Database) -> list[str]:
    """Return the ids of people in the outbox."""
    with database.read() as session:
        return [row.person_id for row in outbox.pending(session, 100)]


def test_publishing_writes_revision_rows_and_outbox(database: Database) -> None:
    assert save(database, record(UZEYIR), publish=True, message="first") == ["new"]
    assert public(database, UZEYIR) == record(UZEYIR)
    assert revisions(database, UZEYIR) == [(1, "published")]
    assert outbox_ids(database) == [UZEYIR]
    with database.read() as session:
        revision = session.scalars(select(Revision)).one()
        person = session.get_one(Person, UZEYIR)
    assert revision.record == record(UZEYIR)
    assert (revision.author, revision.message) == ("operator", "first")
    assert person.published == revision.number
    assert person.updated_at == revision.at


def publish_and_die(database: Database) -> None:
    with database.write() as session:
        save_records(session, [record(UZEYIR)], OPERATOR, "", publish=True)
        raise ArithmeticError


def test_failed_publication_writes_nothing(database: Database) -> None:
    with pytest.raises(ArithmeticError):
        publish_and_die(database)
    assert public(database, UZEYIR) is None
    assert revisions(database, UZEYIR) == []
    assert outbox_ids(database) == []
    with database.read() as session:
        assert session.scalars(select(Person.id)).all() == []


def test_invalid_record_rolls_back_transaction(database: Database) -> None:
    nowhere = record(NIZAMI, birth={"place": "no-such-place"})
    with pytest.raises(IntegrityError):
        save(database, record(UZEYIR), nowhere, publish=True)
    assert public(database, UZEYIR) is None
    assert outbox_ids(database) == []


def test_equal_record_makes_no_revision(database: Database) -> None:
    save(database, record(UZEYIR), publish=True)
    assert save(database, record(UZEYIR), publish=True) == ["same"]
    assert revisions(database, UZEYIR) == [(1, "published")]
    assert outbox_ids(database) == [UZEYIR]


def test_changed_record_makes_a_new_revision(database: Database) -> None:
    save(database, record(UZEYIR), publish=True)
    changed = record(UZEYIR, gender="other", works=[])
    assert save(database, changed, publish=True) == ["changed"]
    assert public(database, UZEYIR) == changed
    assert revisions(database, UZEYIR) == [(1, "published"), (2, "published")]
    with database.read() as session:
        first = session.scalars(select(Revision.record).where(Revision.number == 1)).one()
    assert first == record(UZEYIR)


def test_a_draft_does_not_become_public(database: Database) -> None:
    assert save(database, record(UZEYIR), publish=False) == ["new"]
    assert public(database, UZEYIR) is None
    assert revisions(database, UZEYIR) == [(1, "draft")]
    assert outbox_ids(database) == []
    with database.read() as session:
        assert queries.count(session) == 0
        assert session.scalar(select(func.count()).select_from(PersonName)) == 0
        assert find_known_ids(session) == {UZEYIR}


def test_draft_does_not_change_public_record(database: Database) -> None:
    save(database, record(UZEYIR), publish=True)
    draft = record(UZEYIR, gender="other")
    assert save(database, draft, publish=False) == ["changed"]
    assert save(database, draft, publish=False) == ["same"]
    assert public(database, UZEYIR) == record(UZEYIR)
    assert revisions(database, UZEYIR) == [(1, "published"), (2, "draft")]
    with database.read() as session:
        assert list(iter_drafts(session)) == [draft]


def test_publishing_a_draft_makes_it_public(database: Database) -> None:
    save(database, record(UZEYIR), publish=False)
    assert save(database, record(UZEYIR), publish=True) == ["changed"]
    assert public(database, UZEYIR) == record(UZEYIR)
    assert outbox_ids(database) == [UZEYIR]
    with database.read() as session:
        assert list(iter_drafts(session)) == []


def test_inline_source_is_stored_and_referenced(database: Database) -> None:
    csl = {"type": "book", "title": "Azərbaycan xalq musiqisinin əsasları"}
    inline = record(UZEYIR, sources=[{"id": "new-source", "csl": csl}])
    save(database, inline, publish=False)
    with database.read() as session:
        assert session.get_one(Source, "new-source").csl == csl
        stored = session.scalars(select(Revision.record)).one()
    assert "new-source" in stored["sources"]
    assert all(isinstance(source, str) for source in stored["sources"])
    assert save(database, stored, publish=True) == ["changed"]
    assert public(database, UZEYIR) == stored


def test_two_records_share_an_inline_source(database: Database) -> None:
    inline = {"id": "new-source", "csl": {"type": "book", "title": "Musiqi lüğəti"}}
    people = [record(id_, sources=[inline]) for id_ in (UZEYIR, NIZAMI)]
    assert save(database, *people, publish=True) == ["new", "new"]
    assert save(database, *people, publish=True) == ["same", "same"]


def test_outcomes_follow_record_order(database: Database) -> None:
    save(database, record(NIZAMI), publish=True)
    changed = record(NIZAMI, gender="other")
    assert save(database, record(UZEYIR), changed, publish=True) == ["new", "changed"]


def test_a_revision_names_its_author(database: Database) -> None:
    with database.write() as session:
        save_records(session, [record(UZEYIR)], EDITOR, "", publish=True)
    with database.read() as session:
        assert session.scalars(select(Revision.author)).all() == ["an editor"]
