"""Tells receivers of changes: each in the order of the feed, at least once, again where it failed.

A receiver has a place in the feed, which moves on only when it answered with a 2xx. So nothing is
lost while it is away, and whoever answers too late is told the same again, under the same id.
"""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from biobank.accounts.clock import now
from biobank.errors import BadAddress, BiobankError
from biobank.exchange.mirroring.addresses import Target, target_of
from biobank.exchange.mirroring.feed import changes_since
from biobank.exchange.mirroring.models import Webhook
from biobank.exchange.mirroring.posting import WHOLE_MOST, NotTold, post
from biobank.exchange.mirroring.signing import secret_of, signed
from biobank.store.outbox import newest_number
from biobank.store.session import Database

#: Seconds between two looks, and the changes in one message.
EVERY = 1.0
CHANGES_MOST = 100
#: Seconds from a failure to the next attempt, as Standard Webhooks advises; then it is paused.
RETRIES = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
#: How long a receiver is in one process's hand: longer than the slowest exchange.
HELD = timedelta(seconds=4 * WHOLE_MOST)
GONE = 410
USER_AGENT = "Biobank-Webhooks/1"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Message:
    """What one receiver is sent next; after it the receiver is at `position` of the feed."""

    id: str
    body: bytes
    position: int


@dataclass
class Courier:
    """Sends what is due. `bank_key` is what secrets are made of; `private` as the setting says."""

    database: Database
    bank_key: str
    private: bool = False
    send: Callable[[Target, dict[str, str], bytes], int] = post

    def follow(self, until: threading.Event, every: float = EVERY) -> None:
        """Looks for what is due until `until` is set; a store that is away is waited for."""
        while not until.wait(every):
            try:
                self.round()
            except BiobankError as error:
                log.warning("webhooks: %s", error.message)
            except Exception:
                # Whatever one receiver brings about, the others are told in the next round.
                log.exception("webhooks: a round broke off")

    def round(self) -> int:
        """Tells each receiver for whom something is due, once; how many."""
        told = 0
        for webhook_id in self._due():
            if self._take(webhook_id):
                told += self._tell(webhook_id)
        return told

    def _due(self) -> list[int]:
        with self.database.read() as session:
            behind = or_(Webhook.ping, Webhook.position != newest_number(session))
            query = select(Webhook.id).where(Webhook.paused == "", Webhook.next_at <= now(), behind)
            return list(session.scalars(query.order_by(Webhook.next_at)))

    def _take(self, webhook_id: int) -> bool:
        """Whether it is in our hand now, and in nobody else's."""
        moment = now()
        free = or_(Webhook.held_until.is_(None), Webhook.held_until < moment)
        taking = update(Webhook).where(and_(Webhook.id == webhook_id, free, Webhook.paused == ""))
        with self.database.write() as session:
            result = session.execute(taking.values(held_until=moment + HELD))
            assert isinstance(result, CursorResult)
            return result.rowcount == 1

    def _tell(self, webhook_id: int) -> bool:
        """Sends the next message, where there is one, and writes down what came of it."""
        with self.database.read() as session:
            webhook = session.get(Webhook, webhook_id)
            if webhook is None:
                return False
            message = _ping(webhook) if webhook.ping else _changes(session, webhook)
        if message.body:
            self._settle(webhook, _after(webhook, message, *self._exchange(webhook, message)))
        else:
            self._settle(webhook, {"position": message.position})
        return bool(message.body)

    def _exchange(self, webhook: Webhook, message: Message) -> tuple[int, str]:
        """The status, 0 where none came; and that as text, or the code of what went wrong."""
        secret = secret_of(self.bank_key, webhook.salt)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            **signed(secret, message.id, now(), message.body),
        }
        try:
            target = target_of(webhook.address, private=self.private)
            status = self.send(target, headers, message.body)
        except BadAddress as error:
            return 0, error.code
        except NotTold as error:
            return 0, str(error)
        return status, str(status)

    def _settle(self, webhook: Webhook, values: dict[str, Any]) -> None:
        """Writes down what came of it, and lets go."""
        with self.database.write() as session:
            this = update(Webhook).where(Webhook.id == webhook.id)
            session.execute(this.values(held_until=None, **values))


def _changes(session: Session, webhook: Webhook) -> Message:
    """The next changes; without a body where none of those that are due is anybody's business."""
    # After an older copy of the store was put back, there is nothing to be told of.
    start = min(webhook.position, newest_number(session))
    step = changes_since(session, start, CHANGES_MOST)
    if not step.changes:
        return Message("", b"", step.next)
    name = f"changes_{webhook.id}_{start}_{step.next}"
    return _written(name, "changes", step.as_dict(), step.next)


def _ping(webhook: Webhook) -> Message:
    name = f"ping_{webhook.id}_{now():%Y%m%d%H%M%S}"
    return _written(name, "ping", {}, webhook.position)


def _written(message_id: str, kind: str, data: dict[str, Any], position: int) -> Message:
    told = {"type": kind, "timestamp": f"{now():%Y-%m-%dT%H:%M:%SZ}", "data": data}
    return Message(message_id, json.dumps(told, ensure_ascii=False).encode(), position)


def _after(webhook: Webhook, message: Message, status: int, outcome: str) -> dict[str, Any]:
    """What is known of the receiver after an exchange."""
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


def _next(moment: datetime, failures: int) -> datetime:
    return moment + timedelta(seconds=RETRIES[failures])
