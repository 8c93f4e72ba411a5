"""Attack a server by half-open requests: `python -m campaigns.half_open`.

For each kind of attack, one client holds CONNECTIONS connections for `--seconds`: unfinished heads
and bodies of which one byte a second arrives, and downloads that are not read. Connections that the
server closes are opened again. Meanwhile readers of another address ask for pages. Their times are
compared with those of quiet periods before and after, so that other load of the machine counts on
both sides. Exits with 1 if a reader's answer failed, or their p95 exceeds MAX_RATIO times the quiet
one.

Without `--url` it starts `biobank serve` over the seed. A server behind a proxy is attacked by its
`--url`; it needs dumps (`biobank dump`) and must be reachable from several loopback addresses. Linux
only.
"""

import argparse
import contextlib
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from multiprocessing.synchronize import Event
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.corpus import SEED
from biobank.bootstrap import make_services
from biobank.common.progress import null_progress
from biobank.exchange import seeding
from biobank.exchange.dumps import publisher
from biobank.settings import Settings
from biobank.store import schema
from tests.support.ports import free_port

CONNECTIONS = 300
#: The attacked p95 may be this many times the quiet one.
MAX_RATIO = 3.0
ATTACKER_ADDRESS, READER_ADDRESS = "127.0.0.30", "127.0.0.9"
#: Readers at the same time, and the pause of each between two requests.
READERS, PAUSE_SECONDS = 4, 0.1
#: Seconds after which a reader counts an answer as failed.
READER_TIMEOUT_SECONDS = 30
#: TCP segment size and receive window in bytes of an unread download.
SEGMENT_BYTES, WINDOW_BYTES = 536, 2048
TCP_ESTABLISHED = b"\x01"
PAGES = ("/en/", "/en/people/nizami-gencevi", "/api/v1/search?q=composer", "/health/live")

_HOST = b" HTTP/1.1\r\nHost: 127.0.0.1\r\n"
_POST = b"POST /api/v1/reconcile" + _HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"


@dataclass(frozen=True)
class Attack:
    """The beginnings of requests, by turns, and the byte that follows each second."""

    name: str
    beginnings: tuple[bytes, ...]
    drip: bytes


ATTACKS = (
    Attack("heads", (b"GET /en/" + _HOST + b"X-Slow: ",), b"a"),
    Attack("bodies", (_POST + b"Content-Length: 90000\r\n\r\nqueries=",), b"a"),
    Attack(
        "downloads",
        tuple(b"GET " + path + _HOST + b"\r\n" for path in (b"/dumps/biobank.nt.gz", b"/en/search.jsonl")),
        b"",
    ),
)


@dataclass(frozen=True)
class Measurement:
    """The times in milliseconds and the failures of the readers."""

    times: tuple[float, ...]
    failures: tuple[str, ...]

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20)[-1] if len(self.times) > 1 else float("nan")


def main() -> int:
    arguments = _arguments()
    with contextlib.ExitStack() as stack:
        url = arguments.url or stack.enter_context(start_server())
        parts = urlsplit(url)
        server = parts.hostname or "127.0.0.1", parts.port or 80
        print(f"{CONNECTIONS} connections of one client, {arguments.seconds} s each, against {url}\n")
        print(f"{'attack':12}{'answers':>9}{'quiet p95':>12}{'attacked p95':>14}{'ratio':>8}{'failed':>8}")
        results = [
            _run(server, attack, arguments.seconds, arguments.quiet)
            for attack in ATTACKS
            if arguments.only in (None, attack.name)
        ]
    return 0 if all(results) else 1


def _run(server: tuple[str, int], attack: Attack, seconds: float, quiet_seconds: float) -> bool:
    """Measure quiet, attacked and quiet again; return whether the readers were served."""
    before = measure_readers(server, quiet_seconds)
    with _attacking(server, attack):
        attacked = measure_readers(server, seconds)
    after = measure_readers(server, quiet_seconds)
    quiet = Measurement(before.times + after.times, before.failures + after.failures)
    ratio = attacked.p95 / quiet.p95
    row = (len(attacked.times), quiet.p95, attacked.p95, ratio, len(attacked.failures))
    print(f"{attack.name:12}{row[0]:9}{row[1]:9.0f} ms{row[2]:11.0f} ms{row[3]:8.2f}{row[4]:8}", flush=True)
    for reason, count in Counter(attacked.failures + quiet.failures).most_common(5):
        print(f"    {count} x {reason}")
    return ratio <= MAX_RATIO and not attacked.failures


