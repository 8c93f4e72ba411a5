"""Revisions: complete history, hidden drafts, blame and restoration."""

from typing import Any

import pytest
from sqlalchemy import select, update

from biobank.accounts.identity import OPERATOR, Identity
from biobank.editorial import history
from biobank.editorial.models import Revision
from biobank.editorial.publishing import save_many
from biobank.editorial.restoring import restore_draft
from biobank.errors import NotFound, RecordRefused
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.places.models import Place
from biobank.records.problems import load
from biobank.store import outbox
from biobank.store.session import Database
from tests.support import seed
from tests.support.work import steps

UZEYIR = "uzeyir-hacibeyov"

EDITOR = Identity("editor", "session", "an editor")


def record(**changes: Any) -> dict[str, Any]:
    return load(person_schema, {**seed.alone(UZEYIR), **changes})


def save(database: Database, *records: dict[str, Any], publish: bool = True) -> None:
    for it in records:
        with database.write() as session:
            save_many(session, [it], OPERATOR, "", publish=publish)


def numbers(database: Database, *, public: bool = True) -> list[int]:
    with database.read() as session:
        return [it.revision.number for it in history.steps(session, UZEYIR, 0, 10, public=public)]


def withdraw(database: Database) -> None:
    with database.write() as session:
        session.execute(update(Person).values(published=None))


def test_revisions_come_newest_first_with_what_they_changed(database: Database) -> None:
    save(database, record(), record(gender="other"), record(gender="other", professions=["poet"]))
    with database.read() as session:
        found = history.steps(session, UZEYIR, 0, 10)
        older = history.steps(session, UZEYIR, 1, 1)
        assert history.count(session, UZEYIR) == 3
        assert history.before(session, UZEYIR, 3) == 2
        assert history.before(session, UZEYIR, 1) is None
        assert history.current(session, UZEYIR).number == 3
    assert [step.revision.number for step in found] == [3, 2, 1]
    assert {change.path[0] for change in found[0].changes} == {"professions"}
    assert {change.path for change in found[1].changes} == {("gender",)}
    assert {change.path[0] for change in found[2].changes} == set(record())
    assert [(step.revision.number, step.changes) for step in older] == [(2, found[1].changes)]


def test_a_revision_says_what_it_said(database: Database) -> None:
    save(database, record(), record(gender="other"))
    with database.read() as session:
        assert history.at(session, UZEYIR, 1).record == record()
        assert history.at(session, UZEYIR, 2).record == record(gender="other")


@pytest.mark.parametrize("number", [0, -1, 3, 10**30])
def test_a_revision_that_never_was_is_not_found(database: Database, number: int) -> None:
    save(database, record(), record(gender="other"))
    with database.read() as session, pytest.raises(NotFound):
        history.at(session, UZEYIR, number)


def test_drafts_are_not_public(database: Database) -> None:
    save(database, record())
    save(database, record(gender="other"), publish=False)
    assert numbers(database) == [1]
    assert numbers(database, public=False) == [2, 1]
    with database.read() as session, pytest.raises(NotFound):
        history.at(session, UZEYIR, 2)


def test_what_a_draft_said_shows_as_a_change_of_the_publish_only(database: Database) -> None:
    save(database, record())
    save(database, record(gender="other"), publish=False)
    save(database, record(gender="other"))
    with database.read() as session:
        newest = history.steps(session, UZEYIR, 0, 1)[0]
    assert newest.revision.number == 3
    assert [change.path for change in newest.changes] == [("gender",)]


def test_the_revisions_of_a_withdrawn_person_are_not_public(database: Database) -> None:
    save(database, record())
    withdraw(database)
    assert numbers(database) == []
    assert numbers(database, public=False) == [1]
    with database.read() as session:
        assert history.first_published(session, UZEYIR) is None
        with pytest.raises(NotFound):
            history.current(session, UZEYIR)


def test_every_value_is_traced_to_the_revision_in_which_it_came(database: Database) -> None:
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
        found = history.blame(session, UZEYIR)
        last = history.current(session, UZEYIR).record
    assert set(found) == {history.path_text(path) for path, _ in history.leaves(last)}
    assert (found["awards[0].date"], found["gender"]) == (2, 5)
    assert {number for path, number in found.items() if path.startswith("names")} == {1}
    assert found["birth.date"] == found["biography.az"] == 1


def test_blame_takes_work_as_there_are_revisions(database: Database) -> None:
    whole = record()
    save(database, whole)

    def blamed() -> dict[str, int]:
        with database.read() as session:
            return history.blame(session, UZEYIR)

    def work(first: int, last: int) -> int:
        _told_again(database, whole, range(first, last + 1))
        return steps(blamed)

    few = work(2, 100)
    assert work(101, 200) < 3 * few
    assert (blamed()["headline.en"], blamed()["birth.date"]) == (200, 1)


def _told_again(database: Database, whole: dict[str, Any], numbers: range) -> None:
    with database.write() as session:
        session.add_all(
            Revision(
                person_id=UZEYIR,
                number=number,
                state="draft",
                record={**whole, "headline": {"en": f"Composer {number}"}},
                author="operator",
                at=outbox.now(),
            )
            for number in numbers
        )


def test_a_revision_that_refers_to_what_is_gone_is_refused(database: Database) -> None:
    with database.write() as session:
        session.add(Place(id="gone", kind="town", country="AZ", identifiers={}))
    save(database, record(floruit={"place": "gone"}), record())
    with database.write() as session:
        session.delete(session.get_one(Place, "gone"))
    with pytest.raises(RecordRefused) as refused:
        restore_draft(database, EDITOR, UZEYIR, 1, 2, "")
    assert [problem.path for problem in refused.value.problems] == ["floruit.place"]
    with database.read() as session:
        assert len(session.scalars(select(Revision.id)).all()) == 2
