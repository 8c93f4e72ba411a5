"""E-mails sent to a real SMTP server on this machine."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from biobank import mail
from biobank.accounts.letters import letter
from biobank.errors import BadSetting, MailFailed
from biobank.mail import Letter, make_mailer
from tests.support.mailbox import Mailbox, mailbox
from tests.support.ports import free_port

__all__ = ["mailbox"]


def test_a_letter_arrives_as_it_was_written(mailbox: Mailbox) -> None:
    sent = letter("invitation", "nigar@example.az", "Nigar Əliyeva", "az", "https://b.az/az/x")
    make_mailer(mailbox.url).send(sent)
    (arrived,) = mailbox.letters
    assert arrived["To"] == "nigar@example.az"
    assert arrived["From"] == "bank@example.az"
    assert arrived["Subject"] == sent.subject
    assert arrived["Date"]
    assert arrived["Message-ID"]
    text = arrived.get_content()
    assert "Nigar Əliyeva" in text
    assert "\nhttps://b.az/az/x\n" in text.replace("\r\n", "\n")


@pytest.mark.parametrize("kind", ["invitation", "reset"])
def test_letters_are_written_in_the_users_language(kind: str) -> None:
    texts = {letter(kind, "a@b.az", "A", lang, "x").text for lang in ("az", "en", "ru")}  # type: ignore[arg-type]
    assert len(texts) == 3


def test_nothing_is_slipped_into_the_head_of_a_letter(mailbox: Mailbox) -> None:
    with pytest.raises(MailFailed):
        make_mailer(mailbox.url).send(Letter("a@b.az", "Hello\nBcc: c@d.az", "text"))
    assert mailbox.letters == []


def test_a_server_that_is_away_or_refuses_is_told(mailbox: Mailbox) -> None:
    for url in ("smtp://127.0.0.1:1?from=a@b.az", mailbox.url.replace("smtp:", "smtps:")):
        with pytest.raises(MailFailed, match="did not take"):
            make_mailer(url).send(Letter("a@b.az", "Hello", "text"))


@pytest.fixture
def with_password() -> Iterator[tuple[str, list[EmailMessage]]]:
    letters: list[EmailMessage] = []

    class Keep:
        async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            assert session.authenticated
            content = envelope.original_content or b""
            letters.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
            return "250 OK"

    def check(*args: object) -> AuthResult:
        given = args[-1]
        assert isinstance(given, LoginPassword)
        return AuthResult(success=given.password == b"p@ss/w:rd")

    controller = Controller(
        Keep(),
        "127.0.0.1",
        free_port(),
        ready_timeout=60,
        auth_require_tls=False,
        authenticator=check,
    )
    controller.start()
    yield f"127.0.0.1:{controller.port}", letters
    controller.stop()


def test_user_and_password_are_shown_to_the_server(
    with_password: tuple[str, list[EmailMessage]], monkeypatch: pytest.MonkeyPatch
) -> None:
    where, letters = with_password
    written = Letter("a@b.az", "Hello", "text")
    make_mailer(f"smtp://bank%40b.az:p%40ss%2Fw%3Ard@{where}").send(written)
    assert letters[0]["From"] == "bank@b.az"
    # This server does not respond after a failed login.
    monkeypatch.setattr(mail, "PATIENCE", 2)
    with pytest.raises(MailFailed):
        make_mailer(f"smtp://bank%40b.az:wrong@{where}").send(written)


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
def test_a_bad_address_is_refused_and_its_password_not_repeated(url: str) -> None:
    with pytest.raises(BadSetting, match=r"BIOBANK_SMTP_URL takes an address like") as caught:
        make_mailer(url)
    assert "sesame" not in caught.value.message
