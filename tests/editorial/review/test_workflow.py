"""The review workflow: every action is recorded and reversible."""

from typing import Any

import pytest
from sqlalchemy import func, select

from biobank.accounts.identity import OPERATOR, Identity
from biobank.accounts.models import AuditEvent
from biobank.editorial.models import ReviewNote, Revision, TextAge
from biobank.editorial.redaction import service
from biobank.editorial.review import workflow
from biobank.editorial.review.notes import list_notes
from biobank.editorial.revisions import drafts, history
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.revisions.drafts import restore_revision
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.editorial.revisions.publication import find_tombstone
from biobank.errors import EditConflict, Forbidden, Gone, NotFound, RecordRefused, WrongState
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.store.outbox import OutboxRow, mark_applied, pending
from biobank.store.session import Database
from tests.support.users import add_user

SINAQ = "sinaq-sinaqov"
RECORD: dict[str, Any] = {
    "id": SINAQ,
    "names": [{"text": "Sınaq Sınaqov", "lang": "az", "kind": "preferred"}],
    "biography": {"az": "Şair.", "en": "A poet.", "ru": "Поэт."},
}


@pytest.fixture
def contributor(database: Database) -> Identity:
    return add_user(database, "Aygün", "contributor")


@pytest.fixture
def editor(database: Database) -> Identity:
    return add_user(database, "Nigar", "editor")


@pytest.fixture
def admin(database: Database) -> Identity:
    return add_user(database, "Rəsul", "admin")


def save(database: Database, actor: Identity, base: int | None, **fields: Any) -> int:
    return drafts.save_draft(database, actor, {**RECORD, **fields}, base).number


def published(database: Database, actor: Identity, by: Identity, base: int | None, **fields: Any) -> int:
    number = save(database, actor, base, **fields)
    workflow.submit(database, actor, SINAQ, number)
    workflow.publish(database, by, SINAQ, number)


def public(database: Database) -> dict[str, Any] | None:
    with database.read() as session:
        return queries.load_record(session, SINAQ)


def states(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Revision.state).order_by(Revision.number)))


def test_record_is_submitted_returned_and_published(
    database: Database, contributor: Identity, editor: Identity
) -> None:
    save(database, contributor, None)
    workflow.submit(database, contributor, SINAQ, 1, "ready")
    workflow.request_changes(database, editor, SINAQ, 1, "no source yet")
    save(database, contributor, 1, gender="male")
    workflow.submit(database, contributor, SINAQ, 2)
    assert public(database) is None
    workflow.publish(database, editor, SINAQ, 2, "well done")
    assert public(database) == {**RECORD, "gender": "male"}
    assert states(database) == ["draft", "published"]
    with database.read() as session:
        notes = [(note.kind, note.author, note.text, number) for note, number in list_notes(session, SINAQ)]
        assert session.scalars(select(OutboxRow.person_id)).all() == [SINAQ]
        latest = latest_revision(session, SINAQ)
        assert latest
        assert (latest.reviewer, latest.published_at is not None) == ("Nigar", True)
    assert notes == [
        ("submitted", "Aygün", "ready", 1),
        ("returned", "Nigar", "no source yet", 1),
        ("submitted", "Aygün", "", 2),
        ("published", "Nigar", "well done", 2),
    ]


def test_own_contributions_cannot_be_published(database: Database, editor: Identity) -> None:
    save(database, editor, None)
    workflow.submit(database, editor, SINAQ, 1)
    with pytest.raises(Forbidden):
        workflow.publish(database, editor, SINAQ, 1)
    other = add_user(database, "Sevda", "editor")
    workflow.publish(database, other, SINAQ, 1)
    assert public(database) is not None


def test_contributor_cannot_publish_and_returns_only_own_records(
    database: Database, contributor: Identity, editor: Identity
) -> None:
    save(database, editor, None)
    workflow.submit(database, contributor, SINAQ, 1)
    with pytest.raises(Forbidden):
        workflow.publish(database, contributor, SINAQ, 1)
    with pytest.raises(Forbidden):
        workflow.request_changes(database, contributor, SINAQ, 1, "why not")
    save(database, contributor, 1, gender="male")
    workflow.submit(database, contributor, SINAQ, 2)
    workflow.request_changes(database, contributor, SINAQ, 2)
    assert states(database) == ["draft", "draft"]


