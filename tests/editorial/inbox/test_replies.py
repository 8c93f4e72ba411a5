"""Replies go to the sender only, and the sender's data cannot manipulate the e-mail."""

import pytest

from biobank.common.mail import Mailer, make_mailer
from biobank.editorial.inbox import triage
from biobank.editorial.inbox.queue import get_message_detail
from biobank.editorial.models import MessageNote
from biobank.errors import RecordRefused
from biobank.store.session import Database
from tests.editorial.inbox.helpers import CORRECTION, EDITOR, submit
from tests.support.mailbox import Mailbox, mailbox
from tests.support.ports import free_port

__all__ = ["mailbox"]


def last_note(database: Database, message_id: int) -> MessageNote:
    return get_message_detail(database, EDITOR, message_id)[1][-1]


def test_reply_is_sent_by_email(bank: Database, mailbox: Mailbox) -> None:
    message = submit(bank)
    assert triage.reply(bank, EDITOR, message.id, "Thank you!", make_mailer(mailbox.url))
    email = mailbox.wait()[0]
    assert email["To"] == "reader@example.az"
    assert message.reference in email["Subject"]
    text = email.get_content()
    assert "Attentive Reader" in text
    assert "Thank you!" in text
    note = last_note(bank, message.id)
    assert (note.kind, note.text, note.mailed) == ("replied", "Thank you!", True)


def test_reply_without_mailer_is_stored_for_manual_sending(small_bank: Database) -> None:
    message = submit(small_bank)
    assert not triage.reply(small_bank, EDITOR, message.id, "Thank you!", None)
    assert not last_note(small_bank, message.id).mailed


def test_mail_failure_keeps_reply_and_logs_nothing(
    small_bank: Database, caplog: pytest.LogCaptureFixture
) -> None:
    message = submit(small_bank)
    unreachable = Mailer("127.0.0.1", free_port(), tls=False, sender="bank@example.az")
    assert not triage.reply(small_bank, EDITOR, message.id, "Thank you!", unreachable)
    assert last_note(small_bank, message.id).text == "Thank you!"
    assert message.address not in caplog.text


@pytest.mark.parametrize("name", ["Eve\r\nBcc: all@example.az", "Eve\nSubject: x", "Eve\u2028X: y"])
def test_multiline_name_is_refused(small_bank: Database, name: str) -> None:
    with pytest.raises(RecordRefused):
        submit(small_bank, values={**CORRECTION, "name": name})


def test_reply_text_cannot_add_headers(small_bank: Database, mailbox: Mailbox) -> None:
    message = submit(small_bank, values={**CORRECTION, "name": "Bcc: all@example.az"})
    text = "Bcc: all@example.az\r\n\r\n.\r\nRCPT TO:<all@example.az>"
    triage.reply(small_bank, EDITOR, message.id, text, make_mailer(mailbox.url))
    email = mailbox.wait()[0]
    assert email["Bcc"] is None
    assert sorted(email.keys()).count("Subject") == 1
    assert len(mailbox.messages) == 1


def test_reply_requires_address_and_text(small_bank: Database) -> None:
    silent = submit(small_bank, values={**CORRECTION, "email": ""})
    with pytest.raises(RecordRefused):
        triage.reply(small_bank, EDITOR, silent.id, "Thank you!", None)
    message = submit(small_bank)
    for text in ("  ", "x" * 5_001):
        with pytest.raises(RecordRefused):
            triage.reply(small_bank, EDITOR, message.id, text, None)
    triage.decide(small_bank, EDITOR, message.id, "close")
    triage.reply(small_bank, EDITOR, message.id, "Done.", None)
