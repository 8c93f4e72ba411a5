"""`biobank serve`: the web server and exactly one indexer for all workers."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from types import FrameType

import click

from biobank.bootstrap import open_current_services
from biobank.cli.output import print_result, progress
from biobank.http.middleware import MAX_SLOW_CLIENTS

#: Maximum length of a request line in bytes; 600 percent-encoded three-byte characters fit.
MAX_REQUEST_LINE_BYTES = 8190
#: Seconds before a stopped indexer is restarted.
INDEXER_RESTART_SECONDS = 1.0


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
    print_result(address, as_json=False)
    sys.exit(_supervise(_server_command(host, port, workers, threads), address))


def _server_command(host: str, port: int, workers: int, threads: int) -> Sequence[str]:
    if sys.platform == "win32":
        listen = f"--listen={host}:{port}"
        return [sys.executable, "-m", "waitress", listen, "--call", "biobank.app.factory:create_app"]
    return [
        sys.executable,
        *("-m", "gunicorn", f"biobank.app.factory:create_app(max_concurrency={threads})"),
        "--config=python:biobank.cli.workers",
        f"--bind={host}:{port}",
        f"--workers={workers}",
        f"--threads={threads + MAX_SLOW_CLIENTS}",
        *("--worker-class", "gthread"),
        f"--limit-request-line={MAX_REQUEST_LINE_BYTES}",
        "--no-control-socket",
        "--log-level=warning",
    ]


def _supervise(command: Sequence[str], address: str) -> int:
    """Run the server with an indexer alongside; both end with the server."""
    with tempfile.TemporaryDirectory(prefix="biobank-figures-") as metrics_dir:
        # The workers share the metrics of /metrics through this directory.
        environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": metrics_dir}
        server = subprocess.Popen(command, env=environment)  # noqa: S603 - our own command line
        return _watch(server, address)


def _watch(server: subprocess.Popen[bytes], address: str) -> int:
    """Keep an indexer running until the server exits; forward signals to the server."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _frame: _forward_signal(server, number, _frame))
    indexer = _start_indexer(address)
    try:
        while server.poll() is None:
            if indexer.poll() is not None:
                click.echo("the indexer stopped; starting it again", err=True)
                time.sleep(INDEXER_RESTART_SECONDS)
                indexer = _start_indexer(address)
            time.sleep(0.2)
    finally:
        indexer.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            indexer.wait(10)
    return server.returncode


def _start_indexer(address: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "biobank.cli", "index", "follow", "--base", address]
    return subprocess.Popen(command)  # noqa: S603 - our own command line


def _forward_signal(server: subprocess.Popen[bytes], number: int, _frame: FrameType | None) -> None:
    with contextlib.suppress(ProcessLookupError):
        server.send_signal(number)
