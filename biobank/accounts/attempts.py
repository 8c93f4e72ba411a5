"""Rate limits for sign-in attempts and public messages, stored in the database.

All workers and servers share the counters. An attempt is counted before it is checked and refunded
when it succeeds, so that concurrent attempts are limited as well as consecutive ones.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from biobank.accounts.clock import as_utc, now
from biobank.accounts.models import Attempts
from biobank.errors import TooManyAttempts
from biobank.store.session import Database

#: Counters expire this long after the last attempt.
FORGOTTEN = timedelta(hours=24)
#: Longest wait in seconds: guessing from a password list takes years, yet an owner who is locked
#: out by someone else's attempts waits at most 15 minutes.
LONGEST_WAIT = 900


@dataclass(frozen=True)
class Counter:
    """A rate limit: `free_attempts` cost nothing, each further one doubles the wait, from 1 s."""

    key: str
    free: int

    def wait(self, count: int) -> int:
        """Return the wait in seconds after attempt number `count`."""
        over = count - self.free
        return min(2 ** min(over, 20), LONGEST_WAIT) if over >= 0 else 0


def of_account(email: str, what: str = "sign-in") -> Counter:
    """Return the limit of attempts at one account, whether it exists or not."""
    return Counter(f"{what} account {sha256(email.encode()).hexdigest()[:32]}", free=5)


def of_address(address: str, what: str = "sign-in") -> Counter:
    """Return the limit of attempts from one IP network, at any account. An office may share one."""
    return Counter(f"{what} address {_network(address)}", free=20)


def of_sender(address: str) -> Counter:
    """Return the limit of public messages from one IP network. A school class may share one."""
    return Counter(f"message network {_network(address)}", free=10)


def forget(database: Database) -> int:
    """Delete expired counters, including their network addresses, and return how many."""
    with database.write() as session:
        old = session.scalars(select(Attempts).where(Attempts.last_at < now() - FORGOTTEN)).all()
        for row in old:
            session.delete(row)
        return len(old)


def count(database: Database, counters: Sequence[Counter]) -> None:
    """Count one attempt.

    Raises:
        TooManyAttempts: one of the limits requires a wait; the attempt is not counted.
    """
    moment = now()
    with database.write() as session:
        session.execute(delete(Attempts).where(Attempts.last_at < moment - FORGOTTEN))
        rows = [_locked(session, counter, moment) for counter in _ordered(counters)]
        # Read the clock after locking: another transaction may have counted in the meantime.
        moment = now()
        longest = max(as_utc(row.free_at) for row in rows)
        if longest > moment:
            raise TooManyAttempts(int((longest - moment).total_seconds()) + 1)
        for row, counter in zip(rows, _ordered(counters), strict=True):
            row.count += 1
            row.last_at = moment
            row.free_at = moment + timedelta(seconds=counter.wait(row.count))


def give_back(database: Database, account: Counter, address: Counter) -> None:
    """Reset the account's counter and refund one attempt to the IP address."""
    moment = now()
    with database.write() as session:
        session.execute(delete(Attempts).where(Attempts.key == account.key))
        row = _locked(session, address, moment)
        row.count = max(row.count - 1, 0)
        row.free_at = moment


def _locked(session: Session, counter: Counter, moment: datetime) -> Attempts:
    """Return the row of a limit, created if missing and locked until the transaction ends."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    fresh = {"key": counter.key, "count": 0, "last_at": moment, "free_at": moment}
    session.execute(insert(Attempts).values(fresh).on_conflict_do_nothing())
    # SQLite has locked the whole database already (BEGIN IMMEDIATE) and has no FOR UPDATE.
    query = select(Attempts).where(Attempts.key == counter.key).with_for_update()
    return session.scalars(query).one()


def _ordered(counters: Sequence[Counter]) -> list[Counter]:
    """Return the limits in a fixed order, so that two transactions cannot deadlock."""
    return sorted(counters, key=lambda counter: counter.key)


def _network(address: str) -> str:
    """Return the network of one subscriber: a single IPv4 address, or an IPv6 /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address) and not found.ipv4_mapped:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return address
