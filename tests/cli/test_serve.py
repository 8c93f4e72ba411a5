"""The supervisor: it ends everything, also when it is killed, and restarts what dies."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from biobank.cli.serve import _listen

PROGRAM = r"""
import subprocess, sys
from biobank.cli.serve import supervise
sys.modules['biobank.cli.serve'].RESTART_SECONDS = 0.05
# Written in one call: the lines of two children would otherwise mix.
CHILD = "import os; os.write(1, b'%d\\n' % os.getpid()); os.read(0, 1)"
def start():
    return subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE)
supervise({"worker": [start, start]})
"""


@pytest.fixture
def supervisor() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def next_pid(process: subprocess.Popen[str]) -> int:
    assert process.stdout
    return int(process.stdout.readline())


def wait_until(condition: Callable[[], bool]) -> None:
    """Poll until the condition holds, for at most a minute."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


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


def test_an_address_in_use_is_named() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(click.ClickException, match="choose another"),
        _listen("127.0.0.1", other.getsockname()[1]),
    ):
        pass
