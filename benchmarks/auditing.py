"""Measure the cost of the audit chain: single-event transactions, chained and not.

    python -m benchmarks.auditing     SQLite, and a temporary PostgreSQL cluster (without fsync)

One writer, then eight concurrent ones, alternating both variants so that other load affects both.
Prints milliseconds per transaction, the ratio, and the number of lines verified per second.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from sqlalchemy.orm import Session

from biobank.accounts import audit
from biobank.accounts.audit import verify
from biobank.accounts.identity import OPERATOR
from biobank.accounts.models import AuditEvent
from biobank.common.clock import now
from biobank.store import schema
from biobank.store.session import Database
from tests.support.postgres import cluster

WRITERS = 8

RecordEvent = Callable[[Session], None]


def record_chained(session: Session) -> None:
    audit.record_for(session, OPERATOR, "published", "person", "sinaq", revision=3)


def record_unchained(session: Session) -> None:
    """Write an unchained audit row."""
    detail = {"revision": 3}
    values = {"what": "published", "kind": "person", "subject": "sinaq", "actor": "operator"}
    session.add(AuditEvent(at=now(), address="", detail=detail, **values))


def write(database: Database, record_event: RecordEvent, count: int) -> None:
    for _turn in range(count):
        with database.write() as session:
            record_event(session)


def transaction_ms(database: Database, record_event: RecordEvent, writers: int, count: int) -> float:
    """Return milliseconds per transaction."""
    started = time.perf_counter()
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(lambda _number: write(database, record_event, count // writers), range(writers)))
    return (time.perf_counter() - started) * 1000 / count


def measure(url: str, count: int, turns: int) -> None:
    database = Database(url)
    schema.upgrade(database)
    for writers in (1, WRITERS):
        with_chain, without = [], []
        for _turn in range(turns):
            without.append(transaction_ms(database, record_unchained, writers, count))
            with_chain.append(transaction_ms(database, record_chained, writers, count))
        plain_ms, chained_ms = statistics.median(without), statistics.median(with_chain)
        name = "sqlite" if database.is_sqlite else "postgresql"
        print(f"{name:10} {writers} writing: {plain_ms:.2f} ms, chained {chained_ms:.2f} ms", end="")
        print(f", {chained_ms - plain_ms:+.2f} ms, ratio {chained_ms / plain_ms:.2f}")
    database.dispose()


def measure_verification(url: str, lines: int) -> None:
    database = Database(url)
    schema.upgrade(database)
    with database.write() as session:
        for _turn in range(lines):
            record_chained(session)
    started = time.perf_counter()
    report = verify(database, OPERATOR)
    rate = report.row_count / (time.perf_counter() - started)
    assert report.broken_id is None
    print(f"checked: {report.row_count} lines, {rate:.0f} a second")
    database.dispose()


@contextmanager
def database_urls() -> Iterator[list[str]]:
    with tempfile.TemporaryDirectory() as folder, cluster() as url:
        yield [f"sqlite:///{folder}/biobank.db", url]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=160, help="transactions a turn")
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    with database_urls() as urls, tempfile.TemporaryDirectory() as folder:
        for url in urls:
            measure(url, arguments.count, arguments.turns)
        measure_verification(f"sqlite:///{folder}/biobank.db", 5_000)


if __name__ == "__main__":
    main()
