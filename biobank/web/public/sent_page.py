"""The receipt of a message: its reference and status, without private data."""

from dataclasses import dataclass

from biobank.accounts.clock import as_utc
from biobank.bootstrap import Services
from biobank.editorial.inbox.queue import by_reference
from biobank.web.links import person_url
from biobank.web.public.words import KINDS, STANDS
from biobank.web.words import day_words


@dataclass(frozen=True)
class SentPage:
    reference: str
    kind: str
    day: str
    on: str
    stands: str
    person_url: str


def make_sent_page(services: Services, reference: str, lang: str) -> SentPage:
    """Build the receipt of a message.

    Raises:
        NotFound: if there is no message with this reference.
    """
    message = by_reference(services.database, reference[:20])
    sent_at = as_utc(message.sent_at)
    return SentPage(
        reference=message.reference,
        kind=str(KINDS[message.kind]),
        day=day_words(sent_at, lang),
        on=f"{sent_at:%Y-%m-%d}",
        stands=str(STANDS[message.state]),
        person_url=person_url(message.person_id, lang) if message.person_id else "",
    )
