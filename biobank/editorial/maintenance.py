"""Hourly maintenance tasks."""

import logging
import time
from dataclasses import dataclass, field
from datetime import date, datetime

from biobank.accounts import audit_erasure, rate_limits, sessions
from biobank.accounts.encryption import SecretBox, encrypt_all
from biobank.common.clock import now
from biobank.editorial.inbox.triage import close_published, erase_addresses
from biobank.editorial.worklists.members import store_counts
from biobank.errors import BiobankError, SearchUnavailable
from biobank.search.service import SearchService
from biobank.store.session import Database

#: Seconds between two runs.
MAINTENANCE_INTERVAL_SECONDS = 3600.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MaintenanceReport:
    """Counts of a maintenance run: closed messages, erased addresses, purged counters and sessions.

    `counted` tells whether the worklists were counted (once a day); `encrypted` is the number of
    users whose secret was still stored in plain text.
    """

    closed: int
    erased: int
    purged: int
    counted: bool = False
    encrypted: int = 0
    ended_sessions: int = 0
    audit_addresses: int = 0


def run_maintenance(
    database: Database,
    timestamp: datetime | None = None,
    *,
    search: SearchService | None = None,
    secret_box: SecretBox | None = None,
) -> MaintenanceReport:
    """Run all tasks as of `timestamp` (default: now). A second run finds nothing to do.

    Worklists are counted only with `search`; secrets are encrypted only with `secret_box`.
    """
    timestamp = timestamp or now()
    report = MaintenanceReport(
        closed=close_published(database),
        erased=erase_addresses(database, timestamp),
        purged=rate_limits.purge_expired(database),
        ended_sessions=sessions.purge_ended(database, timestamp),
        audit_addresses=audit_erasure.purge_addresses(database, timestamp),
        encrypted=encrypt_all(database, secret_box) if secret_box else 0,
        counted=search is not None and _count_worklists(database, search, timestamp.date()),
    )
    # At every run, since a checkpoint is skipped while the database is being read.
    database.checkpoint_wal()
    return report


def _count_worklists(database: Database, search: SearchService, day: date) -> bool:
    """Count the worklists; skip this if there is no search index."""
    try:
        return store_counts(database, search, day)
    except SearchUnavailable as error:
        log.warning("worklist counts were not updated: %s", error.message)
        return False


@dataclass
class MaintenanceScheduler:
    """Runs the maintenance at most once per interval; the first run is due immediately."""

    database: Database
    search: SearchService | None = None
    secret_box: SecretBox | None = None
    interval: float = MAINTENANCE_INTERVAL_SECONDS
    _next_run: float = field(default=0.0, init=False)

    def run_if_due(self) -> MaintenanceReport | None:
        """Run the maintenance if due; a failure is logged and retried after the interval."""
        if time.monotonic() < self._next_run:
            return None
        self._next_run = time.monotonic() + self.interval
        try:
            return run_maintenance(self.database, search=self.search, secret_box=self.secret_box)
        except BiobankError as error:
            log.warning("maintenance failed: %s", error.message)
            return None
