"""Hourly maintenance tasks."""

import logging
import time
from dataclasses import dataclass, field
from datetime import date, datetime

from biobank.accounts import attempts
from biobank.accounts.clock import now
from biobank.accounts.seal import Seal
from biobank.accounts.sealing import seal_all
from biobank.editorial.inbox.erasing import erase_addresses
from biobank.editorial.inbox.settling import close_published
from biobank.editorial.worklists.counting import note_counts
from biobank.errors import BiobankError, SearchUnavailable
from biobank.search.service import SearchService
from biobank.store.session import Database

#: Seconds between two runs.
EVERY = 3600.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Done:
    """Counts of a maintenance run: closed messages, erased addresses and purged rate limit entries.

    `counted` tells whether the worklists were counted (once a day); `encrypted` is the number of
    users whose secret was still stored in plain text.
    """

    closed: int
    erased: int
    forgotten: int
    counted: bool = False
    sealed: int = 0


def keep_house(
    database: Database,
    moment: datetime | None = None,
    *,
    search: SearchService | None = None,
    seal: Seal | None = None,
) -> Done:
    """Run all tasks as of `timestamp` (default: now). A second run finds nothing to do.

    Worklists are counted only with `search`; secrets are encrypted only with `secret_box`.
    """
    moment = moment or now()
    return Done(
        closed=close_published(database),
        erased=erase_addresses(database, moment),
        forgotten=attempts.forget(database),
        sealed=seal_all(database, seal) if seal else 0,
        counted=search is not None and _count(database, search, moment.date()),
    )


def _count(database: Database, search: SearchService, day: date) -> bool:
    """Count the worklists; skip this if there is no search index."""
    try:
        return note_counts(database, search, day)
    except SearchUnavailable as error:
        log.warning("the lists of work were not counted: %s", error.message)
        return False


@dataclass
class Housekeeper:
    """Runs the maintenance at most once per interval; the first run is due immediately."""

    database: Database
    search: SearchService | None = None
    seal: Seal | None = None
    every: float = EVERY
    _next: float = field(default=0.0, init=False)

    def look(self) -> Done | None:
        """Run the maintenance if due; a failure is logged and retried after the interval."""
        if time.monotonic() < self._next:
            return None
        self._next = time.monotonic() + self.every
        try:
            return keep_house(self.database, search=self.search, seal=self.seal)
        except BiobankError as error:
            log.warning("housekeeping: %s", error.message)
            return None
