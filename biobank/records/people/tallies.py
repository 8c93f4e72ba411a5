"""Cached counts of the browse pages, valid until published content changes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from biobank.records.catalogue import Catalogue
from biobank.records.people import anniversaries, browsing, listed, queries
from biobank.records.people.browsing import Combined
from biobank.store import outbox

T = TypeVar("T")


class Tallies:
    """A cache of counts, consistent with the snapshot of the session that asks.

    Thread-safe: after a change the first caller counts, the others wait for it. Every change of
    published content adds an outbox row in the same transaction.
    """

    def __init__(self) -> None:
        self._changes = -1
        self._kept: dict[Any, Any] = {}
        self._counting = Lock()

    def people(self, session: Session) -> int:
        """Return the number of published people."""
        return self._of(session, "people", queries.count)

    def letters(self, session: Session) -> Mapping[str, int]:
        """Return the cached `letter_counts`."""
        return self._of(session, "letters", browsing.letters)

    def centuries(self, session: Session) -> Mapping[int, int]:
        """Return the cached `century_counts`."""
        return self._of(session, "centuries", browsing.by_century)

    def professions(self, session: Session, catalogue: Catalogue) -> Mapping[str, int]:
        """Return the number of people by profession, including narrower ones."""
        together = self._of(session, "professions", browsing.professions)

        def broader(ids: Iterable[str]) -> Iterable[str]:
            return catalogue.broader_terms("profession", ids)

        return self._rolled(session, "profession", catalogue, together, broader)

    def places(self, session: Session, catalogue: Catalogue) -> Mapping[str, int]:
        """Return the number of people by place, including the places in it."""
        together = self._of(session, "places", browsing.places)
        return self._rolled(session, "place", catalogue, together, catalogue.broader_places)

    def sample(self, session: Session, seed: int, size: int) -> list[str]:
        """Return the cached `sample_people`."""
        asked = (seed, size)
        return self._of(session, asked, lambda its: browsing.sample(its, seed, size))

    def days(self, session: Session) -> list[int]:
        """Return the cached `anniversary_days`."""
        return self._of(session, "days", anniversaries.days)

    def last_changes(self, session: Session, size: int) -> list[datetime | None]:
        """Return the cached `last_changes` of the sitemap."""
        asked = ("last changes", size)
        return self._of(session, asked, lambda its: listed.last_changes(its, size))

    def _rolled(
        self,
        session: Session,
        kind: str,
        catalogue: Catalogue,
        together: Combined,
        broader: Callable[[Iterable[str]], Iterable[str]],
    ) -> Mapping[str, int]:
        # The cache holds a reference to the catalogue, so that its id() is not reused.
        asked = (kind, id(catalogue))
        return self._of(session, asked, lambda _: (catalogue, _roll(together, broader)))[1]

    def _of(self, session: Session, what: object, count: Callable[[Session], T]) -> T:
        changes = outbox.changes(session)
        with self._counting:
            if changes < self._changes:
                return count(session)  # an older snapshot: not cached
            if changes > self._changes:
                self._changes, self._kept = changes, {}
            if what not in self._kept:
                self._kept[what] = count(session)
            kept: T = self._kept[what]
            return kept


def _roll(
    together: Combined, broader: Callable[[Iterable[str]], Iterable[str]]
) -> Mapping[str, int]:
    """Return counts by value, with people of narrower values counted once in the broader."""
    around = {value: tuple(broader([value])) for value in frozenset().union(*together)}
    found: dict[str, int] = {}
    for values, people in together.items():
        for broad in {above for value in values for above in around[value]}:
            found[broad] = found.get(broad, 0) + people
    return found
