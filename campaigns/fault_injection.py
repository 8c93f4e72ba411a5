"""Run functions in forked processes in which the n-th change of a file fails or kills.

`fault_shim.c` is compiled on the spot and loaded by LD_PRELOAD: `reexecute` starts this program
again with it. A forked process then arms it for a folder, a step and a kind of fault.
"""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

SHIM_SOURCE = Path(__file__).with_name("fault_shim.c")
SHIM_VARIABLE = "BIOBANK_FAULT_SHIM"
#: Kinds of faults, numbered as in the source of the shim.
KINDS = ("count", "ENOSPC", "EIO", "short write", "full disk", "SIGKILL")
#: Calls that can write less than they were given.
WRITE_CALLS = ("write", "pwrite", "writev")
#: Calls that need no space. `open` may create a file, but it exists.
SPACELESS_CALLS = ("open", "unlink", "rmdir")
#: Seconds after which a forked process is stuck.
RUN_SECONDS = 120


@dataclass(frozen=True)
class Step:
    """One system call that changes a file."""

    call: str
    path: str


@dataclass
class Run:
    """What a forked process reported before it ended."""

    status: int
    steps: list[Step] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)

    def reported(self, name: str) -> list[Any]:
        return [report[name] for report in self.reports if name in report]


Report = Callable[..., None]
Action = Callable[[Report], None]


def find_compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc")


def reexecute(folder: Path, arguments: Sequence[str]) -> int:
    """Compile the shim into `folder` and run the module's arguments with it; return the status.

    Raises:
        FileNotFoundError: there is no C compiler.
    """
    compiler = find_compiler()
    if compiler is None or sys.platform != "linux":
        raise FileNotFoundError("faults are injected on Linux with a C compiler; install gcc")
    shim = folder / "fault_shim.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(shim), str(SHIM_SOURCE), "-ldl"]
    subprocess.run(command, check=True)  # noqa: S603
    # Threads of numeric libraries would not survive a fork.
    environment = {**os.environ, "LD_PRELOAD": str(shim), SHIM_VARIABLE: str(shim), "OMP_NUM_THREADS": "1"}
    environment["OPENBLAS_NUM_THREADS"] = "1"
    return subprocess.run([sys.executable, *arguments], env=environment, check=False).returncode  # noqa: S603


def is_loaded() -> bool:
    """Return whether this process runs with the shim."""
    return SHIM_VARIABLE in os.environ


@cache
def _shim() -> ctypes.CDLL:
    return ctypes.CDLL(os.environ[SHIM_VARIABLE])


def run_forked(
    action: Action,
    folder: Path,
    scratch: Path,
    step: int = 0,
    kind: str = "count",
    resume: Action | None = None,
) -> Run:
    """Run `action` in a forked process whose `step`-th change below `folder` fails by `kind`.

    Then `resume` runs in the same process, without faults. Reports arrive although the process is
    killed. An exception that neither catches is reported as `crash`.
    """
    log, reports = scratch / "steps", scratch / "reports"
    pid = os.fork()
    if pid == 0:
        arguments = (os.fsencode(folder), ctypes.c_long(step), KINDS.index(kind))
        _run_child((action, resume), arguments, log, reports)
    _, status = os.waitpid(pid, 0)
    steps = [
        Step(*line.split(" ", 2)[1:])
        for line in log.read_text(errors="replace").splitlines()
        if line.count(" ") > 1
    ]
    lines = reports.read_text().splitlines()
    return Run(os.waitstatus_to_exitcode(status), steps, [json.loads(line) for line in lines])


def _run_child(
    actions: tuple[Action, Action | None], arguments: tuple[Any, ...], log: Path, reports: Path
) -> None:
    """Run the actions, the first with the shim armed, and end the process, whatever happens."""
    status = 1
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        log_fd, report_fd = os.open(log, flags), os.open(reports, flags)
        signal.alarm(RUN_SECONDS)

        def report(**values: Any) -> None:
            os.write(report_fd, json.dumps(values).encode() + b"\n")

        action, resume = actions
        try:
            _shim().fault_arm(*arguments, log_fd)
            try:
                action(report)
            finally:
                _shim().fault_disarm()
            status = 0
            if resume:
                resume(report)
        except BaseException:
            report(crash=traceback.format_exc())
        with contextlib.suppress(Exception):
            sys.stdout.flush()
    finally:
        os._exit(status)


def faults_of(step: Step) -> list[str]:
    """Return the kinds of faults that differ for this step."""
    if step.call in SPACELESS_CALLS:
        return ["EIO", "SIGKILL"]
    return list(KINDS[1:]) if step.call in WRITE_CALLS else ["ENOSPC", "EIO", "full disk", "SIGKILL"]
