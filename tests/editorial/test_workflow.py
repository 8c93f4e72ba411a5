"""The review workflow: every action is recorded and reversible."""

from typing import Any

import pytest
from sqlalchemy import func, select

from biobank.accounts.identity import OPERATOR, Identity
from biobank.accounts.models import AuditEvent
from biobank.editorial import history, redaction, saving, workflow
from biobank.editorial.absence import absence
from biobank.editorial.models import ReviewNote, Revision, TextAge
from biobank.editorial.notes import thread
from biobank.editorial.publishing import save_many
from biobank.editorial.restoring import restore_draft
from biobank.errors import EditConflict, Forbidden, Gone, NotFound, RecordRefused, WrongState
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.store.outbox import OutboxRow, mark_done, pending
from biobank.store.session import Database
from tests.support.users import add_user

SINAQ = "sinaq-sinaqov"
RECORD: dict[str, Any] = {
    "id": SINAQ,
    "names": [{"text": "Sınaq Sınaqov", "lang": "az", "kind": "preferred"}],
    "biography": {"az": "Şair.", "en": "A poet.", "ru": "Поэт."},
}


@pytest.fixture
def aygun(database: Database) -> Identity:
    return add_user(database, "Aygün", "contributor")


@pytest.fixture
def nigar(database: Database) -> Identity:
    return add_user(database, "Nigar", "editor")


@pytest.fixture
def rasul(database: Database) -> Identity:
    return add_user(database, "Rəsul", "admin")


def save(database: Database, who: Identity, base: int | None, **fields: Any) -> int:
    return saving.save_draft(database, who, {**RECORD, **fields}, base).number


def published(
    database: Database, who: Identity, by: Identity, base: int | None, **more: Any
) -> int:
    number = save(database, who, base, **more)
    workflow.submit(database, who, SINAQ, number)
    workflow.publish(database, by, SINAQ, number)


def public(database: Database) -> dict[str, Any] | None:
    with database.read() as session:
        return queries.record(session, SINAQ)


def states(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Revision.state).order_by(Revision.number)))


def test_a_record_is_handed_in_given_back_and_published(
    database: Database, aygun: Identity, nigar: Identity
) -> None:
    save(database, aygun, None)
    workflow.submit(database, aygun, SINAQ, 1, "ready")
    workflow.give_back(database, nigar, SINAQ, 1, "no source yet")
    save(database, aygun, 1, gender="male")
    workflow.submit(database, aygun, SINAQ, 2)
    assert public(database) is None
    workflow.publish(database, nigar, SINAQ, 2, "well done")
    assert public(database) == {**RECORD, "gender": "male"}
    assert states(database) == ["draft", "published"]
    with database.read() as session:
        said = [(it.kind, it.author, it.text, number) for it, number in thread(session, SINAQ)]
        assert session.scalars(select(OutboxRow.person_id)).all() == [SINAQ]
        newest = saving.head(session, SINAQ)
        assert newest
        assert (newest.reviewer, newest.published_at is not None) == ("Nigar", True)
    assert said == [
        ("submitted", "Aygün", "ready", 1),
        ("returned", "Nigar", "no source yet", 1),
        ("submitted", "Aygün", "", 2),
        ("published", "Nigar", "well done", 2),
    ]


def test_nobody_publishes_what_they_wrote(database: Database, nigar: Identity) -> None:
    save(database, nigar, None)
    workflow.submit(database, nigar, SINAQ, 1)
    with pytest.raises(Forbidden):
        workflow.publish(database, nigar, SINAQ, 1)
    other = add_user(database, "Sevda", "editor")
    workflow.publish(database, other, SINAQ, 1)
    assert public(database) is not None


def test_a_contributor_publishes_nothing_and_gives_back_only_their_own(
    database: Database, aygun: Identity, nigar: Identity
) -> None:
    save(database, nigar, None)
    workflow.submit(database, aygun, SINAQ, 1)
    with pytest.raises(Forbidden):
        workflow.publish(database, aygun, SINAQ, 1)
    with pytest.raises(Forbidden):
        workflow.give_back(database, aygun, SINAQ, 1, "why not")
    save(database, aygun, 1, gender="male")
    workflow.submit(database, aygun, SINAQ, 2)
    workflow.give_back(database, aygun, SINAQ, 2)
    assert states(database) == ["draft", "draft"]


