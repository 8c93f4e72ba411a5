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
from biobank.exchange.importing.uploads import Uploads
from biobank.exchange.importing.working import keep_house, waits, work_through
from biobank.store.session import Database

#: Seconds between two checks of the queue, and before the retry after a failed process.
LOOK_EVERY: Final = 2.0
REST: Final = 30.0
#: Seconds between two clean-ups of abandoned uploads.
HOUSE_EVERY: Final = 3600.0


@click.command("import-queue", hidden=True)
def import_queue() -> None:
    """Import what waits at the desk, and end; `index follow` starts this."""
    parent = os.getppid()
    with open_services() as services:
        # Stop when the parent process has exited; its successor continues the queue.
        work_through(services.database, services.uploads, lambda: os.getppid() != parent)


@dataclass
class ImportsBeside:
    """Starts the import process when uploads wait and none is running."""

    database: Database
    uploads: Uploads
    _process: subprocess.Popen[bytes] | None = None
    _next: float = field(default=0.0, init=False)
    _house: float = field(default=0.0, init=False)

    def look(self) -> None:
        """Clean up, and start an import process, if they are due."""
        moment = time.monotonic()
        if moment < self._next:
            return
        self._next = moment + LOOK_EVERY
        if moment >= self._house:
            self._house = moment + HOUSE_EVERY
            keep_house(self.database, self.uploads)
        if self._process is not None:
            if (status := self._process.poll()) is None:
                return
            self._process = None
            if status:
                click.echo("an import process ended badly; another one follows", err=True)
                self._next = moment + REST
                return
        if waits(self.database):
            self._process = subprocess.Popen([sys.executable, "-m", "biobank.cli", "import-queue"])
