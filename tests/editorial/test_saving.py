"""Drafts: every save makes a revision, concurrent edits are not lost, invalid ones are refused."""

import threading
from typing import Any

import pytest
from sqlalchemy import select

from biobank.accounts.identity import Identity, anonymous
from biobank.editorial import saving, workflow
from biobank.editorial.models import Revision, WorkingCopy
from biobank.editorial.notes import thread
from biobank.errors import EditConflict, Forbidden, NotFound, NotSignedIn, RecordRefused
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.store import outbox
from biobank.store.session import Database
from tests.support.seed import alone
from tests.support.users import add_user

UZEYIR = "uzeyir-hacibeyov"
NEW: dict[str, Any] = {"names": [{"text": "Sınaq Sınaqov", "lang": "az", "kind": "preferred"}]}


@pytest.fixture
def aygun(database: Database) -> Identity:
    return add_user(database, "Aygün", "contributor")


@pytest.fixture
def nigar(database: Database) -> Identity:
    return add_user(database, "Nigar", "editor")


def revisions(database: Database, person_id: str) -> list[Revision]:
    with database.read() as session:
        query = select(Revision).where(Revision.person_id == person_id)
        return list(session.scalars(query.order_by(Revision.number)))


def test_a_new_person_gets_an_id_of_the_azerbaijani_name(
    database: Database, aygun: Identity
) -> None:
    saved = saving.save_draft(database, aygun, NEW, None, message="a beginning")
    assert saved == saving.Saved("sinaq-sinaqov", 1, changed=True)
    (revision,) = revisions(database, "sinaq-sinaqov")
    assert (revision.state, revision.author, revision.author_id) == (
        "draft",
        "Aygün",
        aygun.user_id,
    )
    assert revision.message == "a beginning"
    assert revision.record["id"] == "sinaq-sinaqov"
    again = saving.save_draft(database, aygun, NEW, None)
    assert again.person_id == "sinaq-sinaqov-2"


def test_an_id_that_is_taken_is_refused(database: Database, aygun: Identity) -> None:
    saving.save_draft(database, aygun, {**NEW, "id": "sinaq"}, None)
    with pytest.raises(RecordRefused) as caught:
        saving.save_draft(database, aygun, {**NEW, "id": "sinaq"}, None)
    assert [problem.code for problem in caught.value.problems] == ["id_taken"]


def test_a_save_from_an_older_revision_is_refused_and_names_the_newest(
    database: Database, aygun: Identity, nigar: Identity
) -> None:
    made = saving.save_draft(database, aygun, NEW, None)
    changed = {**NEW, "id": made.person_id, "gender": "male"}
    assert saving.save_draft(database, nigar, changed, 1).number == 2
    with pytest.raises(EditConflict) as caught:
        saving.save_draft(database, aygun, {**changed, "gender": "other"}, 1)
    assert (caught.value.base, caught.value.head) == (1, 2)
    assert [revision.number for revision in revisions(database, made.person_id)] == [1, 2]


def test_what_is_equal_makes_no_revision_unless_a_text_is_said_to_agree(
    database: Database, aygun: Identity
) -> None:
    made = saving.save_draft(database, aygun, NEW, None)
    same = {**NEW, "id": made.person_id}
    assert saving.save_draft(database, aygun, same, 1) == saving.Saved(made.person_id, 1, False)
    assert saving.save_draft(database, aygun, same, 1, agrees=["ru"]).number == 2


def test_a_save_takes_what_is_in_review_out_of_it(
    database: Database, aygun: Identity, nigar: Identity
) -> None:
    made = saving.save_draft(database, aygun, NEW, None)
    workflow.submit(database, aygun, made.person_id, 1)
    changed = {**NEW, "id": made.person_id, "gender": "male"}
    saving.save_draft(database, nigar, changed, 1)
    assert [revision.state for revision in revisions(database, made.person_id)] == ["draft"] * 2
    with database.read() as session:
        said = [(note.kind, note.author) for note, _ in thread(session, made.person_id)]
    assert said == [("submitted", "Aygün"), ("reopened", "Nigar")]