def test_only_what_was_read_is_decided_on(
    database: Database, aygun: Identity, nigar: Identity
) -> None:
    save(database, aygun, None)
    save(database, aygun, 1, gender="male")
    with pytest.raises(EditConflict):
        workflow.submit(database, aygun, SINAQ, 1)
    workflow.submit(database, aygun, SINAQ, 2)
    save(database, aygun, 2, gender="other")
    with pytest.raises(EditConflict):
        workflow.publish(database, nigar, SINAQ, 2)


@pytest.mark.parametrize("state", ["draft", "review", "published", "withdrawn"])
@pytest.mark.parametrize("step", ["submit", "give_back", "publish", "withdraw", "bring_back"])
def test_a_step_that_is_not_in_the_table_is_refused(state: str, step: str) -> None:
    if (state, step) in workflow.TRANSITIONS:
        assert workflow.after(state, step) != state
    else:
        with pytest.raises(WrongState):
            workflow.after(state, step)


def test_what_is_given_back_needs_a_reason(
    database: Database, aygun: Identity, nigar: Identity
) -> None:
    save(database, aygun, None)
    workflow.submit(database, aygun, SINAQ, 1)
    with pytest.raises(RecordRefused):
        workflow.give_back(database, nigar, SINAQ, 1, "  ")
    assert states(database) == ["review"]


def test_who_is_withdrawn_leaves_a_tombstone_and_nothing_else(
    database: Database, aygun: Identity, nigar: Identity, rasul: Identity
) -> None:
    other = {**RECORD, "id": "basqa", "relations": [{"type": "sibling", "person": SINAQ}]}
    published(database, aygun, nigar, None)
    with database.write() as session:
        save_many(session, [other], OPERATOR, "", publish=True)
    workflow.withdraw(database, nigar, SINAQ, "wish", "asked by letter")
    assert public(database) is None
    with database.read() as session:
        gone = absence(session, SINAQ)
        assert gone
        assert (gone.reason, gone.new_id) == ("wish", "")
        rows = select(func.count()).select_from(queries.ROW_MODELS[0])
        assert session.scalar(rows.where(queries.ROW_MODELS[0].person_id == SINAQ)) == 0
        with pytest.raises(NotFound):
            history.current(session, SINAQ)
        waiting = session.scalars(select(OutboxRow.person_id).order_by(OutboxRow.id)).all()
        assert set(waiting[-2:]) == {SINAQ, "basqa"}
        assert absence(session, "nobody") is None
        assert absence(session, "basqa") is None
    with pytest.raises(Forbidden):
        save(database, aygun, 1, gender="male")
    with pytest.raises(Forbidden):
        workflow.bring_back(database, nigar, SINAQ)
    workflow.bring_back(database, rasul, SINAQ)
    assert public(database) == RECORD


def test_a_tie_to_whoever_is_not_public_is_not_shown_until_they_are(
    database: Database, aygun: Identity, nigar: Identity, rasul: Identity
) -> None:
    """The id is derived from the name, so it must be hidden; the revision keeps the relation."""
    tie = {"type": "sibling", "person": SINAQ}
    other = {**RECORD, "id": "basqa", "relations": [tie]}

    def shown() -> list[Any]:
        with database.read() as session:
            return (queries.record(session, "basqa") or {}).get("relations", [])

    def told() -> set[str]:
        """Return and clear the ids of people in the outbox."""
        with database.write() as session:
            waiting = pending(session, 100)
            mark_done(session, [row.id for row in waiting])
            return {row.person_id for row in waiting}

    save(database, aygun, None)
    with database.write() as session:
        save_many(session, [other], OPERATOR, "", publish=True)
    assert shown() == []
    told()
    workflow.submit(database, aygun, SINAQ, 1)
    workflow.publish(database, nigar, SINAQ, 1)
    assert shown() == [tie]
    assert told() == {SINAQ, "basqa"}
    workflow.withdraw(database, nigar, SINAQ, "wish", "")
    assert shown() == []
    assert told() == {SINAQ, "basqa"}
    workflow.bring_back(database, rasul, SINAQ)
    assert shown() == [tie]


