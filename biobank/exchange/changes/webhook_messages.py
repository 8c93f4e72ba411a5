"""The next message of a webhook, and the state of the webhook after a delivery."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from biobank.common.clock import now
from biobank.exchange.changes.feed import changes_since
from biobank.exchange.changes.models import Webhook
from biobank.store.outbox import latest_number

#: Maximum number of changes in one message.
MAX_CHANGES_PER_MESSAGE = 100
#: Seconds from a failure to the next attempt, as Standard Webhooks advises; then it is paused.
RETRY_DELAYS_SECONDS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
STATUS_GONE = 410


@dataclass(frozen=True)
class WebhookMessage:
    """A message to one receiver, after which the webhook is at `position` of the feed.

    An empty body means that there is nothing to send: none of the due changes is public.
    """

    id: str
    body: bytes
    position: int


def next_message(session: Session, webhook: Webhook) -> WebhookMessage:
    """Return a ping if one is requested, else the next changes."""
    if webhook.ping:
        message_id = f"ping_{webhook.id}_{now():%Y%m%d%H%M%S}"
        return _make_message(message_id, "ping", {}, webhook.position)
    # After a restore of an older backup the position may lie beyond the end of the feed.
    start = min(webhook.position, latest_number(session))
    page = changes_since(session, start, MAX_CHANGES_PER_MESSAGE)
    if not page.changes:
        return WebhookMessage("", b"", page.next)
    message_id = f"changes_{webhook.id}_{start}_{page.next}"
    return _make_message(message_id, "changes", page.to_dict(), page.next)


def values_after_delivery(
    webhook: Webhook, message: WebhookMessage, status: int, outcome: str
) -> dict[str, Any]:
    """Return the new column values of the webhook after a delivery; status 0 means no response."""
    delivered_at = now()
    values: dict[str, Any] = {"told_at": delivered_at, "outcome": outcome}
    if webhook.ping:
        values["ping"] = False
    if 200 <= status < 300:
        return values | {"position": message.position, "failures": 0, "next_at": delivered_at}
    if status == STATUS_GONE:
        return values | {"paused": "gone"}
    if webhook.failures >= len(RETRY_DELAYS_SECONDS):
        return values | {"paused": "failed"}
    return values | {
        "failures": webhook.failures + 1,
        "next_at": _next_attempt(delivered_at, webhook.failures),
    }


def _make_message(message_id: str, kind: str, data: dict[str, Any], position: int) -> WebhookMessage:
    payload = {"type": kind, "timestamp": f"{now():%Y-%m-%dT%H:%M:%SZ}", "data": data}
    return WebhookMessage(message_id, json.dumps(payload, ensure_ascii=False).encode(), position)


def _next_attempt(failed_at: datetime, failures: int) -> datetime:
    return failed_at + timedelta(seconds=RETRY_DELAYS_SECONDS[failures])
