"""Decisions on messages: recorded, audited without private data, and reversible."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from biobank.accounts.identity import OPERATOR, Identity
from biobank.accounts.models import AuditEvent
from biobank.common.clock import now
from biobank.editorial.inbox import accept_correction, triage
from biobank.editorial.inbox.queue import QueueFilter, get_message_detail, list_messages
from biobank.editorial.inbox.triage import erase_addresses
from biobank.editorial.maintenance import MaintenanceScheduler, run_maintenance
from biobank.editorial.models import InboxMessage, MessageNote, Redirect
from biobank.editorial.review import workflow
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.errors import Forbidden, NotFound, NotSignedIn, RecordRefused, WrongState
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store.session import Database
from tests.editorial.inbox.helpers import (
    CORRECTION,
    EDITOR,
    OBJECTION,
    SECOND,
    SENDER,
    UZEYIR,
    find_message,
    submit,
)
from tests.support import seed

CONTRIBUTOR = Identity("contributor", "session", "Aygün", 3, "aygun@example.az")


def audited(database: Database) -> list[AuditEvent]:
    with database.read() as session:
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def test_a_correction_becomes_a_published_revision_with_credit(bank: Database) -> None:
    message = submit(bank)
    saved = accept_correction.apply_correction(bank, EDITOR, message.id, "1885-09-17")
    assert saved.changed
    workflow.submit(bank, EDITOR, UZEYIR, saved.number)
    workflow.publish(bank, SECOND, UZEYIR, saved.number)
    with bank.read() as session:
        record = queries.load_record(session, UZEYIR)
        revision = latest_revision(session, UZEYIR)
    assert record is not None
    assert record["birth"]["date"] == "1885-09-17"
    assert revision is not None
    assert (revision.credit, revision.author) == ("Attentive Reader", "Nigar")
    assert find_message(bank, message.reference).state == "accepted"
    assert run_maintenance(bank).closed == 1
    closed = find_message(bank, message.reference)
    assert (closed.state, closed.outcome, closed.revision) == ("closed", "accepted", saved.number)
    assert [note.kind for note in get_message_detail(bank, EDITOR, message.id)[1]] == ["drafted", "published"]


def test_unique_quotation_is_replaced_in_text(small_bank: Database) -> None:
    with small_bank.read() as session:
        latest = latest_revision(session, UZEYIR)
    assert latest is not None
    biography = latest.record["biography"]["en"]
    sentence = biography.partition(".")[0]
    message = submit(
        small_bank, values={**CORRECTION, "quote": sentence, "text": "Something else"}, field="biography.en"
    )
    change = accept_correction.propose_change(message, latest.record)
    assert change.value == biography.replace(sentence, "Something else", 1)
    elsewhere = submit(small_bank, values={**CORRECTION, "quote": "nowhere in it"}, field="biography.en")
    assert accept_correction.propose_change(elsewhere, latest.record).value == biography


def test_only_plain_dates_in_words_are_parsed(small_bank: Database) -> None:
    with small_bank.read() as session:
        latest = latest_revision(session, UZEYIR)
    assert latest is not None
    for text, value in (("17 September 1885", "1885-09-17"), ("He was born elsewhere.", "")):
        message = submit(small_bank, values={**CORRECTION, "text": text})
        assert accept_correction.propose_change(message, latest.record).value == value


def test_invalid_date_is_refused_and_message_stays_open(small_bank: Database) -> None:
    message = submit(small_bank)
    with pytest.raises(RecordRefused):
        accept_correction.apply_correction(small_bank, EDITOR, message.id, "one fine day")
    with pytest.raises(RecordRefused):
        accept_correction.apply_correction(small_bank, EDITOR, message.id, "1885-09-18")  # the current value
    assert find_message(small_bank, message.reference).state == "new"
    accept_correction.apply_correction(small_bank, EDITOR, message.id, "1885-09-17")
    with pytest.raises(WrongState):
        accept_correction.apply_correction(small_bank, SECOND, message.id, "1885-09-16")


def test_correction_of_merged_person_applies_to_survivor(small_bank: Database) -> None:
    message = submit(small_bank)
    with small_bank.write() as session:
        record = load_validated(person_schema, seed.person_without_relations("nizami-gencevi"))
        save_records(session, [record], OPERATOR, "", publish=True)
        session.add(Redirect(old_id=UZEYIR, new_id="nizami-gencevi", at=now()))
    saved = accept_correction.apply_correction(small_bank, EDITOR, message.id, "1141")
    assert (saved.person_id, saved.number) == ("nizami-gencevi", 2)
    assert find_message(small_bank, message.reference).person_id == "nizami-gencevi"


def test_only_simple_fields_are_applied_without_the_form(small_bank: Database) -> None:
    message = submit(small_bank, field="works")
    with pytest.raises(NotFound):
        accept_correction.apply_correction(small_bank, EDITOR, message.id, "Koroğlu")


def test_accepted_objection_withdraws_person(bank: Database) -> None:
    message = submit(bank, "objection", OBJECTION)
    with pytest.raises(RecordRefused):
        accept_correction.withdraw_person(bank, EDITOR, message.id, " ")
    accept_correction.withdraw_person(bank, EDITOR, message.id, "They asked for it")
    with bank.read() as session:
        person = session.get(Person, UZEYIR)
    assert person is not None
    assert (person.published, person.withdrawal) == (None, "wish")
    message_detail = get_message_detail(bank, EDITOR, message.id)
    assert (message_detail[0].state, message_detail[0].outcome) == ("closed", "accepted")
    assert message_detail[0].settled_at is not None
    assert [(note.kind, note.text) for note in message_detail[1]] == [("withdrew", "They asked for it")]
    with pytest.raises(NotFound):
        submit(bank)


def test_audit_records_decider_but_no_private_data(bank: Database) -> None:
    message = submit(bank)
    triage.decide(bank, EDITOR, message.id, "decline", "No source of that page")
    event = audited(bank)[-1]
    assert (event.what, event.subject, event.actor) == ("message_declined", message.reference, EDITOR.email)
    assert event.detail == {"about": "correction", "person": UZEYIR}
    logged = " ".join(f"{entry.detail} {entry.subject} {entry.what}" for entry in audited(bank))
    assert "reader@example.az" not in logged
    assert "No source" not in logged


def test_declining_requires_a_reason(small_bank: Database) -> None:
    message = submit(small_bank)
    with pytest.raises(RecordRefused):
        triage.decide(small_bank, EDITOR, message.id, "decline", "  ")
    assert find_message(small_bank, message.reference).state == "new"


@pytest.mark.parametrize(("actor", "refusal"), [(CONTRIBUTOR, Forbidden), (SENDER, NotSignedIn)])
def test_triage_requires_editor(small_bank: Database, actor: Identity, refusal: type[Exception]) -> None:
    message = submit(small_bank)
    for attempt in (
        lambda: list_messages(small_bank, actor, QueueFilter()),
        lambda: get_message_detail(small_bank, actor, message.id),
        lambda: triage.decide(small_bank, actor, message.id, "close"),
        lambda: triage.delete_spam(small_bank, actor, message.id),
        lambda: accept_correction.apply_correction(small_bank, actor, message.id, "1885"),
        lambda: accept_correction.withdraw_person(small_bank, actor, message.id, "why"),
    ):
        with pytest.raises(refusal):
            attempt()


def test_only_spam_is_deleted_and_deletion_is_audited(bank: Database) -> None:
    message = submit(bank)
    with pytest.raises(WrongState):
        triage.delete_spam(bank, EDITOR, message.id)
    triage.decide(bank, EDITOR, message.id, "spam")
    triage.delete_spam(bank, EDITOR, message.id)
    with bank.read() as session:
        assert session.scalar(select(func.count()).select_from(InboxMessage)) == 0
        assert session.scalar(select(func.count()).select_from(MessageNote)) == 0
    assert [event.what for event in audited(bank)][-2:] == ["message_spam", "message_deleted"]


def test_queue_lists_objections_first_then_oldest(bank: Database) -> None:
    messages = [
        submit(bank),
        submit(bank, values={**CORRECTION, "text": "1886"}),
        submit(bank, "objection", OBJECTION),
    ]
    with bank.write() as session:
        older = update(InboxMessage).where(InboxMessage.id == messages[1].id)
        session.execute(older.values(sent_at=now() - timedelta(days=8)))
    page = list_messages(bank, EDITOR, QueueFilter())
    assert [message.id for message in page.messages] == [messages[2].id, messages[1].id, messages[0].id]
    assert (page.kinds, page.states) == ({"correction": 2, "objection": 1}, {"new": 3})
    assert page.ages == {"": 3, "week": 1, "month": 0}
    assert list_messages(bank, EDITOR, QueueFilter(kind="objection")).ages == {"": 1, "week": 0, "month": 0}
    assert list_messages(bank, EDITOR, QueueFilter(age="week")).total == 1


def test_address_is_erased_90_days_after_settlement(bank: Database) -> None:
    declined, open_ = submit(bank), submit(bank, values={**CORRECTION, "text": "1886"})
    triage.decide(bank, EDITOR, declined.id, "decline", "no")
    assert erase_addresses(bank, now() + timedelta(days=89)) == 0
    assert erase_addresses(bank, now() + timedelta(days=91)) == 1
    assert erase_addresses(bank, now() + timedelta(days=91)) == 0
    assert find_message(bank, declined.reference).address == ""
    assert find_message(bank, declined.reference).name == "Attentive Reader"
    assert find_message(bank, open_.reference).address == "reader@example.az"


def test_closing_declined_message_does_not_extend_retention(small_bank: Database) -> None:
    message = submit(small_bank)
    triage.decide(small_bank, EDITOR, message.id, "decline", "no")
    first = find_message(small_bank, message.reference).settled_at
    triage.decide(small_bank, EDITOR, message.id, "close")
    closed = find_message(small_bank, message.reference)
    assert (closed.settled_at, closed.outcome) == (first, "declined")
    triage.decide(small_bank, EDITOR, message.id, "reopen")
    assert find_message(small_bank, message.reference).settled_at is None


def test_maintenance_runs_once_an_hour(small_bank: Database) -> None:
    scheduler = MaintenanceScheduler(small_bank)
    assert scheduler.run_if_due() is not None
    assert scheduler.run_if_due() is None
    repeated = MaintenanceScheduler(small_bank, interval=0)
    assert repeated.run_if_due() is not None
    assert repeated.run_if_due() is not None
