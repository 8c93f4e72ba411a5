"""`biobank serve`: web workers and exactly one indexer for all of them.

Every worker reads a pipe of this process and ends when it closes; the indexer ends when it gets
another parent. So nothing is left and the port is free even after kill -9.
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

#: Seconds before a process that stopped is started again.
RESTART_SECONDS = 1.0
#: Seconds that processes get to end before they are killed.
STOP_SECONDS = 8.0
#: Connections that wait to be accepted; the system may allow fewer.
BACKLOG_CONNECTIONS = 1024

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
        _listen(host, port) as listener,
        tempfile.TemporaryDirectory(prefix="biobank-metrics-") as metrics_dir,
    ):
        # The workers share the metrics of /metrics through this directory.
        environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": metrics_dir}
        starts = [_worker_start(listener, host, port, threads, environment)] * _worker_count(workers)
        print_result(address, as_json=False)
        supervise({"worker": starts, "indexer": [lambda: _start_indexer(address)]})


def _worker_count(workers: int) -> int:
    """Return the number of workers; on Windows no socket can be inherited, so one listens itself."""
    return 1 if sys.platform == "win32" else workers


@contextlib.contextmanager
def _listen(host: str, port: int) -> Iterator[socket.socket | None]:
    """Open the socket of all workers.

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


def supervise(starts: Mapping[str, Sequence[Start]]) -> None:
    """Keep one process of each start function running until SIGTERM or SIGINT; then end all."""
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stopped.set())
    running: list[tuple[str, Start, subprocess.Popen[bytes]]] = []
    try:
        running += [(kind, start, start()) for kind, group in starts.items() for start in group]
        while not stopped.wait(0.2):
            for position, (kind, start, process) in enumerate(running):
                if process.poll() is not None:
                    click.echo(f"the {kind} stopped; starting it again", err=True)
                    if stopped.wait(RESTART_SECONDS):
                        break
                    running[position] = (kind, start, start())
    finally:
        _end([process for _kind, _start, process in running])


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


def _start_indexer(address: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "biobank.cli", "index", "follow", "--base", address]
    return subprocess.Popen(command)  # noqa: S603 - our own command line
