"""`biobank serve`: web workers and exactly one indexer for all of them.

Workers and indexer read a pipe of this process each and end when it closes. So nothing is left and
the port is free even after kill -9.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import click

from biobank.bootstrap import open_current_services
from biobank.cli.output import print_result, progress
from biobank.common.metrics import PROMETHEUS_DIR_ENV
from biobank.settings import load

#: Seconds before a process that stopped is started again. They double with each failure in a row.
RESTART_SECONDS, MAX_RESTART_SECONDS = 1.0, 60.0
#: A process that ran for so many seconds has not failed at its start.
STABLE_SECONDS = 60.0
#: Seconds that processes get to end before they are killed.
STOP_SECONDS = 8.0
#: Seconds between two looks at the processes.
PROCESS_POLL_SECONDS = 0.2
#: Connections that wait to be accepted; the system may allow fewer.
BACKLOG_CONNECTIONS = 1024
#: Hosts that mean this machine, and those that mean all its addresses.
LOCAL_HOSTS, WILDCARD_HOSTS = ("localhost", "127.0.0.1", "::1"), ("0.0.0.0", "::")  # noqa: S104

Start = Callable[[], subprocess.Popen[bytes]]


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, envvar="HOST")
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Start the web server; build a missing index first and keep it up to date."""
    with open_current_services() as services, progress(as_json=False) as report_progress:
        services.indexer.ensure(report_progress)
    address = f"http://{host}:{port}"
    with (
        listen(host, port) as listener,
        tempfile.TemporaryDirectory(prefix="biobank-metrics-") as metrics_dir,
    ):
        # Workers and indexer share the metrics of /metrics through this directory.
        environment = {**os.environ, **_default_hosts(host), PROMETHEUS_DIR_ENV: metrics_dir}
        starts = [_worker_start(listener, host, port, threads, environment)] * _worker_count(workers)
        print_result(address, as_json=False)
        supervise({"worker": starts, "indexer": [lambda: _start_indexer(address, environment)]})


def _default_hosts(host: str) -> dict[str, str]:
    """Return the variable with the hosts to answer for when neither it nor the base URL is set."""
    loaded = load()
    if loaded.allowed_hosts or loaded.base_url or host in LOCAL_HOSTS:
        return {}
    own_name = socket.gethostname() if host in WILDCARD_HOSTS else host
    hosts = ",".join(f"[{name}]" if ":" in name else name for name in (own_name, *LOCAL_HOSTS))
    click.echo(
        f"answering for the hosts {hosts}; others: BIOBANK_BASE_URL or BIOBANK_ALLOWED_HOSTS", err=True
    )
    return {"BIOBANK_ALLOWED_HOSTS": hosts}


def _worker_count(workers: int) -> int:
    """Return the number of workers; on Windows no socket can be inherited, so one listens itself."""
    return 1 if sys.platform == "win32" else workers


@contextlib.contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket | None]:
    """Open the socket of a server, of `serve` that of all workers; None where it cannot be inherited.

    Raises:
        click.ClickException: If the address is not of this machine or in use.
    """
    if sys.platform == "win32":
        yield None
        return
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG_CONNECTIONS)
    except OSError as error:
        reason = (
            f"cannot listen on {host} port {port}: {error.strerror}; choose another with --host or --port"
        )
        raise click.ClickException(reason) from error
    with listener:
        yield listener


def _worker_start(
    listener: socket.socket | None, host: str, port: int, threads: int, environment: dict[str, str]
) -> Start:
    """Return the function that starts a worker."""
    descriptors = [listener.fileno()] if listener else []
    where = [str(number) for number in descriptors] or [host, str(port)]
    command = [sys.executable, "-m", "biobank.app.worker", *where, str(threads)]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own command line
            command, env=environment, stdin=subprocess.PIPE, pass_fds=descriptors
        )

    return start


class _Child:
    """A process that is started again when it stops, ever later if it stops at its start."""

    def __init__(self, kind: str, start: Start) -> None:
        self._kind, self._start = kind, start
        self._failures = 0
        self._restart_at: float | None = None
        self._run()

    def _run(self) -> None:
        self.process = self._start()
        self._started_at = time.monotonic()
        self._restart_at = None

    def keep_running(self) -> None:
        """Notice that the process has stopped, or start it again if it is time."""
        current_time = time.monotonic()
        if self._restart_at is not None:
            if current_time >= self._restart_at:
                self._run()
        elif self.process.poll() is not None:
            is_stable = current_time - self._started_at >= STABLE_SECONDS
            self._failures = 1 if is_stable else self._failures + 1
            delay = min(RESTART_SECONDS * 2 ** min(self._failures - 1, 20), MAX_RESTART_SECONDS)
            self._restart_at = current_time + delay
            click.echo(self._message(delay), err=True)

    def _message(self, delay: float) -> str:
        message = f"the {self._kind} stopped with status {self.process.returncode}"
        if self._failures > 1:
            message += (
                f", {self._failures} times in a row; its message is above, `biobank doctor` may know more"
            )
        return f"{message}; starting it again in {delay:g} s"


def supervise(starts: Mapping[str, Sequence[Start]]) -> None:
    """Keep one process of each start function running until SIGTERM or SIGINT; then end all."""
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stopped.set())
    children: list[_Child] = []
    try:
        for kind, group in starts.items():
            for start in group:
                children.append(_Child(kind, start))
        while not stopped.wait(PROCESS_POLL_SECONDS):
            for child in children:
                child.keep_running()
    finally:
        _end([child.process for child in children])


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Terminate all processes; kill those that do not end in time."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _start_indexer(address: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "biobank.cli", "index", "follow", "--base", address, "--end-with-stdin"]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE)  # noqa: S603 - our own command line
