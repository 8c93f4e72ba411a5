"""Drafts: every save makes a revision, concurrent edits are not lost, invalid ones are refused."""

import threading
from typing import Any

import pytest
from sqlalchemy import select

from biobank.accounts.identity import Identity, anonymous
from biobank.common.clock import now
from biobank.editorial.models import Revision, WorkingCopy
from biobank.editorial.review import workflow
from biobank.editorial.review.notes import list_notes
from biobank.editorial.revisions import drafts
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.errors import EditConflict, Forbidden, NotFound, NotSignedIn, RecordRefused
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store.session import Database
from tests.support.seed import person_without_relations
from tests.support.users import add_user

UZEYIR = "uzeyir-hacibeyov"
NEW: dict[str, Any] = {"names": [{"text": "Sınaq Sınaqov", "lang": "az", "kind": "preferred"}]}


@pytest.fixture
def contributor(database: Database) -> Identity:
    return add_user(database, "Aygün", "contributor")


@pytest.fixture
def editor(database: Database) -> Identity:
    return add_user(database, "Nigar", "editor")


def revisions(database: Database, person_id: str) -> list[Revision]:
    with database.read() as session:
        query = select(Revision).where(Revision.person_id == person_id)
        return list(session.scalars(query.order_by(Revision.number)))


def test_new_person_gets_id_from_azerbaijani_name(database: Database, contributor: Identity) -> None:
    saved = drafts.save_draft(database, contributor, NEW, None, drafts.DraftDetails(message="a beginning"))
    assert saved == drafts.SavedRevision("sinaq-sinaqov", 1, changed=True)
    (revision,) = revisions(database, "sinaq-sinaqov")
    assert (revision.state, revision.author, revision.author_id) == ("draft", "Aygün", contributor.user_id)
    assert revision.message == "a beginning"
    assert revision.record["id"] == "sinaq-sinaqov"
    repeated = drafts.save_draft(database, contributor, NEW, None)
    assert repeated.person_id == "sinaq-sinaqov-2"


def test_taken_id_is_refused(database: Database, contributor: Identity) -> None:
    drafts.save_draft(database, contributor, {**NEW, "id": "sinaq"}, None)
    with pytest.raises(RecordRefused) as exc_info:
        drafts.save_draft(database, contributor, {**NEW, "id": "sinaq"}, None)
    assert [problem.code for problem in exc_info.value.problems] == ["id_taken"]


def test_stale_base_is_refused_with_latest_number(
    database: Database, contributor: Identity, editor: Identity
) -> None:
    saved = drafts.save_draft(database, contributor, NEW, None)
    changed = {**NEW, "id": saved.person_id, "gender": "male"}
    assert drafts.save_draft(database, editor, changed, 1).number == 2
    with pytest.raises(EditConflict) as exc_info:
        drafts.save_draft(database, contributor, {**changed, "gender": "other"}, 1)
    assert (exc_info.value.base, exc_info.value.latest) == (1, 2)
    assert [revision.number for revision in revisions(database, saved.person_id)] == [1, 2]


def test_equal_record_makes_no_revision_unless_languages_are_confirmed(
    database: Database, contributor: Identity
) -> None:
    saved = drafts.save_draft(database, contributor, NEW, None)
    unchanged = {**NEW, "id": saved.person_id}
    assert drafts.save_draft(database, contributor, unchanged, 1) == drafts.SavedRevision(
        saved.person_id, 1, False
    )
    assert (
        drafts.save_draft(database, contributor, unchanged, 1, drafts.DraftDetails(agrees=["ru"])).number == 2
    )


def test_save_returns_record_from_review_to_draft(
    database: Database, contributor: Identity, editor: Identity
) -> None:
    saved = drafts.save_draft(database, contributor, NEW, None)
    workflow.submit(database, contributor, saved.person_id, 1)
    changed = {**NEW, "id": saved.person_id, "gender": "male"}
    drafts.save_draft(database, editor, changed, 1)
    assert [revision.state for revision in revisions(database, saved.person_id)] == ["draft"] * 2
    with database.read() as session:
        notes = [(note.kind, note.author) for note, _ in list_notes(session, saved.person_id)]
    assert notes == [("submitted", "Aygün"), ("reopened", "Nigar")]