def test_a_mistake_is_taken_back_by_an_editor_and_a_new_version_brings_back_too(
    database: Database, aygun: Identity, nigar: Identity
) -> None:
    published(database, aygun, nigar, None)
    workflow.withdraw(database, nigar, SINAQ, "mistake", "")
    workflow.bring_back(database, nigar, SINAQ)
    workflow.withdraw(database, nigar, SINAQ, "mistake", "")
    with pytest.raises(WrongState):
        workflow.withdraw(database, nigar, SINAQ, "mistake", "")
    sevda = add_user(database, "Sevda", "editor")
    published(database, sevda, nigar, 1, gender="male")
    assert public(database) == {**RECORD, "gender": "male"}
    with database.read() as session:
        assert absence(session, SINAQ) is None


def test_why_somebody_is_withdrawn_is_one_of_a_list(
    database: Database, aygun: Identity, nigar: Identity
) -> None:
    published(database, aygun, nigar, None)
    for reason in ("merged", "whim", ""):
        with pytest.raises(RecordRefused):
            workflow.withdraw(database, nigar, SINAQ, reason, "")


def ages(database: Database) -> dict[str, tuple[int, int]]:
    with database.read() as session:
        return {age.lang: (age.changed, age.agrees) for age in session.scalars(select(TextAge))}


def test_a_text_is_as_old_as_its_last_change_or_its_last_agreement(
    database: Database, aygun: Identity, nigar: Identity
) -> None:
    published(database, aygun, nigar, None)
    assert ages(database) == {"az": (1, 1), "en": (1, 1), "ru": (1, 1)}
    texts = {**RECORD["biography"], "en": "A great poet."}
    published(database, aygun, nigar, 1, biography=texts)
    assert ages(database) == {"az": (1, 1), "en": (2, 2), "ru": (1, 1)}
    record = {**RECORD, "biography": texts}
    saving.save_draft(database, aygun, record, 2, agrees=["ru"])
    saving.save_draft(database, aygun, {**record, "gender": "male"}, 3)
    workflow.submit(database, aygun, SINAQ, 4)
    workflow.publish(database, nigar, SINAQ, 4)
    assert ages(database) == {"az": (1, 1), "en": (2, 2), "ru": (1, 4)}
    published(database, aygun, nigar, 4, biography={"az": "Şair."})
    assert ages(database) == {"az": (1, 1)}


def test_a_redacted_revision_says_nothing_any_more_and_the_audit_says_why(
    database: Database, aygun: Identity, nigar: Identity, rasul: Identity
) -> None:
    published(database, aygun, nigar, None, headline={"az": "gizli"})
    workflow.comment(database, nigar, SINAQ, 1, "gizli söz", "headline.az")
    published(database, aygun, nigar, 1)
    with pytest.raises(Forbidden):
        redaction.redact(database, nigar, SINAQ, 1, "a court said so")
    with pytest.raises(RecordRefused):
        redaction.redact(database, rasul, SINAQ, 1, " ")
    with pytest.raises(WrongState):
        redaction.redact(database, rasul, SINAQ, 2, "a court said so")
    redaction.redact(database, rasul, SINAQ, 1, "a court said so")
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
            history.at(session, SINAQ, 1)
        newest, first = history.steps(session, SINAQ, 0, 10)
        assert (first.changes, newest.changes) == ((), ())
    with pytest.raises(Gone):
        restore_draft(database, nigar, SINAQ, 1, 2, "")


def test_all_of_who_is_withdrawn_can_be_redacted_and_is_written_anew(
    database: Database, aygun: Identity, nigar: Identity, rasul: Identity
) -> None:
    published(database, aygun, nigar, None)
    workflow.withdraw(database, nigar, SINAQ, "law", "")
    redaction.redact(database, rasul, SINAQ, 1, "a court said so")
    with pytest.raises(WrongState):
        workflow.bring_back(database, rasul, SINAQ)
    save(database, nigar, 1, gender="male")
    with database.read() as session:
        assert session.get_one(Person, SINAQ).published is None


def test_what_is_published_still_points_at_what_is_there(
    database: Database, aygun: Identity, nigar: Identity
) -> None:
    save(database, aygun, None)
    workflow.submit(database, aygun, SINAQ, 1)
    with database.write() as session:
        revision = session.scalars(select(Revision)).one()
        revision.record = {**revision.record, "professions": ["a-term-that-was-deleted"]}
    with pytest.raises(RecordRefused):
        workflow.publish(database, nigar, SINAQ, 1)
    assert states(database) == ["review"]