def test_what_points_at_nothing_is_refused_with_its_place(
    database: Database, aygun: Identity
) -> None:
    wrong = {**NEW, "professions": ["poett"], "birth": {"place": "atlantis"}}
    with pytest.raises(RecordRefused) as caught:
        saving.save_draft(database, aygun, wrong, None)
    assert {problem.path for problem in caught.value.problems} == {
        "professions[0]",
        "birth.place",
    }
    assert revisions(database, "sinaq-sinaqov") == []


def test_nobody_writes_who_may_not(database: Database, aygun: Identity) -> None:
    with pytest.raises(NotSignedIn):
        saving.save_draft(database, anonymous(), NEW, None)
    reader = Identity("editor", "token", "script", 1, scopes=frozenset({"read"}))
    with pytest.raises(Forbidden):
        saving.save_draft(database, reader, NEW, None)
    with pytest.raises(NotFound):
        saving.save_draft(database, aygun, {**NEW, "id": "nobody"}, 1)


def test_credit_goes_on_through_drafts_until_they_are_public(
    database: Database, aygun: Identity, nigar: Identity
) -> None:
    made = saving.save_draft(database, aygun, NEW, None, credit="A reader")
    record_ = {**NEW, "id": made.person_id}
    saving.save_draft(database, aygun, {**record_, "gender": "male"}, 1)
    workflow.submit(database, aygun, made.person_id, 2)
    workflow.publish(database, nigar, made.person_id, 2)
    saving.save_draft(database, aygun, {**record_, "gender": "other"}, 2)
    credits = [revision.credit for revision in revisions(database, made.person_id)]
    assert credits == ["A reader", "A reader", ""]


def test_a_save_ends_the_working_copy_of_its_writer_alone(
    database: Database, aygun: Identity, nigar: Identity
) -> None:
    with database.write() as session:
        for key, user in (("mine", aygun), ("hers", nigar)):
            copy = WorkingCopy(key=key, user_id=user.user_id, fields=[], saved_at=outbox.now())
            session.add(copy)
    saving.save_draft(database, aygun, NEW, None, working_copy="hers")
    saving.save_draft(database, aygun, NEW, None, working_copy="mine")
    with database.read() as session:
        assert session.scalars(select(WorkingCopy.key)).all() == ["hers"]


def test_of_eight_editors_at_once_no_edit_is_lost(database: Database, nigar: Identity) -> None:
    """Each editor adds works to the latest revision, and retries when refused."""
    editors, edits = 8, 6
    made = saving.save_draft(database, nigar, NEW, None)
    refused: list[int] = []

    def edit(who: int) -> None:
        for nth in range(edits):
            while True:
                with database.read() as session:
                    newest = saving.head(session, made.person_id)
                assert newest is not None
                work = {"title": {"az": f"Əsər {who}-{nth}"}}
                changed = {**newest.record, "works": [*newest.record.get("works", []), work]}
                try:
                    saving.save_draft(database, nigar, changed, newest.number)
                except EditConflict:
                    refused.append(who)
                else:
                    break

    threads = [threading.Thread(target=edit, args=(who,)) for who in range(editors)]
    for thread_ in threads:
        thread_.start()
    for thread_ in threads:
        thread_.join()
    kept = revisions(database, made.person_id)
    assert [revision.number for revision in kept] == list(range(1, editors * edits + 2))
    titles = {work["title"]["az"] for work in kept[-1].record["works"]}
    assert titles == {f"Əsər {who}-{nth}" for who in range(editors) for nth in range(edits)}


def test_a_record_of_the_seed_is_saved_as_it_is(database: Database, nigar: Identity) -> None:
    record = load(person_schema, alone(UZEYIR))
    saving.save_draft(database, nigar, record, None)
    (revision,) = revisions(database, UZEYIR)
    assert revision.record == record
