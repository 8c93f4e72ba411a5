"""E-mails sent to a real SMTP server on this machine."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from biobank.accounts.links import account_email
from biobank.common import mail
from biobank.common.mail import OutgoingEmail, make_mailer
from biobank.errors import BadSetting, MailFailed
from tests.support.mailbox import Mailbox, mailbox
from tests.support.ports import free_port

__all__ = ["mailbox"]


def test_an_email_arrives_unchanged(mailbox: Mailbox) -> None:
    email = account_email("invitation", "nigar@example.az", "Nigar Əliyeva", "az", "https://b.az/az/x")
    make_mailer(mailbox.url).send(email)
    (arrived,) = mailbox.messages
    assert arrived["To"] == "nigar@example.az"
    assert arrived["From"] == "bank@example.az"
    assert arrived["Subject"] == email.subject
    assert arrived["Date"]
    assert arrived["Message-ID"]
    text = arrived.get_content()
    assert "Nigar Əliyeva" in text
    assert "\nhttps://b.az/az/x\n" in text.replace("\r\n", "\n")


@pytest.mark.parametrize("kind", ["invitation", "reset"])
def test_emails_are_in_the_users_language(kind: str) -> None:
    texts = {account_email(kind, "a@b.az", "A", lang, "x").text for lang in ("az", "en", "ru")}  # type: ignore[arg-type]
    assert len(texts) == 3


def test_header_injection_is_rejected(mailbox: Mailbox) -> None:
    with pytest.raises(MailFailed):
        make_mailer(mailbox.url).send(OutgoingEmail("a@b.az", "Hello\nBcc: c@d.az", "text"))
    assert mailbox.messages == []


def test_an_unreachable_or_refusing_server_is_an_error(mailbox: Mailbox) -> None:
    for url in ("smtp://127.0.0.1:1?from=a@b.az", mailbox.url.replace("smtp:", "smtps:")):
        with pytest.raises(MailFailed, match="rejected"):
            make_mailer(url).send(OutgoingEmail("a@b.az", "Hello", "text"))


@pytest.fixture
def password_server() -> Iterator[tuple[str, list[EmailMessage]]]:
    emails: list[EmailMessage] = []

    class RecordingHandler:
        async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            assert session.authenticated
            content = envelope.original_content or b""
            emails.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
            return "250 OK"

    def authenticate(*args: object) -> AuthResult:
        credentials = args[-1]
        assert isinstance(credentials, LoginPassword)
        return AuthResult(success=credentials.password == b"p@ss/w:rd")

    controller = Controller(
        RecordingHandler(),
        "127.0.0.1",
        free_port(),
        ready_timeout=60,
        auth_require_tls=False,
        authenticator=authenticate,
    )
    controller.start()
    yield f"127.0.0.1:{controller.port}", emails
    controller.stop()


def test_user_and_password_are_sent_to_the_server(
    password_server: tuple[str, list[EmailMessage]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, emails = password_server
    email = OutgoingEmail("a@b.az", "Hello", "text")
    make_mailer(f"smtp://bank%40b.az:p%40ss%2Fw%3Ard@{address}").send(email)
    assert emails[0]["From"] == "bank@b.az"
    # This server does not respond after a failed login.
    monkeypatch.setattr(mail, "SMTP_TIMEOUT_SECONDS", 2)
    with pytest.raises(MailFailed):
        make_mailer(f"smtp://bank%40b.az:wrong@{address}").send(email)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.az",
        "http://h?from=a@b.az",
        "smtp://?from=a@b.az",
        "smtp://sesame:sesame@h",
        "smtp://h:notaport?from=a@b.az",
        "smtp://h?from=a%0Ab@c.az",
    ],
)
def test_an_invalid_url_is_rejected_without_exposing_its_password(url: str) -> None:
    with pytest.raises(BadSetting, match=r"BIOBANK_SMTP_URL must be a URL such as") as exc_info:
        make_mailer(url)
    assert "sesame" not in exc_info.value.message


def test_the_text_of_a_refusing_server_is_not_repeated(mailbox: Mailbox) -> None:
    async def refuse(*args: object) -> str:
        return f"550 no mailbox {args[-2]}"

    mailbox.handle_RCPT = refuse  # type: ignore[attr-defined]
    with pytest.raises(MailFailed, match="550") as exc_info:
        make_mailer(mailbox.url).send(OutgoingEmail("nigar@example.az", "Hello", "text"))
    assert "nigar" not in exc_info.value.message
    assert exc_info.value.__suppress_context__


def test_nothing_is_sent_to_another_machine_without_tls(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "LOOPBACK_HOSTS", ())
    with pytest.raises(MailFailed, match="does not offer TLS"):
        make_mailer(mailbox.url).send(OutgoingEmail("a@b.az", "Hello", "text"))
    assert mailbox.messages == []
    make_mailer(f"{mailbox.url}&plain=allowed").send(OutgoingEmail("a@b.az", "Hello", "text"))
    assert len(mailbox.messages) == 1
