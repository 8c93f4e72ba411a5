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
from biobank.app.factory import create_app
from biobank.app.worker import freeze_objects
from biobank.bootstrap import Services, make_services
from biobank.common.progress import null_progress
from biobank.exchange import seeding
from biobank.http import extensions
from biobank.settings import Settings
from biobank.store import schema
from tests.support.hostile_urls import HostileUrl, HostileUrlGenerator

#: Maximum CPU time of a response, in milliseconds.
MAX_ANSWER_MS = 250.0
#: A well-formed query, sent once per PLAIN_EVERY hostile ones.
PLAIN_QUERY = HostileUrl("a plain question", "/api/v1/search?q=opera")
PLAIN_EVERY = 50
#: Number of requests that are repeated, and how often, to detect memory growth.
REPEATED_QUERIES = 500
REPEATS = 2
#: Number of slow requests that are printed.
MAX_SHOWN = 5


@dataclass(frozen=True)
class TimedRequest:
    """One request with CPU and wall-clock time in milliseconds."""

    address: HostileUrl
    status: int
    processor: float
    clock: float

    @property
    def path(self) -> str:
        return self.address.url.partition("?")[0]


def main() -> int:
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as temp_folder, open_bank(Path(temp_folder)) as (_services, client):
        hostile = HostileUrlGenerator(arguments.seed)
        addresses = (hostile.address() for _ in range(arguments.queries))
        requests: list[TimedRequest] = []
        plain: list[TimedRequest] = []
        for number, address in enumerate(addresses):
            requests.append(_time_request(client, address))
            if number % PLAIN_EVERY == 0:
                plain.append(_time_request(client, PLAIN_QUERY))
        memory_before = memory.resident_mb()
        repeated = [request.address for request in requests[-REPEATED_QUERIES:]]
        for address in repeated * REPEATS:
            _time_request(client, address)
        memory_growth = memory.resident_mb() - memory_before
    _report(requests, plain)
    repeat_count = len(repeated) * REPEATS
    print(
        f"\nmemory {memory_before:.0f} MB, {memory_growth:+.1f} MB after the last {repeat_count} were asked again"
    )
    failed = [request for request in requests if request.status >= 500]
    slow = [request for request in requests if request.processor > MAX_ANSWER_MS]
    for request in failed[:MAX_SHOWN]:
        print(f"FAILED {request.status}  {request.address.url}")
    print(f"failed {len(failed)}, over {MAX_ANSWER_MS:.0f} ms {len(slow)}")
    return 1 if failed or slow else 0


def _time_request(client: FlaskClient, address: HostileUrl) -> TimedRequest:
    clock, processor = time.perf_counter(), time.process_time()
    response = client.get(address.url)
    response.get_data()
    cpu_ms = (time.process_time() - processor) * 1000
    return TimedRequest(address, response.status_code, cpu_ms, (time.perf_counter() - clock) * 1000)


def _report(requests: Sequence[TimedRequest], plain: Sequence[TimedRequest]) -> None:
    statuses = Counter(request.status for request in requests)
    print(f"{len(requests)} questions: {dict(sorted(statuses.items()))}\n")
    print(f"{'ms':24}{'number':>8}{'p50':>8}{'p95':>8}{'p99':>8}{'worst':>8}{'clock':>8}")
    by_kind, by_path = defaultdict(list), defaultdict(list)
    for request in requests:
        by_kind[request.address.kind].append(request)
        by_path[request.path].append(request)
    for group in (by_path, by_kind):
        for name, group_requests in sorted(group.items()):
            _print_row(name, group_requests)
        print()
    _print_row("all", requests)
    _print_row(PLAIN_QUERY.kind, plain)
    for request in sorted(requests, key=lambda request: -request.processor)[:MAX_SHOWN]:
        print(f"{request.processor:8.0f} ms  {request.address.kind}: {request.address.url[:200]}")


def _print_row(name: str, requests: Sequence[TimedRequest]) -> None:
    times = sorted(request.processor for request in requests)
    percentiles = [times[int(len(times) * share)] for share in (0.5, 0.95, 0.99)]
    row = [*percentiles, times[-1], max(request.clock for request in requests)]
    print(f"{name:24}{len(times):8}" + "".join(f"{value:8.1f}" for value in row))


@contextmanager
def open_bank(folder: Path) -> Iterator[tuple[Services, FlaskClient]]:
    """Yield the services and a client of the app over the seed in `folder`, without rate limits."""
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
    services.indexer.rebuild(null_progress)
    app = create_app(services)
    extensions.limiter.enabled = False
    client = app.test_client()
    # Warms up what is built once in the background of the first queries.
    for path in ("/api/v1/search?q=opera", "/az/search?q=opera", "/api/v1/suggest?q=opera"):
        client.get(path)
    time.sleep(1)
    freeze_objects()
    yield services, client
    services.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1885, help="the chance they are made by")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
