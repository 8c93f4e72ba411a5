"""Each decision of the review is recorded once, under its own name, or refused with its reason."""

from typing import Any

import pytest
from sqlalchemy import select

from biobank.accounts.identity import OPERATOR, Identity
from biobank.accounts.models import AuditEvent
from biobank.editorial.models import Revision
from biobank.editorial.redaction import service
from biobank.editorial.review import workflow
from biobank.editorial.review.notes import list_notes
from biobank.editorial.revisions import drafts
from biobank.editorial.revisions.latest_revisions import require_latest
from biobank.errors import EditConflict, Forbidden, RecordRefused, WrongState
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.store.session import Database
from tests.support.users import add_user

SINAQ, OTHER = "sinaq-sinaqov", "basqa-sinaqov"


def record(person_id: str = SINAQ, **fields: Any) -> dict[str, Any]:
    return {"id": person_id, "names": [{"text": person_id, "lang": "az", "kind": "preferred"}], **fields}


def publish_new(database: Database, author: Identity, editor: Identity, **fields: Any) -> int:
    """Save, submit and publish a version; return its number."""
    person_id = fields.pop("person_id", SINAQ)
    with database.read() as session:
        exists = session.get(Person, person_id) is not None
        base = require_latest(session, person_id).number if exists else None
    number = drafts.save_draft(database, author, record(person_id, **fields), base).number
    workflow.submit(database, author, person_id, number)
    workflow.publish(database, editor, person_id, number)
    return number


def noted(database: Database) -> list[tuple[str, str, int]]:
    with database.read() as session:
        return [(note.kind, note.text, number) for note, number in list_notes(session, SINAQ)]


def audited(database: Database) -> list[tuple[str, str, str, dict[str, Any]]]:
    query = select(AuditEvent).where(AuditEvent.kind == "person").order_by(AuditEvent.id)
    with database.read() as session:
        return [(event.what, event.kind, event.subject, event.detail) for event in session.scalars(query)]


@pytest.fixture
def admin(database: Database) -> Identity:
    return add_user(database, "Ceyhun", "admin")


def test_withdrawal_and_return_are_noted_and_audited(
    database: Database, editor: Identity, second_editor: Identity
) -> None:
    publish_new(database, editor, second_editor)
    workflow.withdraw(database, editor, SINAQ, "mistake", "wrong person", 1)
    workflow.reinstate(database, editor, SINAQ, "right after all", 1)
    workflow.withdraw(database, editor, SINAQ, "mistake", "")
    workflow.reinstate(database, editor, SINAQ)
    assert noted(database) == [
        ("submitted", "", 1),
        ("published", "", 1),
        ("withdrawn", "wrong person", 1),
        ("published", "right after all", 1),
        ("withdrawn", "", 1),
        ("published", "", 1),
    ]
    withdrawn = ("withdrew", "person", SINAQ, {"reason": "mistake"})
    returned = ("brought_back", "person", SINAQ, {})
    published = ("published", "person", SINAQ, {"revision": 1})
    assert audited(database) == [published, withdrawn, returned, withdrawn, returned]


def test_reinstated_revision_carries_the_time_of_its_return(
    database: Database, editor: Identity, second_editor: Identity
) -> None:
    publish_new(database, editor, second_editor)
    workflow.withdraw(database, editor, SINAQ, "mistake", "")
    with database.read() as session:
        withdrawn_at = session.get_one(Person, SINAQ).withdrawn_at
    workflow.reinstate(database, editor, SINAQ)
    with database.read() as session:
        revision, person = require_latest(session, SINAQ), session.get_one(Person, SINAQ)
        assert revision.published_at
        assert withdrawn_at
        assert revision.published_at >= withdrawn_at
        assert person.updated_at == revision.published_at


def test_reinstating_checks_the_version_that_was_seen(
    database: Database, editor: Identity, second_editor: Identity
) -> None:
    publish_new(database, editor, second_editor)
    workflow.withdraw(database, editor, SINAQ, "mistake", "")
    drafts.save_draft(database, editor, record(gender="male"), 1)
    for decide in (
        lambda: workflow.reinstate(database, editor, SINAQ, "", 1),
        lambda: workflow.withdraw(database, editor, SINAQ, "mistake", "", 1),
        lambda: workflow.submit(database, editor, SINAQ, 1),
        lambda: workflow.request_changes(database, editor, SINAQ, 1, "why"),
    ):
        with pytest.raises(EditConflict):
            decide()


