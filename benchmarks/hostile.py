"""Measure the cost of hostile queries: `python -m benchmarks.hostile --queries 10000`.

URLs of tests/support/hostile.py are requested from the app over the seed, one after another in this
process. Times are CPU times, so that other processes count less; the longest wall-clock time and
the times of a plain query in between are printed too. Memory is measured at the end, and again
after the last requests were repeated REPEATS times, which fill no cache. Exits with 1 if a response
failed or took longer than MAX_ANSWER_MS.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient

from benchmarks import memory
from benchmarks.corpus import SEED
from biobank import extensions
from biobank.app import create_app
from biobank.bootstrap import make_services
from biobank.cli.workers import post_worker_init
from biobank.exchange import seeding
from biobank.exchange.importing.importer import silent
from biobank.settings import Settings
from biobank.store import schema
from tests.support.hostile import Address, Hostile

#: Maximum CPU time of a response, in milliseconds.
LONGEST = 250.0
#: A well-formed query, sent once per PLAIN_EVERY hostile ones.
PLAIN = Address("a plain question", "/api/v1/search?q=opera")
PLAIN_EACH = 50
#: Number of requests that are repeated, and how often, to detect memory growth.
LAST = 500
AGAIN = 2
#: Number of slow requests that are printed.
SHOWN = 5


@dataclass(frozen=True)
class Asked:
    """One request with CPU and wall-clock time in milliseconds."""

    address: Address
    status: int
    processor: float
    clock: float

    @property
    def path(self) -> str:
        return self.address.url.partition("?")[0]


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as place, _client(Path(place)) as client:
        hostile = Hostile(arguments.seed)
        addresses = (hostile.address() for _ in range(arguments.queries))
        asked: list[Asked] = []
        plain: list[Asked] = []
        for number, address in enumerate(addresses):
            asked.append(_ask(client, address))
            if number % PLAIN_EACH == 0:
                plain.append(_ask(client, PLAIN))
        held = memory.held()
        last = [one.address for one in asked[-LAST:]]
        for address in last * AGAIN:
            _ask(client, address)
        grown = memory.held() - held
    _tell(asked, plain)
    times = len(last) * AGAIN
    print(f"\nmemory {held:.0f} MB, {grown:+.1f} MB after the last {times} were asked again")
    failed = [one for one in asked if one.status >= 500]
    slow = [one for one in asked if one.processor > LONGEST]
    for one in failed[:SHOWN]:
        print(f"FAILED {one.status}  {one.address.url}")
    print(f"failed {len(failed)}, over {LONGEST:.0f} ms {len(slow)}")
    return 1 if failed or slow else 0


def _ask(client: FlaskClient, address: Address) -> Asked:
    clock, processor = time.perf_counter(), time.process_time()
    response = client.get(address.url)
    response.get_data()
    spent = (time.process_time() - processor) * 1000
    return Asked(address, response.status_code, spent, (time.perf_counter() - clock) * 1000)


def _tell(asked: Sequence[Asked], plain: Sequence[Asked]) -> None:
    statuses = Counter(one.status for one in asked)
    print(f"{len(asked)} questions: {dict(sorted(statuses.items()))}\n")
    print(f"{'ms':24}{'number':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'worst':>8}{'clock':>8}")
    by_kind, by_path = defaultdict(list), defaultdict(list)
    for one in asked:
        by_kind[one.address.kind].append(one)
        by_path[one.path].append(one)
    for group in (by_path, by_kind):
        for name, some in sorted(group.items()):
            _line(name, some)
        print()
    _line("all", asked)
    _line(PLAIN.kind, plain)
    for one in sorted(asked, key=lambda one: -one.processor)[:SHOWN]:
        print(f"{one.processor:8.0f} ms  {one.address.kind}: {one.address.url[:200]}")


def _line(name: str, asked: Sequence[Asked]) -> None:
    times = sorted(one.processor for one in asked)
    figures = [times[int(len(times) * share)] for share in (0.5, 0.95, 0.99)]
    row = [*figures, times[-1], max(one.clock for one in asked)]
    print(f"{name:24}{len(times):8}" + "".join(f"{figure:8.1f}" for figure in row))


@contextmanager
def _client(folder: Path) -> Iterator[FlaskClient]:
    """Yield a client of the app over the seed in `folder`, without rate limits."""
    services = make_services(
        Settings(
            database_url=f"sqlite:///{folder}/biobank.db",
            index_dir=folder / "index",
            secret_key="a key for measuring",  # noqa: S106 - nothing is signed with it
            seed_dir=SEED,
        )
    )
    schema.upgrade(services.database)
    seeding.seed(services.database, SEED)
    services.indexer.rebuild(silent)
    app = create_app(services)
    extensions.limiter.enabled = False
    client = app.test_client()
    # Warms up what is built once in the background of the first queries.
    for path in ("/api/v1/search?q=opera", "/az/search?q=opera", "/api/v1/suggest?q=opera"):
        client.get(path)
    time.sleep(1)
    post_worker_init(None)
    yield client
    services.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1885, help="the chance they are made by")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
