"""A real SMTP server that stores the e-mails it receives."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from time import monotonic, sleep

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.ports import free_port


@dataclass
class Mailbox:
    """The server's address as a setting, and the received e-mails."""

    url: str = ""
    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        self.messages.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def wait(self, count: int = 1) -> list[EmailMessage]:
        """Return the e-mails once there are enough; waits for up to a minute."""
        end = monotonic() + 60
        while len(self.messages) < count and monotonic() < end:
            sleep(0.02)
        return self.messages


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, "127.0.0.1", free_port(), ready_timeout=60)
    controller.start()
    box.url = f"smtp://127.0.0.1:{controller.port}?from=bank@example.az"
    yield box
    controller.stop()
