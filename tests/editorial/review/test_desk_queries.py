"""Queries of the desk: latest revisions, own records and the review queue, on both databases."""

from typing import Any

import pytest

from biobank.accounts.identity import OPERATOR, Identity
from biobank.editorial.models import REVISION_STATES
from biobank.editorial.redaction.service import redact
from biobank.editorial.review import desk_queries, workflow
from biobank.editorial.review.desk_queries import LatestNameIndex
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.revisions.drafts import restore_revision, save_draft
from biobank.errors import EditConflict, Forbidden, NotFound
from biobank.store.session import Database

WRITER = Identity("contributor", "session", "A writer", 1)
ADMIN = Identity("admin", "session", "An admin", 3)
EDITOR = Identity("editor", "session", "An editor", 2)
READER = Identity("anonymous", "nothing")


def record(id_: str, name: str, **fields: Any) -> dict[str, Any]:
    return {"id": id_, "names": [{"text": name, "lang": "az", "kind": "preferred"}], **fields}


def save(database: Database, id_: str, name: str, base: int | None = None, **fields: Any) -> int:
    return save_draft(database, WRITER, record(id_, name, **fields), base).number


@pytest.fixture
def bank(database: Database) -> Database:
    """Return a bank with a submitted edit, a returned draft, a draft and a withdrawn person."""
    people = [record("birinci", "Əli Birinci"), record("dorduncu", "Şəkər Dördüncü")]
    with database.write() as session:
        save_records(session, people, OPERATOR, "", publish=True)
    workflow.submit(database, WRITER, "birinci", save(database, "birinci", "Əli I", 1))
    workflow.submit(database, WRITER, "ikinci", save(database, "ikinci", "Gülüş İkinci"))
    workflow.request_changes(database, EDITOR, "ikinci", 1, "Which source?")
    save(database, "ucuncu", "Ağa Üçüncü")
    workflow.withdraw(database, EDITOR, "dorduncu", "mistake", "Twice")
    return database


def test_overview_lists_own_records(bank: Database) -> None:
    overview = desk_queries.desk_overview(bank, WRITER)
    assert [row.revision.person_id for row in overview.returned] == ["ikinci"]
    assert [row.revision.person_id for row in overview.drafts] == ["ucuncu"]
    assert [row.revision.person_id for row in overview.submitted] == ["birinci"]
    theirs = desk_queries.desk_overview(bank, EDITOR)
    assert (theirs.returned, theirs.drafts, theirs.submitted) == ((), (), ())
    assert [row.revision.person_id for row in theirs.published] == ["birinci"]
    assert theirs.in_review == 1


def test_saved_draft_is_not_listed_as_returned(bank: Database) -> None:
    save(bank, "ikinci", "Gülüş İkinci", 1, gender="female")
    overview = desk_queries.desk_overview(bank, WRITER)
    assert overview.returned == ()
    assert {row.revision.person_id for row in overview.drafts} == {"ikinci", "ucuncu"}


def test_review_queue_is_oldest_first(bank: Database) -> None:
    workflow.submit(bank, WRITER, "ucuncu", 1)
    workflow.submit(bank, WRITER, "ikinci", 1)
    rows, total = desk_queries.review_queue(bank, EDITOR, 1, 2)
    assert ([row.revision.person_id for row in rows], total) == (["birinci", "ucuncu"], 3)
    second_page, _ = desk_queries.review_queue(bank, EDITOR, 2, 2)
    assert [row.revision.person_id for row in second_page] == ["ikinci"]
    assert [change.path[0] for change in rows[0].changes] == ["names"]
    assert (rows[0].is_new, rows[1].is_new) == (False, True)


@pytest.mark.parametrize(
    ("state", "words", "names"),
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
def test_records_are_filtered_by_state_and_name_prefix(
    bank: Database, state: str, words: str, names: set[str]
) -> None:
    rows, total = desk_queries.list_people(bank, LatestNameIndex(), EDITOR, state, words, 1, 10)
    assert ({row.revision.person_id for row in rows}, total) == (names, len(names))


def test_name_index_follows_later_edits(bank: Database) -> None:
    names = LatestNameIndex()

    def search(words: str, state: str = "") -> list[str]:
        rows, total = desk_queries.list_people(bank, names, EDITOR, state, words, 1, 10)
        assert total == len(rows)
        return [row.revision.person_id for row in rows]

    assert search("aga") == ["ucuncu"]
    save(bank, "ucuncu", "Qara Üçüncü", 1)
    save(bank, "besinci", "Qara Beşinci")
    assert search("aga") == []
    assert search("qara") == ["besinci", "ucuncu"]
    workflow.submit(bank, WRITER, "ucuncu", 2)
    assert search("qara", "draft") == ["besinci"]
    assert search("seker") == ["dorduncu"]
    redact(bank, ADMIN, "dorduncu", 1, "A court said so")
    assert search("seker") == []
    assert search("dordun") == ["dorduncu"]


@pytest.mark.parametrize("state", ["", *REVISION_STATES])
def test_records_are_counted_as_they_are_listed(bank: Database, state: str) -> None:
    save(bank, "birinci", "Əli II", 2)
    with bank.write() as session:
        save_records(session, [record("altinci", "Altıncı")], OPERATOR, "", publish=True)
    rows, total = desk_queries.list_people(bank, LatestNameIndex(), EDITOR, state, "", 1, 10)
    assert total == len(rows)
    ids = [row.revision.id for row in rows]
    assert ids == sorted(ids, reverse=True)


def test_desk_requires_contributor(bank: Database) -> None:
    for query in (
        lambda actor: desk_queries.desk_overview(bank, actor),
        lambda actor: desk_queries.review_queue(bank, actor, 1, 10),
        lambda actor: desk_queries.list_people(bank, LatestNameIndex(), actor, "", "", 1, 10),
    ):
        with pytest.raises(Exception, match="Sign in"):
            query(READER)


def test_restored_revision_is_a_draft_of_its_restorer(bank: Database) -> None:
    saved = restore_revision(bank, EDITOR, "birinci", 1, 2, "Better so")
    assert (saved.number, saved.changed) == (3, True)
    rows, _ = desk_queries.list_people(bank, LatestNameIndex(), EDITOR, "draft", "birinci", 1, 10)
    assert [(row.revision.author, row.revision.message) for row in rows] == [("An editor", "Better so")]
    assert rows[0].changes == ()
    with pytest.raises(EditConflict):
        restore_revision(bank, EDITOR, "birinci", 1, 2, "")
    with pytest.raises(NotFound):
        restore_revision(bank, EDITOR, "birinci", 9, 3, "")
    with pytest.raises(Forbidden):
        restore_revision(bank, WRITER, "dorduncu", 1, 1, "")
