"""Queries of the desk: latest revisions, own records and the review queue, on both databases."""

from typing import Any

import pytest

from biobank.accounts.identity import OPERATOR, Identity
from biobank.editorial import desk, workflow
from biobank.editorial.head_names import HeadNames
from biobank.editorial.models import STATES
from biobank.editorial.publishing import save_many
from biobank.editorial.redaction import redact
from biobank.editorial.restoring import restore_draft
from biobank.editorial.saving import save_draft
from biobank.errors import EditConflict, Forbidden, NotFound
from biobank.store.session import Database

WRITER = Identity("contributor", "session", "A writer", 1)
ADMIN = Identity("admin", "session", "An admin", 3)
EDITOR = Identity("editor", "session", "An editor", 2)
READER = Identity("anonymous", "nothing")


def record(id_: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "names": [{"text": name, "lang": "az", "kind": "preferred"}], **more}


def save(database: Database, id_: str, name: str, base: int | None = None, **more: Any) -> int:
    return save_draft(database, WRITER, record(id_, name, **more), base).number


@pytest.fixture
def bank(database: Database) -> Database:
    """Return a bank with a submitted edit, a returned draft, a draft and a withdrawn person."""
    people = [record("birinci", "Əli Birinci"), record("dorduncu", "Şəkər Dördüncü")]
    with database.write() as session:
        save_many(session, people, OPERATOR, "", publish=True)
    workflow.submit(database, WRITER, "birinci", save(database, "birinci", "Əli I", 1))
    workflow.submit(database, WRITER, "ikinci", save(database, "ikinci", "Gülüş İkinci"))
    workflow.give_back(database, EDITOR, "ikinci", 1, "Which source?")
    save(database, "ucuncu", "Ağa Üçüncü")
    workflow.withdraw(database, EDITOR, "dorduncu", "mistake", "Twice")
    return database


def test_what_waits_is_told_to_whom_it_waits_for(bank: Database) -> None:
    mine = desk.waiting(bank, WRITER)
    assert [row.head.person_id for row in mine.returned] == ["ikinci"]
    assert [row.head.person_id for row in mine.drafts] == ["ucuncu"]
    assert [row.head.person_id for row in mine.handed_in] == ["birinci"]
    theirs = desk.waiting(bank, EDITOR)
    assert (theirs.returned, theirs.drafts, theirs.handed_in) == ((), (), ())
    assert [row.head.person_id for row in theirs.published] == ["birinci"]
    assert theirs.in_review == 1


def test_what_was_written_on_is_not_returned_any_more(bank: Database) -> None:
    save(bank, "ikinci", "Gülüş İkinci", 1, gender="female")
    mine = desk.waiting(bank, WRITER)
    assert mine.returned == ()
    assert {row.head.person_id for row in mine.drafts} == {"ikinci", "ucuncu"}


def test_what_was_handed_in_first_is_read_first(bank: Database) -> None:
    workflow.submit(bank, WRITER, "ucuncu", 1)
    workflow.submit(bank, WRITER, "ikinci", 1)
    rows, total = desk.reviews(bank, EDITOR, 1, 2)
    assert ([row.head.person_id for row in rows], total) == (["birinci", "ucuncu"], 3)
    rest, _ = desk.reviews(bank, EDITOR, 2, 2)
    assert [row.head.person_id for row in rest] == ["ikinci"]
    assert [change.path[0] for change in rows[0].changes] == ["names"]
    assert (rows[0].is_new, rows[1].is_new) == (False, True)


@pytest.mark.parametrize(
    ("state", "words", "found"),
    [
        ("", "", {"birinci", "ikinci", "ucuncu", "dorduncu"}),
        ("draft", "", {"ikinci", "ucuncu"}),
        ("review", "", {"birinci"}),
        ("withdrawn", "", {"dorduncu"}),
        ("published", "", set()),
        ("", "gulus", {"ikinci"}),
        ("", "UCUN ağ", {"ucuncu"}),
        ("", "li", set()),
        ("draft", "birinci", set()),
        ("withdrawn", "şək", {"dorduncu"}),
        ("", "%", set()),
    ],
)
def test_records_are_found_by_state_and_by_beginnings_of_names(
    bank: Database, state: str, words: str, found: set[str]
) -> None:
    rows, total = desk.people(bank, HeadNames(), EDITOR, state, words, 1, 10)
    assert ({row.head.person_id for row in rows}, total) == (found, len(found))


def test_names_are_those_of_now_whatever_was_written_since_they_were_read(bank: Database) -> None:
    names = HeadNames()

    def found(words: str, state: str = "") -> list[str]:
        rows, total = desk.people(bank, names, EDITOR, state, words, 1, 10)
        assert total == len(rows)
        return [row.head.person_id for row in rows]

    assert found("aga") == ["ucuncu"]
    save(bank, "ucuncu", "Qara Üçüncü", 1)
    save(bank, "besinci", "Qara Beşinci")
    assert found("aga") == []
    assert found("qara") == ["besinci", "ucuncu"]
    workflow.submit(bank, WRITER, "ucuncu", 2)
    assert found("qara", "draft") == ["besinci"]
    assert found("seker") == ["dorduncu"]
    redact(bank, ADMIN, "dorduncu", 1, "A court said so")
    assert found("seker") == []
    assert found("dordun") == ["dorduncu"]


@pytest.mark.parametrize("state", ["", *STATES])
def test_records_are_counted_as_they_are_listed(bank: Database, state: str) -> None:
    save(bank, "birinci", "Əli II", 2)
    with bank.write() as session:
        save_many(session, [record("altinci", "Altıncı")], OPERATOR, "", publish=True)
    rows, total = desk.people(bank, HeadNames(), EDITOR, state, "", 1, 10)
    assert total == len(rows)
    ids = [row.head.id for row in rows]
    assert ids == sorted(ids, reverse=True)


def test_readers_do_not_see_the_desk(bank: Database) -> None:
    for look in (
        lambda who: desk.waiting(bank, who),
        lambda who: desk.reviews(bank, who, 1, 10),
        lambda who: desk.people(bank, HeadNames(), who, "", "", 1, 10),
    ):
        with pytest.raises(Exception, match="Sign in"):
            look(READER)


def test_what_was_restored_is_a_new_draft_of_whoever_restored_it(bank: Database) -> None:
    saved = restore_draft(bank, EDITOR, "birinci", 1, 2, "Better so")
    assert (saved.number, saved.changed) == (3, True)
    rows, _ = desk.people(bank, HeadNames(), EDITOR, "draft", "birinci", 1, 10)
    assert [(row.head.author, row.head.message) for row in rows] == [("An editor", "Better so")]
    assert rows[0].changes == ()
    with pytest.raises(EditConflict):
        restore_draft(bank, EDITOR, "birinci", 1, 2, "")
    with pytest.raises(NotFound):
        restore_draft(bank, EDITOR, "birinci", 9, 3, "")
    with pytest.raises(Forbidden):
        restore_draft(bank, WRITER, "dorduncu", 1, 1, "")
