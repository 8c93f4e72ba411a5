"""Submission: which messages are accepted, and what is stored."""

import threading

import pytest
from sqlalchemy import insert, inspect, select
from sqlalchemy.exc import IntegrityError

from biobank.accounts.identity import anonymous
from biobank.accounts.models import AuditEvent
from biobank.editorial.inbox import submission
from biobank.editorial.inbox.queue import QueueFilter, list_messages
from biobank.editorial.inbox.submission import MESSAGE_FORMS, Submission, submit_message, validate_message
from biobank.editorial.models import InboxMessage
from biobank.errors import NotFound, RecordRefused, TooManyAttempts
from biobank.store.session import Database
from tests.editorial.inbox.helpers import CORRECTION, EDITOR, OBJECTION, REGISTRATION, SENDER, UZEYIR, submit


def spam_count(database: Database) -> int:
    return list_messages(database, EDITOR, QueueFilter(state="spam")).total


def test_correction_is_stored_with_field_and_person(bank: Database) -> None:
    message = submit(bank)
    assert (message.kind, message.state, message.person_id) == ("correction", "new", UZEYIR)
    assert message.field == "birth"
    assert message.content == {"text": "1885-09-17", "source": "Metric book of 1885, p. 3"}
    assert (message.name, message.address) == ("Attentive Reader", "reader@example.az")


def test_sender_ip_is_not_stored(bank: Database) -> None:
    submit(bank)
    with bank.read() as session:
        row = session.scalars(select(InboxMessage)).one()
        values = [str(getattr(row, column.key)) for column in inspect(InboxMessage).columns]
        assert not [value for value in values if SENDER.ip_address in value]
        events = session.scalars(select(AuditEvent).where(AuditEvent.kind == "message")).all()
        assert events == []


def test_database_error_contains_no_address(bank: Database) -> None:
    message = submit(bank)
    reloaded = {column.key: getattr(message, column.key) for column in inspect(InboxMessage).columns}
    with pytest.raises(IntegrityError) as refused, bank.write() as session:
        session.execute(insert(InboxMessage).values(reloaded))
    assert message.address not in str(refused.value)


def test_form_is_accepted_once(bank: Database) -> None:
    submit(bank, reference="ONCE-0001")
    submit(bank, reference="ONCE-0001")
    assert list_messages(bank, EDITOR, QueueFilter()).total == 1


def test_concurrent_submissions_store_one_message(bank: Database) -> None:
    failed: list[BaseException] = []

    def click() -> None:
        try:
            submit_message(
                bank, SENDER, Submission("correction", "TWICE-01", "en", CORRECTION, UZEYIR, "birth")
            )
        except BaseException as error:
            failed.append(error)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert failed == []
    assert list_messages(bank, EDITOR, QueueFilter()).total == 1


@pytest.mark.usefixtures("frozen_attempts_clock")
def test_rate_limit_is_per_network(bank: Database) -> None:
    for _ in range(10):
        submit(bank)
    with pytest.raises(TooManyAttempts):
        submit(bank)
    assert len(list_messages(bank, EDITOR, QueueFilter(state="")).messages) + spam_count(bank) == 10
    submit(bank, "objection", OBJECTION, actor=anonymous("198.51.100.9"))


def test_missing_entries_are_reported_and_not_rate_limited(small_bank: Database) -> None:
    for _ in range(40):
        with pytest.raises(RecordRefused) as refused:
            submit(small_bank, values={"name": "x"})
    assert [(problem.path, problem.code) for problem in refused.value.problems] == [
        ("text", "missing"),
        ("source", "missing"),
    ]


@pytest.mark.parametrize("kind", MESSAGE_FORMS)
def test_entries_reject_excess_length_and_control_characters(kind: str) -> None:
    for entry in MESSAGE_FORMS[kind]:
        for text, code in (("x" * (entry.max_chars + 1), "long"), ("\x00", "control")):
            with pytest.raises(RecordRefused) as refused:
                validate_message(kind, {entry.name: text})
            assert (entry.name, code) in [(problem.path, problem.code) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("email", "me@example.az\nBcc: all@example.az"),
        ("email", "me@example.az\r\nSubject: x"),
        ("email", "me@example.az,all@example.az"),
        ("email", "nobody"),
        ("website", "javascript:alert(1)"),
        ("country", "XX"),
        ("founded", "long ago"),
        ("city", "two\nlines"),
    ],
)
def test_invalid_email_country_or_date_is_refused(entry: str, text: str) -> None:
    with pytest.raises(RecordRefused) as refused:
        validate_message("registration", {**REGISTRATION, entry: text})
    assert {problem.path for problem in refused.value.problems} == {entry}


def test_registration_requires_a_name() -> None:
    unnamed = {key: text for key, text in REGISTRATION.items() if key != "name_en"}
    with pytest.raises(RecordRefused) as refused:
        validate_message("registration", unnamed)
    assert [problem.path for problem in refused.value.problems] == ["name_az"]


def test_objection_requires_email() -> None:
    with pytest.raises(RecordRefused):
        validate_message("objection", {"what": "x", "why": "y"})


def test_message_about_unpublished_person_is_refused(small_bank: Database) -> None:
    with pytest.raises(NotFound):
        submit(small_bank, person_id="nobody")


def test_honeypot_marks_spam(small_bank: Database) -> None:
    message = submit(small_bank, trapped=True)
    assert (message.state, message.marks) == ("spam", ["trap"])
    assert message.settled_at is not None
    assert list_messages(small_bank, EDITOR, QueueFilter(state="")).total == 0
    assert list_messages(small_bank, EDITOR, QueueFilter(state="spam")).total == 1


def test_unexpected_links_are_marked_but_not_in_sources() -> None:
    links = "http://a.example http://b.example www.c.example"
    assert submission.spam_marks({"text": links}, 0, trapped=False) == ["links"]
    assert submission.spam_marks({"source": links}, 0, trapped=False) == []
    assert not submission.is_spam(["links"])


def test_repeated_messages_are_marked(small_bank: Database) -> None:
    marks = [
        submit(small_bank, values={**CORRECTION, "text": text}).marks
        for text in ("Buy  carpets", "buy carpets", "BUY CARPETS")
    ]
    assert marks == [[], [], ["repeated"]]


def test_links_and_repetition_together_hide_a_message(small_bank: Database) -> None:
    text = "http://a.example http://b.example http://c.example"
    states = [submit(small_bank, values={**CORRECTION, "text": text}).state for _ in range(3)]
    assert states == ["new", "new", "spam"]