def test_reinstating_returns_the_last_public_version_and_no_draft(
    database: Database, editor: Identity, second_editor: Identity
) -> None:
    publish_new(database, editor, second_editor, gender="male")
    workflow.withdraw(database, editor, SINAQ, "mistake", "")
    publish_new(database, editor, second_editor, gender="female")
    workflow.withdraw(database, editor, SINAQ, "mistake", "")
    drafts.save_draft(database, editor, record(gender="other"), 2)
    for version in range(3):
        publish_new(database, editor, second_editor, person_id=OTHER, headline={"en": f"Version {version}"})
    workflow.withdraw(database, editor, OTHER, "mistake", "")
    workflow.reinstate(database, editor, SINAQ)
    with database.read() as session:
        assert queries.load_record(session, SINAQ) == record(gender="female")
        assert queries.load_record(session, OTHER) is None


def test_only_a_withdrawn_person_can_be_reinstated(
    database: Database, editor: Identity, second_editor: Identity
) -> None:
    drafts.save_draft(database, editor, record(), None)
    with pytest.raises(WrongState) as refusal:
        workflow.reinstate(database, editor, SINAQ)
    assert str(refusal.value) == "The revision is in the state 'draft', which does not allow 'bring_back'."
    with pytest.raises(WrongState) as refusal:
        workflow.withdraw(database, editor, SINAQ, "mistake", "")
    assert str(refusal.value) == "The revision is in the state 'draft', which does not allow 'withdraw'."
    publish_new(database, editor, second_editor)
    with pytest.raises(WrongState) as refusal:
        workflow.reinstate(database, editor, SINAQ)
    assert str(refusal.value) == "The revision is in the state 'draft', which does not allow 'bring_back'."


def test_merged_person_is_not_reinstated_beside_the_remaining_one(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    publish_new(database, editor, second_editor)
    with database.write() as session:
        session.get_one(Person, SINAQ).withdrawal = "merged"
    with pytest.raises(Forbidden):
        workflow.reinstate(database, admin, SINAQ)
    with pytest.raises(WrongState) as refusal:
        workflow.reinstate(database, OPERATOR, SINAQ)
    expected = "This record was merged into another one. Undo the merge instead."
    assert str(refusal.value) == expected


def test_redacted_version_is_not_reinstated(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    publish_new(database, editor, second_editor)
    workflow.withdraw(database, editor, SINAQ, "law", "")
    service.redact(database, admin, SINAQ, 1, "a court said so")
    with pytest.raises(WrongState) as refusal:
        workflow.reinstate(database, admin, SINAQ)
    assert str(refusal.value) == "The published version was redacted. Publish a new version instead."


def test_version_with_deleted_references_is_not_reinstated(
    database: Database, editor: Identity, second_editor: Identity
) -> None:
    publish_new(database, editor, second_editor)
    workflow.withdraw(database, editor, SINAQ, "mistake", "")
    with database.write() as session:
        revision = session.scalars(select(Revision)).one()
        revision.record = {**revision.record, "professions": ["a-term-that-was-deleted"]}
    with pytest.raises(RecordRefused):
        workflow.reinstate(database, editor, SINAQ)
    with database.read() as session:
        assert queries.load_record(session, SINAQ) is None


def test_notes_are_listed_in_the_order_of_writing(
    database: Database, editor: Identity, second_editor: Identity
) -> None:
    publish_new(database, editor, second_editor)
    drafts.save_draft(database, editor, record(gender="male"), 1)
    publish_new(database, editor, second_editor, person_id=OTHER)
    for number, text in ((2, "first"), (1, "second"), (2, "third")):
        workflow.add_comment(database, editor, SINAQ, number, text, "gender")
    assert noted(database)[2:] == [("comment", "first", 2), ("comment", "second", 1), ("comment", "third", 2)]


def test_editor_without_the_right_to_reinstate_does_not_publish_a_withdrawn_person(
    database: Database, editor: Identity, second_editor: Identity, admin: Identity
) -> None:
    publish_new(database, editor, second_editor)
    workflow.withdraw(database, editor, SINAQ, "wish", "")
    drafts.save_draft(database, editor, record(gender="male"), 1)
    workflow.submit(database, editor, SINAQ, 2)
    with pytest.raises(Forbidden):
        workflow.publish(database, second_editor, SINAQ, 2)
    workflow.publish(database, admin, SINAQ, 2)


def test_author_takes_a_record_back_without_a_reason(database: Database, editor: Identity) -> None:
    drafts.save_draft(database, editor, record(), None)
    workflow.submit(database, editor, SINAQ, 1)
    workflow.request_changes(database, editor, SINAQ, 1)
    assert noted(database) == [("submitted", "", 1), ("returned", "", 1)]
