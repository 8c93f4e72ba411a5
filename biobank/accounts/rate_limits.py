"""Rate limits for sign-in attempts and public messages, stored in the database.

All workers and servers share the counters. An attempt is counted before it is checked and refunded
when it succeeds, so that concurrent attempts are limited as well as consecutive ones.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from biobank.accounts.models import AttemptCounter
from biobank.common.clock import as_utc, now
from biobank.common.concurrency import limit_attempts
from biobank.common.networks import client_network
from biobank.errors import TooManyAttempts
from biobank.store.session import Database

#: Counters expire this long after the last attempt.
WINDOW = timedelta(hours=24)
#: Longest wait in seconds: guessing from a password list takes years, yet an owner who is locked
#: out by someone else's attempts waits at most 15 minutes.
MAX_WAIT_SECONDS = 900
#: Clocks of several servers may differ by this much. A counter that is further in the future was
#: written before the clock was set back, and does not block.
CLOCK_TOLERANCE = timedelta(minutes=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RateLimit:
    """A rate limit: `free_attempts` cost nothing, each further one doubles the wait, from 1 s."""

    key: str
    free_attempts: int

    def wait_seconds(self, count: int) -> int:
        """Return the wait in seconds after attempt number `count`."""
        excess = count - self.free_attempts
        return min(2 ** min(excess, 20), MAX_WAIT_SECONDS) if excess >= 0 else 0


def account_limit(email: str, purpose: str = "sign-in") -> RateLimit:
    """Return the limit of attempts at one account, whether it exists or not."""
    return RateLimit(f"{purpose} account {sha256(email.encode()).hexdigest()[:32]}", free_attempts=5)


def ip_limit(ip_address: str, purpose: str = "sign-in") -> RateLimit:
    """Return the limit of attempts from one IP network, at any account. An office may share one."""
    return RateLimit(f"{purpose} address {client_network(ip_address)}", free_attempts=20)


def sender_limit(ip_address: str) -> RateLimit:
    """Return the limit of public messages from one IP network. A school class may share one."""
    return RateLimit(f"message network {client_network(ip_address)}", free_attempts=10)


def purge_expired(database: Database) -> int:
    """Delete expired counters, including their network addresses, and return how many."""
    with database.write() as session:
        expired = session.scalars(select(AttemptCounter).where(AttemptCounter.last_at < now() - WINDOW)).all()
        for row in expired:
            session.delete(row)
        return len(expired)


def count_attempt(database: Database, limits: Sequence[RateLimit]) -> None:
    """Count one attempt.

    Raises:
        TooManyAttempts: one of the limits requires a wait; the attempt is not counted.
        Busy: too many attempts are in progress in this process.
    """
    limit_attempts()
    current_time = now()
    with database.write() as session:
        session.execute(delete(AttemptCounter).where(AttemptCounter.last_at < current_time - WINDOW))
        rows = [_lock_row(session, limit, current_time) for limit in _sorted_limits(limits)]
        # Read the clock after locking: another transaction may have counted in the meantime.
        current_time = now()
        blocked_until = max(_blocked_until(row, current_time) for row in rows)
        if blocked_until > current_time:
            purpose = " and ".join(sorted({limit.key.split()[0] for limit in limits}))
            log.warning("refused", extra={"code": TooManyAttempts.code, "attempts": purpose})
            raise TooManyAttempts(int((blocked_until - current_time).total_seconds()) + 1)
        for row, limit in zip(rows, _sorted_limits(limits), strict=True):
            row.count += 1
            row.last_at = current_time
            row.free_at = current_time + timedelta(seconds=limit.wait_seconds(row.count))


def record_success(database: Database, per_account: RateLimit, per_ip: RateLimit) -> None:
    """Reset the account's counter and refund one attempt to the IP address."""
    current_time = now()
    with database.write() as session:
        session.execute(delete(AttemptCounter).where(AttemptCounter.key == per_account.key))
        row = _lock_row(session, per_ip, current_time)
        row.count = max(row.count - 1, 0)
        row.last_at = row.free_at = current_time


def _blocked_until(row: AttemptCounter, current_time: datetime) -> datetime:
    """Return the time of the next allowed attempt; the current time if the clock was set back."""
    if as_utc(row.last_at) > current_time + CLOCK_TOLERANCE:
        return current_time
    return as_utc(row.free_at)


def _lock_row(session: Session, limit: RateLimit, timestamp: datetime) -> AttemptCounter:
    """Return the row of a limit, created if missing and locked until the transaction ends."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    initial_values = {"key": limit.key, "count": 0, "last_at": timestamp, "free_at": timestamp}
    session.execute(insert(AttemptCounter).values(initial_values).on_conflict_do_nothing())
    # SQLite has locked the whole database already (BEGIN IMMEDIATE) and has no FOR UPDATE.
    query = select(AttemptCounter).where(AttemptCounter.key == limit.key).with_for_update()
    return session.scalars(query).one()


def _sorted_limits(limits: Sequence[RateLimit]) -> list[RateLimit]:
    """Return the limits in a fixed order, so that two transactions cannot deadlock."""
    return sorted(limits, key=lambda limit: limit.key)