def test_decision_on_stale_revision_is_refused(
    database: Database, contributor: Identity, editor: Identity
) -> None:
    save(database, contributor, None)
    save(database, contributor, 1, gender="male")
    with pytest.raises(EditConflict):
        workflow.submit(database, contributor, SINAQ, 1)
    workflow.submit(database, contributor, SINAQ, 2)
    save(database, contributor, 2, gender="other")
    with pytest.raises(EditConflict):
        workflow.publish(database, editor, SINAQ, 2)


@pytest.mark.parametrize("state", ["draft", "review", "published", "withdrawn"])
@pytest.mark.parametrize("step", ["submit", "give_back", "publish", "withdraw", "bring_back"])
def test_unlisted_transition_is_refused(state: str, step: str) -> None:
    if (state, step) in workflow.REVISION_TRANSITIONS:
        assert workflow.next_state(state, step) != state
    else:
        with pytest.raises(WrongState):
            workflow.next_state(state, step)


def test_returning_requires_a_reason(database: Database, contributor: Identity, editor: Identity) -> None:
    save(database, contributor, None)
    workflow.submit(database, contributor, SINAQ, 1)
    with pytest.raises(RecordRefused) as refusal:
        workflow.request_changes(database, editor, SINAQ, 1, "  ")
    problem = refusal.value.problems[0]
    expected = ("text", "no_reason", "Enter a reason for returning it.")
    assert (problem.path, problem.code, problem.message) == expected
    assert states(database) == ["review"]


def test_withdrawal_leaves_only_a_tombstone(
    database: Database, contributor: Identity, editor: Identity, admin: Identity
) -> None:
    other = {**RECORD, "id": "basqa", "relations": [{"type": "sibling", "person": SINAQ}]}
    published(database, contributor, editor, None)
    with database.write() as session:
        save_records(session, [other], OPERATOR, "", publish=True)
    workflow.withdraw(database, editor, SINAQ, "wish", "asked by letter")
    assert public(database) is None
    with database.read() as session:
        tombstone = find_tombstone(session, SINAQ)
        assert tombstone
        assert (tombstone.reason, tombstone.new_id) == ("wish", "")
        rows = select(func.count()).select_from(queries.ROW_MODELS[0])
        assert session.scalar(rows.where(queries.ROW_MODELS[0].person_id == SINAQ)) == 0
        with pytest.raises(NotFound):
            history.get_current_revision(session, SINAQ)
        waiting = session.scalars(select(OutboxRow.person_id).order_by(OutboxRow.id)).all()
        assert set(waiting[-2:]) == {SINAQ, "basqa"}
        assert find_tombstone(session, "nobody") is None
        assert find_tombstone(session, "basqa") is None
    with pytest.raises(Forbidden):
        save(database, contributor, 1, gender="male")
    with pytest.raises(Forbidden):
        workflow.reinstate(database, editor, SINAQ)
    workflow.reinstate(database, admin, SINAQ)
    assert public(database) == RECORD


def test_relation_to_unpublished_person_is_hidden(
    database: Database, contributor: Identity, editor: Identity, admin: Identity
) -> None:
    """The id is derived from the name, so it must be hidden; the revision keeps the relation."""
    relation = {"type": "sibling", "person": SINAQ}
    other = {**RECORD, "id": "basqa", "relations": [relation]}

    def public_relations() -> list[Any]:
        with database.read() as session:
            return (queries.load_record(session, "basqa") or {}).get("relations", [])

    def pop_outbox_ids() -> set[str]:
        """Return and clear the ids of people in the outbox."""
        with database.write() as session:
            waiting = pending(session, 100)
            mark_applied(session, [row.id for row in waiting])
            return {row.person_id for row in waiting}

    save(database, contributor, None)
    with database.write() as session:
        save_records(session, [other], OPERATOR, "", publish=True)
    assert public_relations() == []
    pop_outbox_ids()
    workflow.submit(database, contributor, SINAQ, 1)
    workflow.publish(database, editor, SINAQ, 1)
    assert public_relations() == [relation]
    assert pop_outbox_ids() == {SINAQ, "basqa"}
    workflow.withdraw(database, editor, SINAQ, "wish", "")
    assert public_relations() == []
    assert pop_outbox_ids() == {SINAQ, "basqa"}
    workflow.reinstate(database, admin, SINAQ)
    assert public_relations() == [relation]


def test_withdrawn_record_is_reinstated_directly_or_by_new_version(
    database: Database, contributor: Identity, editor: Identity
) -> None:
    published(database, contributor, editor, None)
    workflow.withdraw(database, editor, SINAQ, "mistake", "")
    workflow.reinstate(database, editor, SINAQ)
    workflow.withdraw(database, editor, SINAQ, "mistake", "")
    with pytest.raises(WrongState):
        workflow.withdraw(database, editor, SINAQ, "mistake", "")
    sevda = add_user(database, "Sevda", "editor")
    published(database, sevda, editor, 1, gender="male")
    assert public(database) == {**RECORD, "gender": "male"}
    with database.read() as session:
        assert find_tombstone(session, SINAQ) is None


