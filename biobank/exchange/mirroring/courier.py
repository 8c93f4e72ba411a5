"""Delivery of changes to webhooks: in feed order, at least once, with retries.

A webhook has a position in the feed that advances only after a 2xx response. Nothing is lost while
a receiver is unavailable, and one that responds too late gets the same message again under the same
id.

Each delivery has its own thread, and a webhook has one delivery at a time, so a slow receiver
delays no other. Only the dispatcher's own thread uses the store.
"""

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

from biobank.accounts.clock import now
from biobank.errors import BadAddress, BiobankError
from biobank.exchange.mirroring.addresses import Target, target_of
from biobank.exchange.mirroring.messages import Message, after, next_message
from biobank.exchange.mirroring.models import Webhook
from biobank.exchange.mirroring.posting import WHOLE_MOST, NotTold, post
from biobank.exchange.mirroring.signing import secret_of, signed
from biobank.exchange.mirroring.webhooks import WEBHOOKS_MOST
from biobank.store.outbox import newest_number
from biobank.store.session import Database

#: Seconds between polls for due webhooks, and the maximum delay of a stop.
EVERY, STOPS_WITHIN = 1.0, 0.25
#: Concurrent deliveries: one per possible webhook, so that none waits for a thread even if all
#: others hang. A thread waiting for a response takes a few hundred kilobytes.
AT_ONCE = WEBHOOKS_MOST
#: How long a process locks a webhook: longer than the slowest delivery.
HELD = timedelta(seconds=4 * WHOLE_MOST)
USER_AGENT = "Biobank-Webhooks/1"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Exchange:
    """A message being sent to a webhook, as it was when it was locked until `locked_until`."""

    webhook: Webhook
    message: Message
    held: datetime


@dataclass(frozen=True)
class Answered:
    """The result of a delivery: HTTP status, 0 if there was no response, and an outcome code."""

    exchange: Exchange
    status: int
    outcome: str


@dataclass
class Courier:
    """Sends due messages.

    `bank_key` is the key that secrets are derived from.
    """

    database: Database
    bank_key: str
    private: bool = False
    send: Callable[[Target, dict[str, str], bytes], int] = post
    _under_way: dict[int, Exchange] = field(default_factory=dict, init=False)
    _answers: SimpleQueue[Answered] = field(default_factory=SimpleQueue, init=False)

    def follow(self, until: threading.Event, every: float = EVERY) -> None:
        """Send due messages until `stop_event` is set, also through outages of the store.

        Deliveries still in progress then are abandoned, and the next dispatcher repeats them.
        """
        look_at = 0.0
        while not until.is_set():
            answered = self._next_answer(STOPS_WITHIN)
            try:
                if answered is not None:
                    self._settle(answered)
                if answered is not None or time.monotonic() >= look_at:
                    look_at = time.monotonic() + every
                    self._send_due()
            except BiobankError as error:
                log.warning("webhooks: %s", error.message)
            except Exception:
                log.exception("webhooks: a round broke off")
        self._let_go()

    def round(self) -> int:
        """Send one message to every due webhook and wait for all; return their number."""
        self._send_due()
        told = len(self._under_way)
        while self._under_way:
            self._settle(self._answers.get())
        return told

    def _send_due(self) -> None:
        for webhook_id in self._due():
            if len(self._under_way) >= AT_ONCE:
                return
            try:
                self._start(webhook_id)
            except BiobankError:
                raise  # The store is unavailable, so all other webhooks would fail too.
            except Exception:
                log.exception("webhooks: nothing could be sent to number %s", webhook_id)

    def _due(self) -> list[int]:
        with self.database.read() as session:
            behind = or_(Webhook.ping, Webhook.position != newest_number(session))
            query = select(Webhook.id).where(Webhook.paused == "", Webhook.next_at <= now(), behind)
            found = session.scalars(query.order_by(Webhook.next_at))
            return [webhook_id for webhook_id in found if webhook_id not in self._under_way]

    def _start(self, webhook_id: int) -> None:
        """Start the next delivery, if there is a message and no other process holds the lock."""
        held = self._take(webhook_id)
        if held is None:
            return
        with self.database.read() as session:
            webhook = session.get(Webhook, webhook_id)
            if webhook is None:
                return
            exchange = Exchange(webhook, next_message(session, webhook), held)
        if not exchange.message.body:
            self._write(exchange, {"position": exchange.message.position})
            return
        self._under_way[webhook_id] = exchange
        # A daemon thread: a delivery interrupted by a shutdown is repeated after the restart.
        threading.Thread(target=self._carry, args=(exchange,), daemon=True).start()

    def _take(self, webhook_id: int) -> datetime | None:
        """Lock a webhook; return the end of the lock, or None if another process holds it."""
        moment = now()
        held = moment + HELD
        free = or_(Webhook.held_until.is_(None), Webhook.held_until < moment)
        taking = update(Webhook).where(and_(Webhook.id == webhook_id, free, Webhook.paused == ""))
        with self.database.write() as session:
            result = session.execute(taking.values(held_until=held))
            assert isinstance(result, CursorResult)
            return held if result.rowcount == 1 else None

    def _carry(self, exchange: Exchange) -> None:
        """Run a delivery in its own thread and always report its result."""
        try:
            status, outcome = self._exchange(exchange.webhook, exchange.message)
        except Exception:
            log.exception("webhooks: sending to number %s broke off", exchange.webhook.id)
            status, outcome = 0, "broken"
        self._answers.put(Answered(exchange, status, outcome))

    def _exchange(self, webhook: Webhook, message: Message) -> tuple[int, str]:
        """Send a message; return the status, 0 if there was no response, and the outcome code."""
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

    def _next_answer(self, wait: float) -> Answered | None:
        try:
            return self._answers.get(timeout=wait)
        except Empty:
            return None

    def _settle(self, told: Answered) -> None:
        """Record the result of a delivery."""
        exchange = told.exchange
        # First, so that if the store is unavailable, the message is sent again once the lock
        # expires.
        del self._under_way[exchange.webhook.id]
        known = after(exchange.webhook, exchange.message, told.status, told.outcome)
        self._write(exchange, known)

    def _write(self, exchange: Exchange, values: dict[str, Any]) -> None:
        """Update the webhook and release its lock, unless another process has locked it since."""
        ours = and_(Webhook.id == exchange.webhook.id, Webhook.held_until == exchange.held)
        with self.database.write() as session:
            session.execute(update(Webhook).where(ours).values(held_until=None, **values))

    def _let_go(self) -> None:
        """Release everything in progress to the next dispatcher."""
        try:
            while (answered := self._next_answer(0)) is not None:
                self._settle(answered)
            for exchange in self._under_way.values():
                self._write(exchange, {})
        except BiobankError as error:
            log.warning("webhooks: %s", error.message)
