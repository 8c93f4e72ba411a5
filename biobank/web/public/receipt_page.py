"""The receipt of a message: its reference and status, without private data."""

from dataclasses import dataclass

from biobank.bootstrap import Services
from biobank.common.clock import as_utc
from biobank.editorial.inbox.queue import get_by_reference
from biobank.web.core.labels import format_day
from biobank.web.core.urls import person_url
from biobank.web.public.labels import MESSAGE_KIND_LABELS, MESSAGE_STATUS_TEXTS


@dataclass(frozen=True)
class ReceiptPage:
    reference: str
    kind: str
    day: str
    on: str
    status: str
    person_url: str


def make_receipt_page(services: Services, reference: str, lang: str) -> ReceiptPage:
    """Build the receipt of a message.

    Raises:
        NotFound: if there is no message with this reference.
    """
    message = get_by_reference(services.database, reference[:20])
    sent_at = as_utc(message.sent_at)
    return ReceiptPage(
        reference=message.reference,
        kind=str(MESSAGE_KIND_LABELS[message.kind]),
        day=format_day(sent_at, lang),
        on=f"{sent_at:%Y-%m-%d}",
        status=str(MESSAGE_STATUS_TEXTS[message.state]),
        person_url=person_url(message.person_id, lang) if message.person_id else "",
    )
