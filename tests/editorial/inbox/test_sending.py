"""Submission: which messages are accepted, and what is stored."""

import threading

import pytest
from sqlalchemy import insert, inspect, select
from sqlalchemy.exc import IntegrityError

from biobank.accounts.identity import anonymous
from biobank.accounts.models import AuditEvent
from biobank.editorial.inbox import spam
from biobank.editorial.inbox.forms import FORMS, checked
from biobank.editorial.inbox.models import Message
from biobank.editorial.inbox.queue import Asked, queue
from biobank.editorial.inbox.sending import Sent, send
from biobank.errors import NotFound, RecordRefused, TooManyAttempts
from biobank.store.session import Database
from tests.editorial.inbox.letterbox import (
    CORRECTION,
    EDITOR,
    OBJECTION,
    REGISTRATION,
    SENDER,
    UZEYIR,
    post,
)


def spam_count(database: Database) -> int:
    return queue(database, EDITOR, Asked(state="spam")).total


def test_a_correction_is_kept_with_its_field_and_person(bank: Database) -> None:
    message = post(bank)
    assert (message.kind, message.state, message.person_id) == ("correction", "new", UZEYIR)
    assert message.field == "birth"
    assert message.content == {"text": "1885-09-17", "source": "Metric book of 1885, p. 3"}
    assert (message.name, message.address) == ("Attentive Reader", "reader@example.az")


def test_nothing_is_kept_of_where_a_message_came_from(bank: Database) -> None:
    post(bank)
    with bank.read() as session:
        row = session.scalars(select(Message)).one()
        kept = [str(getattr(row, column.key)) for column in inspect(Message).columns]
        assert not [value for value in kept if SENDER.address in value]
        events = session.scalars(select(AuditEvent).where(AuditEvent.kind == "message")).all()
        assert events == []


def test_an_error_of_the_database_repeats_no_address(bank: Database) -> None:
    message = post(bank)
    again = {column.key: getattr(message, column.key) for column in inspect(Message).columns}
    with pytest.raises(IntegrityError) as refused, bank.write() as session:
        session.execute(insert(Message).values(again))
    assert message.address not in str(refused.value)


def test_a_form_is_taken_once(bank: Database) -> None:
    post(bank, reference="ONCE-0001")
    post(bank, reference="ONCE-0001")
    assert queue(bank, EDITOR, Asked()).total == 1


def test_two_clicks_at_one_moment_make_one_message(bank: Database) -> None:
    failed: list[BaseException] = []

    def click() -> None:
        try:
            send(bank, SENDER, Sent("correction", "TWICE-01", "en", CORRECTION, UZEYIR, "birth"))
        except BaseException as error:
            failed.append(error)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert failed == []
    assert queue(bank, EDITOR, Asked()).total == 1


@pytest.mark.usefixtures("one_moment")
def test_one_network_is_asked_to_wait_and_another_is_not(bank: Database) -> None:
    for _ in range(10):
        post(bank)
    with pytest.raises(TooManyAttempts):
        post(bank)
    assert len(queue(bank, EDITOR, Asked(state="")).messages) + spam_count(bank) == 10
    post(bank, "objection", OBJECTION, who=anonymous("198.51.100.9"))


def test_what_is_missing_is_told_by_its_entry_and_counts_as_no_attempt(
    small_bank: Database,
) -> None:
    for _ in range(40):
        with pytest.raises(RecordRefused) as refused:
            post(small_bank, given={"name": "x"})
    assert [(it.path, it.code) for it in refused.value.problems] == [
        ("text", "missing"),
        ("source", "missing"),
    ]


@pytest.mark.parametrize("kind", FORMS)
def test_every_entry_is_bounded_and_takes_no_control_character(kind: str) -> None:
    for entry in FORMS[kind]:
        for text, code in (("x" * (entry.most + 1), "long"), ("\x00", "control")):
            with pytest.raises(RecordRefused) as refused:
                checked(kind, {entry.name: text})
            assert (entry.name, code) in [(it.path, it.code) for it in refused.value.problems]


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
def test_what_is_no_address_country_or_date_is_refused(entry: str, text: str) -> None:
    with pytest.raises(RecordRefused) as refused:
        checked("registration", {**REGISTRATION, entry: text})
    assert {it.path for it in refused.value.problems} == {entry}


def test_an_organisation_needs_a_name_in_one_language() -> None:
    unnamed = {key: text for key, text in REGISTRATION.items() if key != "name_en"}
    with pytest.raises(RecordRefused) as refused:
        checked("registration", unnamed)
    assert [it.path for it in refused.value.problems] == ["name_az"]


def test_an_objection_needs_an_address() -> None:
    with pytest.raises(RecordRefused):
        checked("objection", {"what": "x", "why": "y"})


def test_nothing_is_sent_about_who_is_not_public(small_bank: Database) -> None:
    with pytest.raises(NotFound):
        post(small_bank, person_id="nobody")


def test_what_a_program_filled_in_goes_among_spam(small_bank: Database) -> None:
    message = post(small_bank, trapped=True)
    assert (message.state, message.marks) == ("spam", ["trap"])
    assert message.settled_at is not None
    assert queue(small_bank, EDITOR, Asked(state="")).total == 0
    assert queue(small_bank, EDITOR, Asked(state="spam")).total == 1


def test_links_where_none_are_asked_for_are_marked_and_sources_are_not() -> None:
    links = "http://a.example http://b.example www.c.example"
    assert spam.marks({"text": links}, 0, trapped=False) == ["links"]
    assert spam.marks({"source": links}, 0, trapped=False) == []
    assert not spam.is_spam(["links"])


def test_the_same_words_again_and_again_are_marked(small_bank: Database) -> None:
    marks = [
        post(small_bank, given={**CORRECTION, "text": text}).marks
        for text in ("Buy  carpets", "buy carpets", "BUY CARPETS")
    ]
    assert marks == [[], [], ["repeated"]]


def test_links_and_repetition_together_hide_a_message(small_bank: Database) -> None:
    text = "http://a.example http://b.example http://c.example"
    states = [post(small_bank, given={**CORRECTION, "text": text}).state for _ in range(3)]
    assert states == ["new", "new", "spam"]