def test_withdrawal_reason_must_be_listed(
    database: Database, contributor: Identity, editor: Identity
) -> None:
    published(database, contributor, editor, None)
    for reason in ("merged", "whim", ""):
        with pytest.raises(RecordRefused):
            workflow.withdraw(database, editor, SINAQ, reason, "")


def ages(database: Database) -> dict[str, tuple[int, int]]:
    with database.read() as session:
        return {age.lang: (age.changed, age.agrees) for age in session.scalars(select(TextAge))}


def test_text_age_is_last_change_or_confirmation(
    database: Database, contributor: Identity, editor: Identity
) -> None:
    published(database, contributor, editor, None)
    assert ages(database) == {"az": (1, 1), "en": (1, 1), "ru": (1, 1)}
    texts = {**RECORD["biography"], "en": "A great poet."}
    published(database, contributor, editor, 1, biography=texts)
    assert ages(database) == {"az": (1, 1), "en": (2, 2), "ru": (1, 1)}
    record = {**RECORD, "biography": texts}
    drafts.save_draft(database, contributor, record, 2, drafts.DraftDetails(agrees=["ru"]))
    drafts.save_draft(database, contributor, {**record, "gender": "male"}, 3)
    workflow.submit(database, contributor, SINAQ, 4)
    workflow.publish(database, editor, SINAQ, 4)
    assert ages(database) == {"az": (1, 1), "en": (2, 2), "ru": (1, 4)}
    published(database, contributor, editor, 4, biography={"az": "Şair."})
    assert ages(database) == {"az": (1, 1)}


def test_redacted_revision_is_empty_and_reason_is_audited(
    database: Database, contributor: Identity, editor: Identity, admin: Identity
) -> None:
    published(database, contributor, editor, None, headline={"az": "gizli"})
    workflow.add_comment(database, editor, SINAQ, 1, "gizli söz", "headline.az")
    published(database, contributor, editor, 1)
    with pytest.raises(Forbidden):
        service.redact(database, editor, SINAQ, 1, "a court said so")
    with pytest.raises(RecordRefused):
        service.redact(database, admin, SINAQ, 1, " ")
    with pytest.raises(WrongState):
        service.redact(database, admin, SINAQ, 2, "a court said so")
    service.redact(database, admin, SINAQ, 1, "a court said so")
    with database.read() as session:
        revision = session.scalars(select(Revision).where(Revision.number == 1)).one()
        assert (revision.record, revision.message) == ({}, "")
        assert revision.redacted_at
        assert "gizli" not in repr([note.text for note in session.scalars(select(ReviewNote))])
        event = session.scalars(select(AuditEvent).where(AuditEvent.what == "redacted")).one()
        assert (event.subject, event.detail) == (
            SINAQ,
            {"revision": 1, "reason": "a court said so", "elsewhere": ["note 1"]},
        )
        with pytest.raises(Gone):
            history.get_revision(session, SINAQ, 1)
        latest, first = history.list_revisions(session, SINAQ, 0, 10)
        assert (first.changes, latest.changes) == ((), ())
    with pytest.raises(Gone):
        restore_revision(database, editor, SINAQ, 1, 2, "")


def test_all_revisions_of_withdrawn_person_can_be_redacted(
    database: Database, contributor: Identity, editor: Identity, admin: Identity
) -> None:
    published(database, contributor, editor, None)
    workflow.withdraw(database, editor, SINAQ, "law", "")
    service.redact(database, admin, SINAQ, 1, "a court said so")
    with pytest.raises(WrongState):
        workflow.reinstate(database, admin, SINAQ)
    save(database, editor, 1, gender="male")
    with database.read() as session:
        assert session.get_one(Person, SINAQ).published is None


def test_publication_checks_references(database: Database, contributor: Identity, editor: Identity) -> None:
    save(database, contributor, None)
    workflow.submit(database, contributor, SINAQ, 1)
    with database.write() as session:
        revision = session.scalars(select(Revision)).one()
        revision.record = {**revision.record, "professions": ["a-term-that-was-deleted"]}
    with pytest.raises(RecordRefused):
        workflow.publish(database, editor, SINAQ, 1)
    assert states(database) == ["review"]
