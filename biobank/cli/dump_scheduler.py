"""Scheduled dumps, made by a separate process alongside the server."""

import logging
import subprocess
import sys
import time
from dataclasses import dataclass, field

#: Seconds between two checks whether new dumps are due.
DUMP_CHECK_SECONDS = 3600.0

log = logging.getLogger(__name__)


@dataclass
class DumpScheduler:
    """Starts `biobank dump --if-due` at once and every hour, one at a time.

    Without the base URL it does nothing, because the files contain it.
    """

    base: str
    interval: float = DUMP_CHECK_SECONDS
    _next_check: float = field(default=0.0, init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def run_pending(self) -> None:
        """Start a dump if a check is due and none is running."""
        if self._process is not None:
            if self._process.poll() is None:
                return
            if self._process.returncode:
                log.warning("creating the dumps failed; run biobank dump to see why")
            self._process = None
        if self.base and time.monotonic() >= self._next_check:
            self._next_check = time.monotonic() + self.interval
            self._process = self._start()

    def stop(self) -> None:
        """Terminate a running dump; the previous one is still served."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "biobank.cli", "dump", "--if-due", "--base", self.base]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
