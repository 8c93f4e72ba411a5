"""E-mail by SMTP, with the standard library."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from biobank.errors import BadSetting, MailFailed

#: Timeout in seconds for each step of an SMTP session.
SMTP_TIMEOUT_SECONDS = 20
DEFAULT_SMTP_PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class OutgoingEmail:
    """A plain-text e-mail to one recipient."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class Mailer:
    """A mail server, configured by `smtp[s]://user:password@host:port?from=bank@example.az`."""

    host: str
    port: int
    tls: bool
    sender: str
    user: str = ""
    password: str = ""
    #: Whether a server without TLS may be used, such as a relay in the same private network.
    plain_allowed: bool = False

    def send(self, email: OutgoingEmail) -> None:
        """Send an e-mail.

        Raises:
            MailFailed: If the server does not accept it.
        """
        try:
            with self._connect() as server:
                server.send_message(self._message(email))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            # Not chained: the answer of the server may repeat the recipient's address.
            raise MailFailed(f"The mail server rejected the e-mail: {_describe(error)}") from None

    def _message(self, email: OutgoingEmail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = email.to
        message["Subject"] = email.subject
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = make_msgid(domain=self.sender.partition("@")[2])
        # Suppress out-of-office replies.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(email.text)
        return message

    def _connect(self) -> smtplib.SMTP:
        if self.tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=SMTP_TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SMTP_TIMEOUT_SECONDS)
        try:
            if not self.tls:
                self._start_tls(server)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _start_tls(self, server: smtplib.SMTP) -> None:
        """Start TLS; send nothing without, except to localhost: e-mails contain links that sign in.

        `plain=allowed` in the URL allows it for other machines as well.
        """
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif self.host not in LOOPBACK_HOSTS and not self.plain_allowed:
            raise NoTls("the server does not offer TLS, which is required; see BIOBANK_SMTP_URL")


def make_mailer(address: str) -> Mailer:
    """Parse the SMTP URL. It may hold a password, so the error does not repeat it.

    Raises:
        BadSetting: If `address` names no mail server.
    """
    try:
        parts = urlsplit(address)
        port = parts.port or DEFAULT_SMTP_PORTS.get(parts.scheme, 0)
    except ValueError:
        port = 0
    if not port or not parts.hostname:
        raise _invalid_smtp_url()
    user = unquote(parts.username or "")
    return Mailer(
        host=parts.hostname,
        port=port,
        tls=parts.scheme == "smtps",
        sender=_sender(parts, user),
        user=user,
        password=unquote(parts.password or ""),
        plain_allowed=parse_qs(parts.query).get("plain") == ["allowed"],
    )


class NoTls(smtplib.SMTPException):
    """The server does not offer TLS."""


def _describe(error: Exception) -> str:
    """Return why an e-mail was not sent, without the text of the server, which may hold addresses."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in error.recipients.values()})
        return f"recipient refused (code {', '.join(map(str, codes))})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"code {error.smtp_code} ({type(error).__name__})"
    if isinstance(error, OSError | NoTls):
        return str(error)
    return "the address or a header is not valid in an e-mail"


def _sender(parts: SplitResult, user: str) -> str:
    """Return the sender address: `from=` of the URL, else the user if it is an address."""
    sender = parse_qs(parts.query).get("from", [user])[0]
    name, at, host = sender.partition("@")
    if not (name and at and host and sender.isprintable()) or " " in sender:
        raise _invalid_smtp_url()
    return sender


def _invalid_smtp_url() -> BadSetting:
    return BadSetting(
        "BIOBANK_SMTP_URL must be a URL such as "
        "smtp://user:password@mail.example.az:587?from=bank@example.az, or smtps://"
    )