def test_unresolved_references_are_refused_with_path(database: Database, contributor: Identity) -> None:
    invalid = {**NEW, "professions": ["poett"], "birth": {"place": "atlantis"}}
    with pytest.raises(RecordRefused) as exc_info:
        drafts.save_draft(database, contributor, invalid, None)
    assert {problem.path for problem in exc_info.value.problems} == {"professions[0]", "birth.place"}
    assert revisions(database, "sinaq-sinaqov") == []


def test_saving_requires_permission(database: Database, contributor: Identity) -> None:
    with pytest.raises(NotSignedIn):
        drafts.save_draft(database, anonymous(), NEW, None)
    reader = Identity("editor", "token", "script", 1, scopes=frozenset({"read"}))
    with pytest.raises(Forbidden):
        drafts.save_draft(database, reader, NEW, None)
    with pytest.raises(NotFound):
        drafts.save_draft(database, contributor, {**NEW, "id": "nobody"}, 1)


def test_credit_is_inherited_until_publication(
    database: Database, contributor: Identity, editor: Identity
) -> None:
    saved = drafts.save_draft(database, contributor, NEW, None, drafts.DraftDetails(credit="A reader"))
    record_ = {**NEW, "id": saved.person_id}
    drafts.save_draft(database, contributor, {**record_, "gender": "male"}, 1)
    workflow.submit(database, contributor, saved.person_id, 2)
    workflow.publish(database, editor, saved.person_id, 2)
    drafts.save_draft(database, contributor, {**record_, "gender": "other"}, 2)
    credits = [revision.credit for revision in revisions(database, saved.person_id)]
    assert credits == ["A reader", "A reader", ""]


def test_save_deletes_own_working_copy_only(
    database: Database, contributor: Identity, editor: Identity
) -> None:
    with database.write() as session:
        for key, user in (("mine", contributor), ("hers", editor)):
            copy = WorkingCopy(key=key, user_id=user.user_id, fields=[], saved_at=now())
            session.add(copy)
    drafts.save_draft(database, contributor, NEW, None, working_copy="hers")
    drafts.save_draft(database, contributor, NEW, None, working_copy="mine")
    with database.read() as session:
        assert session.scalars(select(WorkingCopy.key)).all() == ["hers"]


def test_concurrent_editors_lose_no_edit(database: Database, editor: Identity) -> None:
    """Each editor adds works to the latest revision, and retries when refused."""
    editors, edits = 8, 6
    saved = drafts.save_draft(database, editor, NEW, None)
    refused: list[int] = []

    def edit(number: int) -> None:
        for nth in range(edits):
            while True:
                with database.read() as session:
                    latest = latest_revision(session, saved.person_id)
                assert latest is not None
                work = {"title": {"az": f"Əsər {number}-{nth}"}}
                changed = {**latest.record, "works": [*latest.record.get("works", []), work]}
                try:
                    drafts.save_draft(database, editor, changed, latest.number)
                except EditConflict:
                    refused.append(number)
                else:
                    break

    threads = [threading.Thread(target=edit, args=(actor,)) for actor in range(editors)]
    for thread_ in threads:
        thread_.start()
    for thread_ in threads:
        thread_.join()
    stored = revisions(database, saved.person_id)
    assert [revision.number for revision in stored] == list(range(1, editors * edits + 2))
    titles = {work["title"]["az"] for work in stored[-1].record["works"]}
    assert titles == {f"Əsər {actor}-{nth}" for actor in range(editors) for nth in range(edits)}


def test_seed_record_is_saved_unchanged(database: Database, editor: Identity) -> None:
    record = load_validated(person_schema, person_without_relations(UZEYIR))
    drafts.save_draft(database, editor, record, None)
    (revision,) = revisions(database, UZEYIR)
    assert revision.record == record