def measure_readers(server: tuple[str, int], seconds: float) -> Measurement:
    """Ask for pages as READERS readers for `seconds`."""
    times: list[float] = []
    failures: list[str] = []
    end = time.monotonic() + seconds

    def read(reader: int) -> None:
        number = reader
        while time.monotonic() < end:
            started = time.perf_counter()
            failure = _fetch(server, PAGES[number % len(PAGES)])
            times.append(1000 * (time.perf_counter() - started))
            if failure:
                failures.append(f"{PAGES[number % len(PAGES)]}: {failure}")
            number += 1
            time.sleep(PAUSE_SECONDS)

    threads = [threading.Thread(target=read, args=(reader,)) for reader in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Measurement(tuple(times), tuple(failures))


def _fetch(server: tuple[str, int], path: str) -> str:
    """Return what went wrong with a request on a new connection."""
    connection = HTTPConnection(*server, timeout=READER_TIMEOUT_SECONDS, source_address=(READER_ADDRESS, 0))
    with contextlib.closing(connection):
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
        except (OSError, HTTPException) as error:
            return type(error).__name__
        return "" if response.status == 200 else str(response.status)


@contextlib.contextmanager
def _attacking(server: tuple[str, int], attack: Attack) -> Iterator[None]:
    """Attack from another process, once all connections are open, until the block ends."""
    context = multiprocessing.get_context("spawn")
    ready, stopped = context.Event(), context.Event()
    process = context.Process(target=attack_server, args=(server, attack, ready, stopped))
    process.start()
    try:
        if not ready.wait(60):
            raise RuntimeError("the server accepts no connections")
        yield
    finally:
        stopped.set()
        process.join()


def attack_server(server: tuple[str, int], attack: Attack, ready: Event, stopped: Event) -> None:
    """Keep CONNECTIONS connections open until `stopped` is set, and send a byte a second on each."""
    connections: list[socket.socket] = []
    number = 0
    while not stopped.is_set():
        while len(connections) < CONNECTIONS and not stopped.is_set():
            connection = _connect(server, attack.beginnings[number % len(attack.beginnings)])
            if connection is None:
                break
            number += 1
            connections.append(connection)
        ready.set()
        connections = [connection for connection in connections if _drip(connection, attack.drip)]
        stopped.wait(1)
    for connection in connections:
        connection.close()


def _connect(server: tuple[str, int], beginning: bytes) -> socket.socket | None:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW_BYTES)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
    connection.settimeout(5)
    try:
        connection.bind((ATTACKER_ADDRESS, 0))
        connection.connect(server)
        connection.sendall(beginning)
    except OSError:
        connection.close()
        return None
    return connection


def _drip(connection: socket.socket, drip: bytes) -> bool:
    """Send a byte; return whether the server has left the connection open, and close it otherwise."""
    # The first byte of TCP_INFO is the state, which changes when the server closes its side.
    is_open = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1) == TCP_ESTABLISHED
    try:
        if is_open:
            connection.sendall(drip)
            return True
    except OSError:
        pass
    connection.close()
    return False


@contextlib.contextmanager
def start_server() -> Iterator[str]:
    """Start `biobank serve` over the seed, with dumps, and yield the URL."""
    with tempfile.TemporaryDirectory(prefix="biobank-campaign-") as folder:
        settings = _make_bank(Path(folder))
        port = free_port()
        variables = {
            "BIOBANK_DATABASE_URL": settings.database_url,
            "BIOBANK_INDEX_DIR": str(settings.index_dir),
            "BIOBANK_DUMPS_DIR": str(settings.dumps_dir),
            "BIOBANK_SECRET_KEY": settings.secret_key,
            "BIOBANK_LOG_LEVEL": "warning",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        command = [sys.executable, "-m", "biobank.cli", "serve", "--port", str(port)]
        server = subprocess.Popen(  # noqa: S603 - our own command line
            command, env={**os.environ, **variables}, cwd=folder, stdout=subprocess.DEVNULL
        )
        try:
            _wait_until(lambda: not _fetch(("127.0.0.1", port), "/health/ready"))
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def _make_bank(folder: Path) -> Settings:
    settings = Settings(
        database_url=f"sqlite:///{folder}/biobank.db",
        index_dir=folder / "index",
        dumps_dir=folder / "dumps",
        secret_key="a key for measuring",  # noqa: S106 - nothing is signed with it
        seed_dir=SEED,
    )
    services = make_services(settings)
    schema.upgrade(services.database)
    seeding.seed(services.database, SEED)
    services.indexer.rebuild(null_progress)
    publisher.renew(services.database, settings.dumps_dir, "http://127.0.0.1")
    services.close()
    return settings


def _wait_until(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("the server does not become ready")
        time.sleep(0.5)


def _arguments(args: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a server that runs already, e.g. behind a proxy")
    parser.add_argument("--seconds", type=float, default=60, help="duration of each attack")
    parser.add_argument("--quiet", type=float, default=30, help="duration before and after it")
    parser.add_argument("--only", choices=[attack.name for attack in ATTACKS])
    return parser.parse_args(args)


if __name__ == "__main__":
    sys.exit(main())
