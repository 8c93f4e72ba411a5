"""Uploads of the desk are imported by a separate process.

An import takes memory and minutes, and must not block the server or the indexer.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Final

import click

from biobank.bootstrap import open_services
from biobank.exchange.imports.uploads import UploadStore
from biobank.exchange.imports.worker import has_pending_runs, process_pending_runs, run_maintenance
from biobank.store.session import Database

#: Seconds between two checks of the queue, and before the retry after a failed process.
QUEUE_POLL_SECONDS: Final = 2.0
RETRY_SECONDS: Final = 30.0
#: Seconds between two clean-ups of abandoned uploads.
CLEANUP_SECONDS: Final = 3600.0


@click.command("import-queue", hidden=True)
def import_queue() -> None:
    """Run the imports queued at the desk, then exit; started by `index follow`."""
    parent = os.getppid()
    with open_services() as services:
        # Stop when the parent process has exited; its successor continues the queue.
        process_pending_runs(services.database, services.uploads, lambda: os.getppid() != parent)


@dataclass
class ImportWorkerSupervisor:
    """Starts the import process when uploads wait and none is running."""

    database: Database
    uploads: UploadStore
    _process: subprocess.Popen[bytes] | None = None
    _next_check: float = field(default=0.0, init=False)
    _next_cleanup: float = field(default=0.0, init=False)

    def run_pending(self) -> None:
        """Clean up, and start an import process, if they are due."""
        now = time.monotonic()
        if now < self._next_check:
            return
        self._next_check = now + QUEUE_POLL_SECONDS
        if now >= self._next_cleanup:
            self._next_cleanup = now + CLEANUP_SECONDS
            run_maintenance(self.database, self.uploads)
        if self._process is not None:
            if (status := self._process.poll()) is None:
                return
            self._process = None
            if status:
                click.echo("an import process failed; starting another one", err=True)
                self._next_check = now + RETRY_SECONDS
                return
        if has_pending_runs(self.database):
            self._process = subprocess.Popen([sys.executable, "-m", "biobank.cli", "import-queue"])
