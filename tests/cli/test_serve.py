"""The supervisor: it ends everything, also when it is killed, and restarts what dies."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from biobank.bootstrap import Services
from biobank.cli.serve import STABLE_SECONDS, _Child, listen
from tests.support.waiting import wait_until

#: Starts as many children as the second argument says, which the first describes.
PROGRAM = """
import subprocess, sys
from biobank.cli.serve import supervise
serve = sys.modules['biobank.cli.serve']
serve.RESTART_SECONDS, serve.MAX_RESTART_SECONDS, serve.PROCESS_POLL_SECONDS = 0.01, 0.05, 0.01
CHILD, COUNT = sys.argv[1], int(sys.argv[2])
def start():
    return subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE)
supervise({"worker": [start] * COUNT})
"""
#: A worker, whose line is written in one call so that lines of two do not mix; and one that cannot start.
CHILD = "import os; os.write(1, b'%d\\n' % os.getpid()); os.read(0, 1)"
BROKEN_CHILD = "raise SystemExit(3)"


def start_supervisor(child: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, child, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def supervisor() -> Iterator[subprocess.Popen[str]]:
    with start_supervisor(CHILD, 2) as process:
        try:
            yield process
        finally:
            process.kill()


def next_pid(process: subprocess.Popen[str]) -> int:
    assert process.stdout
    return int(process.stdout.readline())


def is_running(pid: int) -> bool:
    """Return whether a process exists and is more than an entry of the process table."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")


def test_a_worker_that_dies_is_started_again(supervisor: subprocess.Popen[str]) -> None:
    first, second = next_pid(supervisor), next_pid(supervisor)
    os.kill(first, signal.SIGKILL)
    third = next_pid(supervisor)
    assert is_running(third)
    supervisor.terminate()
    assert supervisor.wait(60) == 0
    assert not any(map(is_running, (first, second, third)))


def test_workers_end_with_a_killed_supervisor(supervisor: subprocess.Popen[str]) -> None:
    pids = [next_pid(supervisor), next_pid(supervisor)]
    supervisor.kill()
    supervisor.wait(60)
    wait_until(lambda: not any(map(is_running, pids)))


def test_a_worker_that_cannot_start_is_started_ever_later() -> None:
    with start_supervisor(BROKEN_CHILD, 1) as supervisor:
        assert supervisor.stderr
        lines = [supervisor.stderr.readline().strip() for _ in range(5)]
        supervisor.terminate()
        assert supervisor.wait(60) == 0
    waits = [line.rpartition("starting it again in ")[2] for line in lines]
    assert waits == ["0.01 s", "0.02 s", "0.04 s", "0.05 s", "0.05 s"]
    assert all(line.startswith("the worker stopped with status 3") for line in lines)
    assert any("5 times in a row" in line for line in lines)


def test_a_failure_after_a_long_run_counts_as_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    clock = itertools.count(step=STABLE_SECONDS)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(click, "echo", lambda line, err: lines.append(line))
    child = _Child("worker", lambda: subprocess.Popen([sys.executable, "-c", BROKEN_CHILD]))
    for _ in range(3):
        child.process.wait()
        child.keep_running()
        child.keep_running()
    child.process.wait()
    assert lines == ["the worker stopped with status 3; starting it again in 1 s"] * 3


def test_the_indexer_ends_with_standard_input(small_services: Services, tmp_path: Path) -> None:
    settings = small_services.settings
    variables = {
        "BIOBANK_DATABASE_URL": settings.database_url,
        "BIOBANK_INDEX_DIR": str(settings.index_dir),
        "BIOBANK_DUMPS_DIR": str(settings.dumps_dir),
        "BIOBANK_SECRET_KEY": settings.secret_key,
    }
    command = [sys.executable, "-m", "biobank.cli", "index", "follow", "--end-with-stdin"]
    environment = {**os.environ, **variables}
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, cwd=tmp_path) as indexer:
        assert indexer.stdin
        indexer.stdin.close()
        assert indexer.wait(60) in (0, 1)


def test_an_address_in_use_is_named() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(click.ClickException, match="choose another"),
        listen("127.0.0.1", other.getsockname()[1]),
    ):
        pass
