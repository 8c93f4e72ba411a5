"""How often one may try. Counted in the store, so that workers and servers count together.

A try is counted before it is judged, and given back when it was right: many at the same moment
are then counted as well as many in a row.
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

#: After so long without a try, all is forgotten.
FORGOTTEN = timedelta(hours=24)
#: Seconds, the longest wait: long enough that a list of passwords takes years, short enough that
#: who is kept out by a stranger's tries is let in after a cup of tea.
LONGEST_WAIT = 900


@dataclass(frozen=True)
class Counter:
    """What is counted: `free` tries cost nothing, each one more doubles the wait, from 1 s."""

    key: str
    free: int

    def wait(self, count: int) -> int:
        """Seconds after the try number `count`."""
        over = count - self.free
        return min(2 ** min(over, 20), LONGEST_WAIT) if over >= 0 else 0


def of_account(email: str, what: str = "sign-in") -> Counter:
    """Tries at one account, whether it exists or not."""
    return Counter(f"{what} account {sha256(email.encode()).hexdigest()[:32]}", free=5)


def of_address(address: str, what: str = "sign-in") -> Counter:
    """Tries from one address, at whatever account; an office may share it."""
    return Counter(f"{what} address {_network(address)}", free=20)


def of_sender(address: str) -> Counter:
    """Messages of the public from one network: a class may send its corrections in one hour."""
    return Counter(f"message network {_network(address)}", free=10)


def forget(database: Database) -> int:
    """Drops what is forgotten anyway, networks among it; gives how many counts went."""
    with database.write() as session:
        old = session.scalars(select(Attempts).where(Attempts.last_at < now() - FORGOTTEN)).all()
        for row in old:
            session.delete(row)
        return len(old)


def count(database: Database, counters: Sequence[Counter]) -> None:
    """Counts one try. Raises TooManyAttempts, uncounted, where one of the counters says wait."""
    moment = now()
    with database.write() as session:
        session.execute(delete(Attempts).where(Attempts.last_at < moment - FORGOTTEN))
        rows = [_locked(session, counter, moment) for counter in _ordered(counters)]
        # Not before: another may have counted while this one waited for the rows.
        moment = now()
        longest = max(as_utc(row.free_at) for row in rows)
        if longest > moment:
            raise TooManyAttempts(int((longest - moment).total_seconds()) + 1)
        for row, counter in zip(rows, _ordered(counters), strict=True):
            row.count += 1
            row.last_at = moment
            row.free_at = moment + timedelta(seconds=counter.wait(row.count))


def give_back(database: Database, account: Counter, address: Counter) -> None:
    """The try was right: the account starts afresh, the address has tried once less."""
    moment = now()
    with database.write() as session:
        session.execute(delete(Attempts).where(Attempts.key == account.key))
        row = _locked(session, address, moment)
        row.count = max(row.count - 1, 0)
        row.free_at = moment


def _locked(session: Session, counter: Counter, moment: datetime) -> Attempts:
    """The row of a counter, made where it is missing, held until the transaction ends."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    fresh = {"key": counter.key, "count": 0, "last_at": moment, "free_at": moment}
    session.execute(insert(Attempts).values(fresh).on_conflict_do_nothing())
    # SQLite holds the whole database already (BEGIN IMMEDIATE) and knows no FOR UPDATE.
    query = select(Attempts).where(Attempts.key == counter.key).with_for_update()
    return session.scalars(query).one()


def _ordered(counters: Sequence[Counter]) -> list[Counter]:
    """Always in one order, so that two transactions do not wait for each other."""
    return sorted(counters, key=lambda counter: counter.key)


def _network(address: str) -> str:
    """What one customer of a provider has: an address of IPv4, 2**64 of IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address) and not found.ipv4_mapped:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return address
