"""What has to be done every hour, whether anybody is there or not."""

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

#: Seconds between two rounds.
EVERY = 3600.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Done:
    """How many of each: messages closed, addresses erased, counts of attempts forgotten.

    `counted`: whether this was the day's first look at the lists of work; `sealed`: users of whom a
    secret was still kept in clear.
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
    """One round, as of `moment`, now unless it is said. Again at once, it finds nothing to do.

    Without a search nothing is counted, without a seal nothing sealed.
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
    """Counts the lists of work; without an index that waits, and nothing else does."""
    try:
        return note_counts(database, search, day)
    except SearchUnavailable as error:
        log.warning("the lists of work were not counted: %s", error.message)
        return False


@dataclass
class Housekeeper:
    """Does a round where the last one is an hour ago; the first at once."""

    database: Database
    search: SearchService | None = None
    seal: Seal | None = None
    every: float = EVERY
    _next: float = field(default=0.0, init=False)

    def look(self) -> Done | None:
        """A round, where it is time for one; one that fails is told and tried an hour later."""
        if time.monotonic() < self._next:
            return None
        self._next = time.monotonic() + self.every
        try:
            return keep_house(self.database, search=self.search, seal=self.seal)
        except BiobankError as error:
            log.warning("housekeeping: %s", error.message)
            return None
