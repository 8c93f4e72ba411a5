"""Decisions on messages: recorded, audited without private data, and reversible."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from biobank.accounts.clock import now
from biobank.accounts.identity import OPERATOR, Identity
from biobank.accounts.models import AuditEvent
from biobank.editorial import saving, workflow
from biobank.editorial.housekeeping import Housekeeper, keep_house
from biobank.editorial.inbox import applying, triage, withdrawing
from biobank.editorial.inbox.erasing import erase_addresses
from biobank.editorial.inbox.models import Message, MessageNote
from biobank.editorial.inbox.queue import Asked, one, queue
from biobank.editorial.models import Redirect
from biobank.editorial.publishing import save_many
from biobank.errors import Forbidden, NotFound, NotSignedIn, RecordRefused, WrongState
from biobank.records.people import queries
from biobank.records.people.models import Person
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.store.session import Database
from tests.editorial.inbox.letterbox import (
    CORRECTION,
    EDITOR,
    OBJECTION,
    SECOND,
    SENDER,
    UZEYIR,
    found,
    post,
)
from tests.support import seed

CONTRIBUTOR = Identity("contributor", "session", "Aygün", 3, "aygun@example.az")


def audited(database: Database) -> list[AuditEvent]:
    with database.read() as session:
        return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def test_a_correction_becomes_a_published_revision_with_credit(bank: Database) -> None:
    message = post(bank)
    saved = applying.apply(bank, EDITOR, message.id, "1885-09-17")
    assert saved.changed
    workflow.submit(bank, EDITOR, UZEYIR, saved.number)
    workflow.publish(bank, SECOND, UZEYIR, saved.number)
    with bank.read() as session:
        record = queries.record(session, UZEYIR)
        revision = saving.head(session, UZEYIR)
    assert record is not None
    assert record["birth"]["date"] == "1885-09-17"
    assert revision is not None
    assert (revision.credit, revision.author) == ("Attentive Reader", "Nigar")
    assert found(bank, message.reference).state == "accepted"
    assert keep_house(bank).closed == 1
    closed = found(bank, message.reference)
    assert (closed.state, closed.outcome, closed.revision) == ("closed", "accepted", saved.number)
    assert [note.kind for note in one(bank, EDITOR, message.id)[1]] == ["drafted", "published"]


def test_a_quoted_sentence_is_replaced_in_the_text_it_stands_in_once(small_bank: Database) -> None:
    with small_bank.read() as session:
        newest = saving.head(session, UZEYIR)
    assert newest is not None
    life = newest.record["biography"]["en"]
    sentence = life.partition(".")[0]
    message = post(
        small_bank,
        given={**CORRECTION, "quote": sentence, "text": "Something else"},
        field="biography.en",
    )
    made = applying.proposed(message, newest.record)
    assert made.value == life.replace(sentence, "Something else", 1)
    elsewhere = post(
        small_bank, given={**CORRECTION, "quote": "nowhere in it"}, field="biography.en"
    )
    assert applying.proposed(elsewhere, newest.record).value == life


def test_a_date_in_words_is_offered_as_one_and_a_sentence_is_not(small_bank: Database) -> None:
    with small_bank.read() as session:
        newest = saving.head(session, UZEYIR)
    assert newest is not None
    for text, value in (("17 September 1885", "1885-09-17"), ("He was born elsewhere.", "")):
        message = post(small_bank, given={**CORRECTION, "text": text})
        assert applying.proposed(message, newest.record).value == value


def test_a_value_that_is_no_date_is_refused_and_decides_nothing(small_bank: Database) -> None:
    message = post(small_bank)
    with pytest.raises(RecordRefused):
        applying.apply(small_bank, EDITOR, message.id, "one fine day")
    with pytest.raises(RecordRefused):
        applying.apply(small_bank, EDITOR, message.id, "1885-09-18")  # the current value
    assert found(small_bank, message.reference).state == "new"
    applying.apply(small_bank, EDITOR, message.id, "1885-09-17")
    with pytest.raises(WrongState):
        applying.apply(small_bank, SECOND, message.id, "1885-09-16")


def test_a_correction_of_who_was_merged_is_one_of_the_other(small_bank: Database) -> None:
    message = post(small_bank)
    with small_bank.write() as session:
        record = load(person_schema, seed.alone("nizami-gencevi"))
        save_many(session, [record], OPERATOR, "", publish=True)
        session.add(Redirect(old_id=UZEYIR, new_id="nizami-gencevi", at=now()))
    saved = applying.apply(small_bank, EDITOR, message.id, "1141")
    assert (saved.person_id, saved.number) == ("nizami-gencevi", 2)
    assert found(small_bank, message.reference).person_id == "nizami-gencevi"


def test_only_simple_fields_are_applied_without_the_form(small_bank: Database) -> None:
    message = post(small_bank, field="works")
    with pytest.raises(NotFound):
        applying.apply(small_bank, EDITOR, message.id, "Koroğlu")


def test_an_objection_that_is_right_withdraws_the_person(bank: Database) -> None:
    message = post(bank, "objection", OBJECTION)
    with pytest.raises(RecordRefused):
        withdrawing.withdraw(bank, EDITOR, message.id, " ")
    withdrawing.withdraw(bank, EDITOR, message.id, "They asked for it")
    with bank.read() as session:
        person = session.get(Person, UZEYIR)
    assert person is not None
    assert (person.published, person.withdrawal) == (None, "wish")
    kept = one(bank, EDITOR, message.id)
    assert (kept[0].state, kept[0].outcome) == ("closed", "accepted")
    assert kept[0].settled_at is not None
    assert [(note.kind, note.text) for note in kept[1]] == [("withdrew", "They asked for it")]
    with pytest.raises(NotFound):
        post(bank)


def test_the_audit_knows_who_decided_and_nothing_that_is_private(bank: Database) -> None:
    message = post(bank)
    triage.decide(bank, EDITOR, message.id, "decline", "No source of that page")
    event = audited(bank)[-1]
    assert (event.what, event.subject, event.actor) == (
        "message_declined",
        message.reference,
        EDITOR.email,
    )
    assert event.detail == {"about": "correction", "person": UZEYIR}
    told = " ".join(f"{it.detail} {it.subject} {it.what}" for it in audited(bank))
    assert "reader@example.az" not in told
    assert "No source" not in told


def test_who_declines_says_why(small_bank: Database) -> None:
    message = post(small_bank)
    with pytest.raises(RecordRefused):
        triage.decide(small_bank, EDITOR, message.id, "decline", "  ")
    assert found(small_bank, message.reference).state == "new"


@pytest.mark.parametrize(("who", "refusal"), [(CONTRIBUTOR, Forbidden), (SENDER, NotSignedIn)])
def test_only_editors_see_and_decide(
    small_bank: Database, who: Identity, refusal: type[Exception]
) -> None:
    message = post(small_bank)
    for attempt in (
        lambda: queue(small_bank, who, Asked()),
        lambda: one(small_bank, who, message.id),
        lambda: triage.decide(small_bank, who, message.id, "close"),
        lambda: triage.remove(small_bank, who, message.id),
        lambda: applying.apply(small_bank, who, message.id, "1885"),
        lambda: withdrawing.withdraw(small_bank, who, message.id, "why"),
    ):
        with pytest.raises(refusal):
            attempt()


def test_only_spam_is_deleted_and_the_audit_keeps_that_it_was(bank: Database) -> None:
    message = post(bank)
    with pytest.raises(WrongState):
        triage.remove(bank, EDITOR, message.id)
    triage.decide(bank, EDITOR, message.id, "spam")
    triage.remove(bank, EDITOR, message.id)
    with bank.read() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 0
        assert session.scalar(select(func.count()).select_from(MessageNote)) == 0
    assert [event.what for event in audited(bank)][-2:] == ["message_spam", "message_deleted"]


def test_objections_come_first_and_then_what_waited_longest(bank: Database) -> None:
    sent = [
        post(bank),
        post(bank, given={**CORRECTION, "text": "1886"}),
        post(bank, "objection", OBJECTION),
    ]
    with bank.write() as session:
        older = update(Message).where(Message.id == sent[1].id)
        session.execute(older.values(sent_at=now() - timedelta(days=8)))
    found = queue(bank, EDITOR, Asked())
    assert [it.id for it in found.messages] == [sent[2].id, sent[1].id, sent[0].id]
    assert (found.kinds, found.states) == ({"correction": 2, "objection": 1}, {"new": 3})
    assert found.ages == {"": 3, "week": 1, "month": 0}
    assert queue(bank, EDITOR, Asked(kind="objection")).ages == {"": 1, "week": 0, "month": 0}
    assert queue(bank, EDITOR, Asked(age="week")).total == 1


def test_an_address_is_erased_90_days_after_the_message_was_settled(bank: Database) -> None:
    declined, open_ = post(bank), post(bank, given={**CORRECTION, "text": "1886"})
    triage.decide(bank, EDITOR, declined.id, "decline", "no")
    assert erase_addresses(bank, now() + timedelta(days=89)) == 0
    assert erase_addresses(bank, now() + timedelta(days=91)) == 1
    assert erase_addresses(bank, now() + timedelta(days=91)) == 0
    assert found(bank, declined.reference).address == ""
    assert found(bank, declined.reference).name == "Attentive Reader"
    assert found(bank, open_.reference).address == "reader@example.az"


def test_closing_what_was_declined_does_not_prolong_the_term(small_bank: Database) -> None:
    message = post(small_bank)
    triage.decide(small_bank, EDITOR, message.id, "decline", "no")
    first = found(small_bank, message.reference).settled_at
    triage.decide(small_bank, EDITOR, message.id, "close")
    closed = found(small_bank, message.reference)
    assert (closed.settled_at, closed.outcome) == (first, "declined")
    triage.decide(small_bank, EDITOR, message.id, "reopen")
    assert found(small_bank, message.reference).settled_at is None


def test_the_housekeeper_looks_once_an_hour(small_bank: Database) -> None:
    keeper = Housekeeper(small_bank)
    assert keeper.look() is not None
    assert keeper.look() is None
    again = Housekeeper(small_bank, every=0)
    assert again.look() is not None
    assert again.look() is not None
