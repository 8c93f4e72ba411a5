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
from biobank.accounts.audit_chain import verify
from biobank.accounts.clock import now
from biobank.accounts.identity import OPERATOR
from biobank.accounts.models import AuditEvent
from biobank.store import schema
from biobank.store.session import Database
from tests.support.postgres import cluster

WRITERS = 8

Note = Callable[[Session], None]


def chained(session: Session) -> None:
    audit.note_about(session, OPERATOR, "published", "person", "sinaq", revision=3)


def alone(session: Session) -> None:
    """Write an unchained audit row."""
    detail = {"revision": 3}
    told = {"what": "published", "kind": "person", "subject": "sinaq", "actor": "operator"}
    session.add(AuditEvent(at=now(), address="", detail=detail, **told))


def write(database: Database, note: Note, count: int) -> None:
    for _turn in range(count):
        with database.write() as session:
            note(session)


def took(database: Database, note: Note, writers: int, count: int) -> float:
    """Return milliseconds per transaction."""
    began = time.perf_counter()
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(lambda _number: write(database, note, count // writers), range(writers)))
    return (time.perf_counter() - began) * 1000 / count


def measure(url: str, count: int, turns: int) -> None:
    database = Database(url)
    schema.upgrade(database)
    for writers in (1, WRITERS):
        with_chain, without = [], []
        for _turn in range(turns):
            without.append(took(database, alone, writers, count))
            with_chain.append(took(database, chained, writers, count))
        plain, held = statistics.median(without), statistics.median(with_chain)
        name = "sqlite" if database.is_sqlite else "postgresql"
        print(f"{name:10} {writers} writing: {plain:.2f} ms, chained {held:.2f} ms", end="")
        print(f", {held - plain:+.2f} ms, ratio {held / plain:.2f}")
    database.dispose()


def checked(url: str, lines: int) -> None:
    database = Database(url)
    schema.upgrade(database)
    with database.write() as session:
        for _turn in range(lines):
            chained(session)
    began = time.perf_counter()
    found = verify(database, OPERATOR)
    rate = found.lines / (time.perf_counter() - began)
    assert found.broken_at is None
    print(f"checked: {found.lines} lines, {rate:.0f} a second")
    database.dispose()


@contextmanager
def stores() -> Iterator[list[str]]:
    with tempfile.TemporaryDirectory() as folder, cluster() as url:
        yield [f"sqlite:///{folder}/biobank.db", url]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=160, help="transactions a turn")
    parser.add_argument("--turns", type=int, default=5)
    arguments = parser.parse_args()
    with stores() as urls, tempfile.TemporaryDirectory() as folder:
        for url in urls:
            measure(url, arguments.count, arguments.turns)
        checked(f"sqlite:///{folder}/biobank.db", 5_000)


if __name__ == "__main__":
    main()
