"""How many people stand behind each way through the bank, kept until what is public changes."""

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
    """What is counted of everybody, as the session that asks sees the store.

    Safe to share between threads: who comes first after a change counts, the others wait for it.
    Whatever changes what is public leaves a row in the outbox, in the same transaction.
    """

    def __init__(self) -> None:
        self._changes = -1
        self._kept: dict[Any, Any] = {}
        self._counting = Lock()

    def people(self, session: Session) -> int:
        """How many people are public."""
        return self._of(session, "people", queries.count)

    def letters(self, session: Session) -> Mapping[str, int]:
        """As `browsing.letters`."""
        return self._of(session, "letters", browsing.letters)

    def centuries(self, session: Session) -> Mapping[int, int]:
        """As `browsing.by_century`."""
        return self._of(session, "centuries", browsing.by_century)

    def professions(self, session: Session, catalogue: Catalogue) -> Mapping[str, int]:
        """How many people have each profession or one within it."""
        together = self._of(session, "professions", browsing.professions)

        def broader(ids: Iterable[str]) -> Iterable[str]:
            return catalogue.broader_terms("profession", ids)

        return self._rolled(session, "profession", catalogue, together, broader)

    def places(self, session: Session, catalogue: Catalogue) -> Mapping[str, int]:
        """How many people are tied to each place or to one within it."""
        together = self._of(session, "places", browsing.places)
        return self._rolled(session, "place", catalogue, together, catalogue.broader_places)

    def sample(self, session: Session, seed: int, size: int) -> list[str]:
        """As `browsing.sample`."""
        asked = (seed, size)
        return self._of(session, asked, lambda its: browsing.sample(its, seed, size))

    def days(self, session: Session) -> list[int]:
        """As `anniversaries.days`."""
        return self._of(session, "days", anniversaries.days)

    def last_changes(self, session: Session, size: int) -> list[datetime | None]:
        """As `listed.last_changes`."""
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
        # The catalogue is kept with its counts, so that its number stays its own.
        asked = (kind, id(catalogue))
        return self._of(session, asked, lambda _: (catalogue, _roll(together, broader)))[1]

    def _of(self, session: Session, what: object, count: Callable[[Session], T]) -> T:
        changes = outbox.changes(session)
        with self._counting:
            if changes < self._changes:
                return count(session)  # it sees the bank as it was before
            if changes > self._changes:
                self._changes, self._kept = changes, {}
            if what not in self._kept:
                self._kept[what] = count(session)
            kept: T = self._kept[what]
            return kept


def _roll(
    together: Combined, broader: Callable[[Iterable[str]], Iterable[str]]
) -> Mapping[str, int]:
    """How many people have each value, those of narrower ones counted once with the broader."""
    around = {value: tuple(broader([value])) for value in frozenset().union(*together)}
    found: dict[str, int] = {}
    for values, people in together.items():
        for broad in {above for value in values for above in around[value]}:
            found[broad] = found.get(broad, 0) + people
    return found
