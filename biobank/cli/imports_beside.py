"""What is sent at the desk to be imported is worked through in a process of its own.

It takes memory and minutes, and neither is the server's nor the indexer's to wait for.
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

#: Seconds between two looks at whether something waits, and after a process that failed.
LOOK_EVERY: Final = 2.0
REST: Final = 30.0
#: Seconds between two looks for files that nobody decided on.
HOUSE_EVERY: Final = 3600.0


@click.command("import-queue", hidden=True)
def import_queue() -> None:
    """Import what waits at the desk, and end; `index follow` starts this."""
    parent = os.getppid()
    with open_services() as services:
        # When whoever started it is gone, it ends; the next one goes on.
        work_through(services.database, services.uploads, lambda: os.getppid() != parent)


@dataclass
class ImportsBeside:
    """Starts that process where something waits and none is at work."""

    database: Database
    uploads: Uploads
    _process: subprocess.Popen[bytes] | None = None
    _next: float = field(default=0.0, init=False)
    _house: float = field(default=0.0, init=False)

    def look(self) -> None:
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
