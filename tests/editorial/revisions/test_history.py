"""Revisions: complete history, hidden drafts, blame and restoration."""

from typing import Any

import pytest
from sqlalchemy import select, update

from biobank.accounts.identity import OPERATOR, Identity
from biobank.common.clock import now
from biobank.editorial.models import Revision
from biobank.editorial.revisions import history
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.revisions.drafts import restore_revision
from biobank.errors import NotFound, RecordRefused
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.places.models import Place
from biobank.records.validation import load_validated
from biobank.store.session import Database
from tests.support import seed
from tests.support.instruction_count import count_instructions

UZEYIR = "uzeyir-hacibeyov"

EDITOR = Identity("editor", "session", "an editor")


def record(**changes: Any) -> dict[str, Any]:
    return load_validated(person_schema, {**seed.person_without_relations(UZEYIR), **changes})


def save(database: Database, *records: dict[str, Any], publish: bool = True) -> None:
    for entry in records:
        with database.write() as session:
            save_records(session, [entry], OPERATOR, "", publish=publish)


def numbers(database: Database, *, public: bool = True) -> list[int]:
    with database.read() as session:
        return [
            changes.revision.number
            for changes in history.list_revisions(session, UZEYIR, 0, 10, public=public)
        ]


def withdraw(database: Database) -> None:
    with database.write() as session:
        session.execute(update(Person).values(published=None))


def test_revisions_are_listed_newest_first_with_changes(database: Database) -> None:
    save(database, record(), record(gender="other"), record(gender="other", professions=["poet"]))
    with database.read() as session:
        listed = history.list_revisions(session, UZEYIR, 0, 10)
        older = history.list_revisions(session, UZEYIR, 1, 1)
        assert history.count_revisions(session, UZEYIR) == 3
        assert history.previous_number(session, UZEYIR, 3) == 2
        assert history.previous_number(session, UZEYIR, 1) is None
        assert history.get_current_revision(session, UZEYIR).number == 3
    assert [step.revision.number for step in listed] == [3, 2, 1]
    assert {change.path[0] for change in listed[0].changes} == {"professions"}
    assert {change.path for change in listed[1].changes} == {("gender",)}
    assert {change.path[0] for change in listed[2].changes} == set(record())
    assert [(step.revision.number, step.changes) for step in older] == [(2, listed[1].changes)]


def test_revision_contents_are_immutable(database: Database) -> None:
    save(database, record(), record(gender="other"))
    with database.read() as session:
        assert history.get_revision(session, UZEYIR, 1).record == record()
        assert history.get_revision(session, UZEYIR, 2).record == record(gender="other")


@pytest.mark.parametrize("number", [0, -1, 3, 10**30])
def test_unknown_revision_is_not_found(database: Database, number: int) -> None:
    save(database, record(), record(gender="other"))
    with database.read() as session, pytest.raises(NotFound):
        history.get_revision(session, UZEYIR, number)


def test_drafts_are_not_public(database: Database) -> None:
    save(database, record())
    save(database, record(gender="other"), publish=False)
    assert numbers(database) == [1]
    assert numbers(database, public=False) == [2, 1]
    with database.read() as session, pytest.raises(NotFound):
        history.get_revision(session, UZEYIR, 2)


def test_draft_changes_appear_with_the_published_revision(database: Database) -> None:
    save(database, record())
    save(database, record(gender="other"), publish=False)
    save(database, record(gender="other"))
    with database.read() as session:
        latest = history.list_revisions(session, UZEYIR, 0, 1)[0]
    assert latest.revision.number == 3
    assert [change.path for change in latest.changes] == [("gender",)]


def test_revisions_of_withdrawn_person_are_not_public(database: Database) -> None:
    save(database, record())
    withdraw(database)
    assert numbers(database) == []
    assert numbers(database, public=False) == [1]
    with database.read() as session:
        assert history.first_published(session, UZEYIR) is None
        with pytest.raises(NotFound):
            history.get_current_revision(session, UZEYIR)


def test_blame_traces_every_value(database: Database) -> None:
    first = record(awards=[], gender="male")
    award = {"award": seed.terms("award")[0], "date": "1938"}
    save(
        database,
        first,
        {**first, "awards": [award]},
        {**first, "awards": [award], "names": first["names"][::-1]},
        {**first, "awards": [award], "names": first["names"][::-1], "gender": "other"},
        {**first, "awards": [award], "names": first["names"][::-1], "gender": "male"},
    )
    with database.read() as session:
        origins = history.blame(session, UZEYIR)
        last = history.get_current_revision(session, UZEYIR).record
    assert set(origins) == {history.format_path(path) for path, _ in history.iter_leaves(last)}
    assert (origins["awards[0].date"], origins["gender"]) == (2, 5)
    assert {number for path, number in origins.items() if path.startswith("names")} == {1}
    assert origins["birth.date"] == origins["biography.az"] == 1


def test_blame_is_linear_in_revisions(database: Database) -> None:
    full_record = record()
    save(database, full_record)

    def blamed() -> dict[str, int]:
        with database.read() as session:
            return history.blame(session, UZEYIR)

    def work(first: int, last: int) -> int:
        _replay(database, full_record, range(first, last + 1))
        return count_instructions(blamed)

    few = work(2, 100)
    assert work(101, 200) < 3 * few
    assert (blamed()["headline.en"], blamed()["birth.date"]) == (200, 1)


def _replay(database: Database, full_record: dict[str, Any], numbers: range) -> None:
    with database.write() as session:
        session.add_all(
            Revision(
                person_id=UZEYIR,
                number=number,
                state="draft",
                record={**full_record, "headline": {"en": f"Composer {number}"}},
                author="operator",
                at=now(),
            )
            for number in numbers
        )


def test_restoring_dangling_references_is_refused(database: Database) -> None:
    with database.write() as session:
        session.add(Place(id="gone", kind="town", country="AZ", identifiers={}))
    save(database, record(floruit={"place": "gone"}), record())
    with database.write() as session:
        session.delete(session.get_one(Place, "gone"))
    with pytest.raises(RecordRefused) as refused:
        restore_revision(database, EDITOR, UZEYIR, 1, 2, "")
    assert [problem.path for problem in refused.value.problems] == ["floruit.place"]
    with database.read() as session:
        assert len(session.scalars(select(Revision.id)).all()) == 2
