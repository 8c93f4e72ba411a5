"""Delivery of changes to webhooks: in feed order, at least once, with retries.

A webhook has a position in the feed that advances only after a 2xx response. Nothing is lost while
a receiver is unavailable, and one that responds too late gets the same message again under the same
id.

Each delivery has its own thread, and a webhook has one delivery at a time, so a slow receiver
delays no other. Only the dispatcher's own thread uses the store.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from biobank.common.clock import now
from biobank.errors import BadAddress, BiobankError
from biobank.exchange.changes.feed import changes_since
from biobank.exchange.changes.http_client import (
    TOTAL_TIMEOUT_SECONDS,
    DeliveryFailed,
    WebhookTarget,
    derive_secret,
    post,
    resolve_target,
    signature_headers,
)
from biobank.exchange.changes.models import Webhook
from biobank.exchange.changes.webhooks import MAX_WEBHOOKS
from biobank.store.outbox import latest_number
from biobank.store.session import Database

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


#: Seconds between polls for due webhooks, and the maximum delay of a stop.
WEBHOOK_POLL_SECONDS, STOP_POLL_SECONDS = 1.0, 0.25
#: Concurrent deliveries: one per possible webhook, so that none waits for a thread even if all
#: others hang. A thread waiting for a response takes a few hundred kilobytes.
MAX_CONCURRENT_DELIVERIES = MAX_WEBHOOKS
#: How long a process locks a webhook: longer than the slowest delivery.
LOCK_DURATION = timedelta(seconds=4 * TOTAL_TIMEOUT_SECONDS)
USER_AGENT = "Biobank-Webhooks/1"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivery:
    """A message being sent to a webhook, as it was when it was locked until `locked_until`."""

    webhook: Webhook
    message: WebhookMessage
    locked_until: datetime


@dataclass(frozen=True)
class DeliveryResult:
    """The result of a delivery: HTTP status, 0 if there was no response, and an outcome code."""

    delivery: Delivery
    status: int
    outcome: str


@dataclass
class WebhookDispatcher:
    """Sends due messages.

    `bank_key` is the key that secrets are derived from.
    """

    database: Database
    bank_key: str
    allow_private: bool = False
    send: Callable[[WebhookTarget, dict[str, str], bytes], int] = post
    _in_progress: dict[int, Delivery] = field(default_factory=dict, init=False)
    _results: SimpleQueue[DeliveryResult] = field(default_factory=SimpleQueue, init=False)

    def run(self, stop_event: threading.Event, poll_seconds: float = WEBHOOK_POLL_SECONDS) -> None:
        """Send due messages until `stop_event` is set, also through outages of the store.

        Deliveries still in progress then are abandoned, and the next dispatcher repeats them.
        """
        next_poll = 0.0
        while not stop_event.is_set():
            result = self._next_result(STOP_POLL_SECONDS)
            try:
                if result is not None:
                    self._record_result(result)
                if result is not None or time.monotonic() >= next_poll:
                    next_poll = time.monotonic() + poll_seconds
                    self._start_due()
            except BiobankError as error:
                log.warning("webhooks: %s", error.message)
            except Exception:
                log.exception("webhooks: a round broke off")
        self._release_all()

    def round(self) -> int:
        """Send one message to every due webhook and wait for all; return their number."""
        self._start_due()
        count = len(self._in_progress)
        while self._in_progress:
            self._record_result(self._results.get())
        return count

    def _start_due(self) -> None:
        for webhook_id in self._due_ids():
            if len(self._in_progress) >= MAX_CONCURRENT_DELIVERIES:
                return
            try:
                self._start_delivery(webhook_id)
            except BiobankError:
                raise  # The store is unavailable, so all other webhooks would fail too.
            except Exception:
                log.exception("webhooks: nothing could be sent to number %s", webhook_id)

    def _due_ids(self) -> list[int]:
        with self.database.read() as session:
            behind = or_(Webhook.ping, Webhook.position != latest_number(session))
            query = select(Webhook.id).where(Webhook.paused == "", Webhook.next_at <= now(), behind)
            webhook_ids = session.scalars(query.order_by(Webhook.next_at))
            return [webhook_id for webhook_id in webhook_ids if webhook_id not in self._in_progress]

    def _start_delivery(self, webhook_id: int) -> None:
        """Start the next delivery, if there is a message and no other process holds the lock."""
        locked_until = self._lock(webhook_id)
        if locked_until is None:
            return
        with self.database.read() as session:
            webhook = session.get(Webhook, webhook_id)
            if webhook is None:
                return
            delivery = Delivery(webhook, next_message(session, webhook), locked_until)
        if not delivery.message.body:
            self._update_webhook(delivery, {"position": delivery.message.position})
            return
        self._in_progress[webhook_id] = delivery
        # A daemon thread: a delivery interrupted by a shutdown is repeated after the restart.
        threading.Thread(target=self._run_delivery, args=(delivery,), daemon=True).start()

    def _lock(self, webhook_id: int) -> datetime | None:
        """Lock a webhook; return the end of the lock, or None if another process holds it."""
        current_time = now()
        locked_until = current_time + LOCK_DURATION
        unlocked = or_(Webhook.held_until.is_(None), Webhook.held_until < current_time)
        statement = update(Webhook).where(and_(Webhook.id == webhook_id, unlocked, Webhook.paused == ""))
        with self.database.write() as session:
            result = session.execute(statement.values(held_until=locked_until))
            assert isinstance(result, CursorResult)
            return locked_until if result.rowcount == 1 else None

    def _run_delivery(self, delivery: Delivery) -> None:
        """Run a delivery in its own thread and always report its result."""
        try:
            status, outcome = self._deliver(delivery.webhook, delivery.message)
        except Exception:
            log.exception("webhooks: sending to number %s broke off", delivery.webhook.id)
            status, outcome = 0, "broken"
        self._results.put(DeliveryResult(delivery, status, outcome))

    def _deliver(self, webhook: Webhook, message: WebhookMessage) -> tuple[int, str]:
        """Send a message; return the status, 0 if there was no response, and the outcome code."""
        secret = derive_secret(self.bank_key, webhook.salt)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            **signature_headers(secret, message.id, now(), message.body),
        }
        try:
            target = resolve_target(webhook.address, allow_private=self.allow_private)
            status = self.send(target, headers, message.body)
        except BadAddress as error:
            return 0, error.code
        except DeliveryFailed as error:
            return 0, str(error)
        return status, str(status)

    def _next_result(self, timeout: float) -> DeliveryResult | None:
        try:
            return self._results.get(timeout=timeout)
        except Empty:
            return None

    def _record_result(self, result: DeliveryResult) -> None:
        delivery = result.delivery
        # First, so that if the store is unavailable, the message is sent again once the lock
        # expires.
        del self._in_progress[delivery.webhook.id]
        values = values_after_delivery(delivery.webhook, delivery.message, result.status, result.outcome)
        self._update_webhook(delivery, values)

    def _update_webhook(self, delivery: Delivery, values: dict[str, Any]) -> None:
        """Update the webhook and release its lock, unless another process has locked it since."""
        still_locked = and_(Webhook.id == delivery.webhook.id, Webhook.held_until == delivery.locked_until)
        with self.database.write() as session:
            session.execute(update(Webhook).where(still_locked).values(held_until=None, **values))

    def _release_all(self) -> None:
        """Release everything in progress to the next dispatcher."""
        try:
            while (result := self._next_result(0)) is not None:
                self._record_result(result)
            for delivery in self._in_progress.values():
                self._update_webhook(delivery, {})
        except BiobankError as error:
            log.warning("webhooks: %s", error.message)
