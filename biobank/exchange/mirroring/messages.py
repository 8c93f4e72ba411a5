"""The next message of a webhook, and the state of the webhook after a delivery."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from biobank.accounts.clock import now
from biobank.exchange.mirroring.feed import changes_since
from biobank.exchange.mirroring.models import Webhook
from biobank.store.outbox import newest_number

#: Maximum number of changes in one message.
CHANGES_MOST = 100
#: Seconds from a failure to the next attempt, as Standard Webhooks advises; then it is paused.
RETRIES = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
GONE = 410


@dataclass(frozen=True)
class Message:
    """A message to one receiver, after which the webhook is at `position` of the feed.

    An empty body means that there is nothing to send: none of the due changes is public.
    """

    id: str
    body: bytes
    position: int


def next_message(session: Session, webhook: Webhook) -> Message:
    """Return a ping if one is requested, else the next changes."""
    if webhook.ping:
        name = f"ping_{webhook.id}_{now():%Y%m%d%H%M%S}"
        return _written(name, "ping", {}, webhook.position)
    # After a restore of an older backup the position may lie beyond the end of the feed.
    start = min(webhook.position, newest_number(session))
    step = changes_since(session, start, CHANGES_MOST)
    if not step.changes:
        return Message("", b"", step.next)
    name = f"changes_{webhook.id}_{start}_{step.next}"
    return _written(name, "changes", step.as_dict(), step.next)


def after(webhook: Webhook, message: Message, status: int, outcome: str) -> dict[str, Any]:
    """Return the new column values of the webhook after a delivery; status 0 means no response."""
    moment = now()
    told: dict[str, Any] = {"told_at": moment, "outcome": outcome}
    if webhook.ping:
        told["ping"] = False
    if 200 <= status < 300:
        return told | {"position": message.position, "failures": 0, "next_at": moment}
    if status == GONE:
        return told | {"paused": "gone"}
    if webhook.failures >= len(RETRIES):
        return told | {"paused": "failed"}
    return told | {"failures": webhook.failures + 1, "next_at": _next(moment, webhook.failures)}


def _written(message_id: str, kind: str, data: dict[str, Any], position: int) -> Message:
    told = {"type": kind, "timestamp": f"{now():%Y-%m-%dT%H:%M:%SZ}", "data": data}
    return Message(message_id, json.dumps(told, ensure_ascii=False).encode(), position)


def _next(moment: datetime, failures: int) -> datetime:
    return moment + timedelta(seconds=RETRIES[failures])
