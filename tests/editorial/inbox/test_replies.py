"""Replies go to the sender only, and the sender's data cannot manipulate the e-mail."""

import pytest

from biobank.editorial.inbox import replies, triage
from biobank.editorial.inbox.models import MessageNote
from biobank.editorial.inbox.queue import one
from biobank.errors import RecordRefused
from biobank.mail import Mailer, make_mailer
from biobank.store.session import Database
from tests.editorial.inbox.letterbox import CORRECTION, EDITOR, post
from tests.support.mailbox import Mailbox, mailbox
from tests.support.ports import free_port

__all__ = ["mailbox"]


def last_note(database: Database, message_id: int) -> MessageNote:
    return one(database, EDITOR, message_id)[1][-1]


def test_an_answer_goes_out_by_mail(bank: Database, mailbox: Mailbox) -> None:
    message = post(bank)
    assert replies.reply(bank, EDITOR, message.id, "Thank you!", make_mailer(mailbox.url))
    letter = mailbox.wait()[0]
    assert letter["To"] == "reader@example.az"
    assert message.reference in letter["Subject"]
    text = letter.get_content()
    assert "Attentive Reader" in text
    assert "Thank you!" in text
    note = last_note(bank, message.id)
    assert (note.kind, note.text, note.mailed) == ("replied", "Thank you!", True)


def test_without_mail_the_answer_is_kept_to_be_sent_by_hand(small_bank: Database) -> None:
    message = post(small_bank)
    assert not replies.reply(small_bank, EDITOR, message.id, "Thank you!", None)
    assert not last_note(small_bank, message.id).mailed


def test_a_server_that_does_not_take_it_loses_no_answer_and_nothing_is_logged(
    small_bank: Database, caplog: pytest.LogCaptureFixture
) -> None:
    message = post(small_bank)
    away = Mailer("127.0.0.1", free_port(), tls=False, sender="bank@example.az")
    assert not replies.reply(small_bank, EDITOR, message.id, "Thank you!", away)
    assert last_note(small_bank, message.id).text == "Thank you!"
    assert message.address not in caplog.text


@pytest.mark.parametrize("name", ["Eve\r\nBcc: all@example.az", "Eve\nSubject: x", "Eve\u2028X: y"])
def test_a_name_of_several_lines_is_refused(small_bank: Database, name: str) -> None:
    with pytest.raises(RecordRefused):
        post(small_bank, given={**CORRECTION, "name": name})


def test_what_is_answered_stays_in_the_body(small_bank: Database, mailbox: Mailbox) -> None:
    message = post(small_bank, given={**CORRECTION, "name": "Bcc: all@example.az"})
    text = "Bcc: all@example.az\r\n\r\n.\r\nRCPT TO:<all@example.az>"
    replies.reply(small_bank, EDITOR, message.id, text, make_mailer(mailbox.url))
    letter = mailbox.wait()[0]
    assert letter["Bcc"] is None
    assert sorted(letter.keys()).count("Subject") == 1
    assert len(mailbox.letters) == 1


def test_nothing_is_answered_where_there_is_no_address_or_nothing_to_say(
    small_bank: Database,
) -> None:
    silent = post(small_bank, given={**CORRECTION, "email": ""})
    with pytest.raises(RecordRefused):
        replies.reply(small_bank, EDITOR, silent.id, "Thank you!", None)
    message = post(small_bank)
    for text in ("  ", "x" * 5_001):
        with pytest.raises(RecordRefused):
            replies.reply(small_bank, EDITOR, message.id, text, None)
    triage.decide(small_bank, EDITOR, message.id, "close")
    replies.reply(small_bank, EDITOR, message.id, "Done.", None)
