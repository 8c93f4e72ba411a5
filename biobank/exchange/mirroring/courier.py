"""Tells receivers of changes: each in the order of the feed, at least once, again where it failed.

A receiver has a place in the feed, which moves on only when it answered with a 2xx. So nothing is
lost while it is away, and whoever answers too late is told the same again, under the same id.

Each exchange has a thread of its own, and a receiver one exchange at a time: whoever is slow, or
answers for ever, holds up nobody else. The store is used by the courier's own thread alone.
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

#: Seconds between two looks at what is due, and within which it stops when told to.
EVERY, STOPS_WITHIN = 1.0, 0.25
#: Exchanges at once: as many as there may be receivers, so that none waits for a thread, even
#: where all others hang. A thread that waits for an answer takes some hundred kilobytes.
AT_ONCE = WEBHOOKS_MOST
#: How long a receiver is in one process's hand: longer than the slowest exchange.
HELD = timedelta(seconds=4 * WHOLE_MOST)
USER_AGENT = "Biobank-Webhooks/1"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Exchange:
    """A message on its way to a receiver, as that was when it was taken in hand, until `held`."""

    webhook: Webhook
    message: Message
    held: datetime


@dataclass(frozen=True)
class Answered:
    """How an exchange ended: the status, 0 where none came, and that in a word."""

    exchange: Exchange
    status: int
    outcome: str


@dataclass
class Courier:
    """Sends what is due. `bank_key` is what secrets are made of; `private` as the setting says."""

    database: Database
    bank_key: str
    private: bool = False
    send: Callable[[Target, dict[str, str], bytes], int] = post
    _under_way: dict[int, Exchange] = field(default_factory=dict, init=False)
    _answers: SimpleQueue[Answered] = field(default_factory=SimpleQueue, init=False)

    def follow(self, until: threading.Event, every: float = EVERY) -> None:
        """Sends what is due until `until` is set; a store that is away is waited for.

        What is under way then is not waited for, and sent again by whoever follows next.
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
        """Tells each receiver for whom something is due, once, and waits for all; how many."""
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
                raise  # the store is away, for all of them
            except Exception:
                log.exception("webhooks: nothing could be sent to number %s", webhook_id)

    def _due(self) -> list[int]:
        with self.database.read() as session:
            behind = or_(Webhook.ping, Webhook.position != newest_number(session))
            query = select(Webhook.id).where(Webhook.paused == "", Webhook.next_at <= now(), behind)
            found = session.scalars(query.order_by(Webhook.next_at))
            return [webhook_id for webhook_id in found if webhook_id not in self._under_way]

    def _start(self, webhook_id: int) -> None:
        """Sends the next message on its way, where there is one and nobody else has it in hand."""
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
        # A daemon: an exchange that is under way when the bank stops is made again after it.
        threading.Thread(target=self._carry, args=(exchange,), daemon=True).start()

    def _take(self, webhook_id: int) -> datetime | None:
        """Until when it is in our hand, and in nobody else's; none where somebody has it."""
        moment = now()
        held = moment + HELD
        free = or_(Webhook.held_until.is_(None), Webhook.held_until < moment)
        taking = update(Webhook).where(and_(Webhook.id == webhook_id, free, Webhook.paused == ""))
        with self.database.write() as session:
            result = session.execute(taking.values(held_until=held))
            assert isinstance(result, CursorResult)
            return held if result.rowcount == 1 else None

    def _carry(self, exchange: Exchange) -> None:
        """The exchange itself, in a thread of its own; says in any case how it ended."""
        try:
            status, outcome = self._exchange(exchange.webhook, exchange.message)
        except Exception:
            log.exception("webhooks: sending to number %s broke off", exchange.webhook.id)
            status, outcome = 0, "broken"
        self._answers.put(Answered(exchange, status, outcome))

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

    def _next_answer(self, wait: float) -> Answered | None:
        try:
            return self._answers.get(timeout=wait)
        except Empty:
            return None

    def _settle(self, told: Answered) -> None:
        """Writes down what came of an exchange."""
        exchange = told.exchange
        # First of all: where the store is away, the receiver is told again when it is no more held.
        del self._under_way[exchange.webhook.id]
        known = after(exchange.webhook, exchange.message, told.status, told.outcome)
        self._write(exchange, known)

    def _write(self, exchange: Exchange, values: dict[str, Any]) -> None:
        """Writes that of the receiver and lets go, unless it is in somebody else's hand by now."""
        ours = and_(Webhook.id == exchange.webhook.id, Webhook.held_until == exchange.held)
        with self.database.write() as session:
            session.execute(update(Webhook).where(ours).values(held_until=None, **values))

    def _let_go(self) -> None:
        """Leaves all that is under way to whoever follows next."""
        try:
            while (answered := self._next_answer(0)) is not None:
                self._settle(answered)
            for exchange in self._under_way.values():
                self._write(exchange, {})
        except BiobankError as error:
            log.warning("webhooks: %s", error.message)
